/**
 * `npm run soak:watch`: which mutants does `watch` catch by the rule that kills them, where a trace can prove that rule? Each
 * is run three times beside a server that grows in between, where nothing goes wrong; and where that does not show it, beside the
 * scenario of the catalogue in which it shows. Times are real ones: what takes half an hour is not waited for.
 *
 *     npm run soak:watch -- [--only ID,ID]
 */
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { CommandDriver } from '../../../conformance/driver/command-driver.ts';
import { rules } from '../../../conformance/rules/catalog.ts';
import { scenarios } from '../../../conformance/scenarios/catalog.ts';
import type { Scenario } from '../../../conformance/scenarios/scenario.ts';
import { judgeTrace } from '../../../conformance/watch/judge-trace.ts';
import { openTarget } from '../../../conformance/watch/target.ts';
import { watch, type Watched } from '../../../conformance/watch/watch.ts';
import { fixtureClients, type FixtureClient } from '../../../fixtures/clients/catalog.ts';
import { argvOf } from '../../../fixtures/clients/start-command.ts';
import { startSimulator } from '../../../server/index.ts';
import { nodesOfRuns, watchBeside } from './beside-scenario.ts';

const TOKEN = 'a-token-of-its-own';
/** Looks into the folders of the node, which a real server does not tell. */
const NEEDS_FOLDERS = 'filenames-endpoint';

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const wanted = values.only?.split(',');

/** So many scenarios are played for a mutant that is not known to show in a certain one. */
const MOST_SCENARIOS = 6;

let [provable, calm, stormy, wronged] = [0, 0, 0, 0];
for (const client of fixtureClients.filter(({ id }) => wanted === undefined || wanted.includes(id))) {
  const rule = client.kind === 'mutant' ? rules.find(({ id }) => id === client.killedBy) : undefined;
  if (rule?.needsCluster !== undefined || client.id === NEEDS_FOLDERS) continue;
  const { failed, warned } = await troubleOf(client);
  if (rule === undefined) {
    if (failed.length > 0) wronged++;
    if (failed.length > 0) print(`${client.id.padEnd(46)}WRONGED by ${failed.join(', ')}`);
    continue;
  }
  provable++;
  if ([...failed, ...warned].includes(rule.id)) {
    calm++;
    continue;
  }
  let isCaught = false;
  for (const { scenario, node } of situationsOf(client)) {
    const inTrouble = await troubleBeside(client, scenario, node);
    isCaught = [...inTrouble.failed, ...inTrouble.warned].includes(rule.id);
    if (isCaught) break;
    print(`${client.id.padEnd(46)}not by ${rule.id} in ${scenario.id}, ${node}${others(inTrouble.failed)}`);
  }
  if (isCaught) stormy++;
  else print(`${client.id.padEnd(46)}NOT CAUGHT`);
}
print(
  `${calm + stormy} of ${provable} mutants of rules that a trace can prove are caught by them: ${calm} beside a server that only grows, ${stormy} beside the scenario in which they show; ${wronged} correct clients wronged`,
);
process.exitCode = wronged > 0 ? 1 : 0;

/** Each node that is backed up in a scenario can be watched. */
function situationsOf({
  showsIn,
  killedBy,
}: FixtureClient): Array<{ readonly scenario: Scenario; readonly node: string }> {
  const judging = scenarios.filter(({ id, rules: judged }) =>
    showsIn === null ? killedBy !== null && judged.includes(killedBy) : id === showsIn,
  );
  return judging
    .slice(0, MOST_SCENARIOS)
    .flatMap((scenario) => [...new Set(nodesOfRuns(scenario))].map((node) => ({ scenario, node })));
}

function others(failed: readonly string[]): string {
  return failed.length === 0 ? '' : `, but by ${failed.join(', ')}`;
}

async function troubleBeside(client: FixtureClient, scenario: Scenario, node: string): Promise<Trouble> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'axon-backup-kit-watched-'));
  const { capabilities } = client;
  const driver = new CommandDriver({ argv: argvOf(client), useShell: false, environment: process.env });
  try {
    return told(await watchBeside({ scenario, node, client: driver, capabilities, folder, timeoutMs: 20_000 }));
  } catch (error) {
    return { failed: [String(error)], warned: [] };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

interface Trouble {
  readonly failed: readonly string[];
  readonly warned: readonly string[];
}

function told({ evidence, facts }: Watched): Trouble {
  const judged = judgeTrace(evidence, rules, facts);
  if (values.only !== undefined)
    for (const { id, status, message } of judged.rules) print(`  ${status} ${id}: ${message}`);
  const thatAre = (wantedStatus: string): string[] =>
    judged.rules.flatMap(({ id, status }) => (status === wantedStatus ? [id] : []));
  return { failed: thatAre('fail'), warned: thatAre('warn') };
}

async function troubleOf(client: FixtureClient): Promise<Trouble> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'axon-backup-kit-watched-'));
  const sizes = { segmentSizeBytes: 8192, logSegmentSizeBytes: 8192 };
  const contexts = ['default', 'orders'];
  const simulator = await startSimulator({ port: 0, nodes: 1, speed: 0, rate: 0, contexts, token: TOKEN, ...sizes });
  const target = openTarget(simulator.nodes[0]?.url ?? '', null);
  try {
    const watched = await watch({
      target,
      token: TOKEN,
      mappings: [],
      driver: new CommandDriver({ argv: argvOf(client), useShell: false, environment: process.env }),
      runs: 3,
      folder,
      timeoutMs: 20_000,
      capabilities: client.capabilities,
      signal: new AbortController().signal,
      nowMs: () => Date.now(),
      onRun: async () => {
        for (const context of contexts) {
          await simulator.control.append(context, { transactions: 60 });
          await simulator.control.append(context, { transactions: 30, type: 'SNAPSHOT' });
        }
        await simulator.clock.advance(60_000);
        for (const context of contexts) await simulator.control.append(context, { transactions: 5 });
        await simulator.clock.advance(5_000);
      },
    });
    return told(watched);
  } finally {
    await target.dispatcher.destroy();
    await simulator.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
