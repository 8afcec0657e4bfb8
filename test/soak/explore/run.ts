/**
 * `npm run soak`: the house explores itself. The reference clients and the odd ones, by turns, with schedules that nobody
 * wrote, over all versions of the server. Whatever fails is a bug of the kit or of that client: it is shrunk, printed, and
 * written as a scenario file, which gets a test.
 *
 *     npm run soak -- --minutes 10 [--from SEED] [--only ID] [--out DIR]
 *
 * A run goes on where `--from` says; seeds are never played twice by one client. Exit code 0: nothing failed. 1: something did.
 */
import * as fs from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { explore, scheduleOf, type Exploration, type ShrunkFailure } from '../../../conformance/explore/explore.ts';
import { describeScenario } from '../../../conformance/scenarios/described-scenario.ts';
import { scenarios } from '../../../conformance/scenarios/catalog.ts';
import { versionsOf } from '../../../server/index.ts';
import { correctClients, type ExploredClient } from './clients.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    from: { type: 'string', default: '1' },
    only: { type: 'string' },
    jobs: { type: 'string', default: '2' },
    out: { type: 'string', default: '.' },
  },
});
/** So many schedules for one client, and then it is another one's turn; of the in-process one more, since it is quick. */
const TURN = 16;
const MOST_SHRINKING_PLAYS = 120;
/** Eight seeds, one for each version, of so many are of servers that name their files otherwise than they lie. */
const PATH_MAPPED_ONCE_IN = 32;

/** Real milliseconds between two lines on stderr that say how far it is. */
const TOLD_EACH_MS = 60_000;

const startMs = performance.now();
const lastsMs = Number(values.minutes) * 60_000;
const hasTime = (): boolean => performance.now() - startMs < lastsMs && !interrupted.signal.aborted;
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());

const clients = correctClients().filter(({ id }) => values.only === undefined || id === values.only);
if (clients.length === 0) throw new Error(`there is no correct client ${values.only}`);
const nextSeeds = new Map<string, number>();
const played = new Map<string, { schedules: number; runs: number; ms: number }>();
const hazards = new Map<string, number>();
let failures = 0;
const progress = setInterval(tellProgress, TOLD_EACH_MS);
for (let turn = 0; hasTime(); turn++) await takeTurn(clients[turn % clients.length] as ExploredClient);
clearInterval(progress);
summarise();
process.exitCode = failures > 0 ? 1 : 0;

async function takeTurn(client: ExploredClient): Promise<void> {
  const { id } = client;
  const fromSeed = nextSeeds.get(id) ?? Number(values.from);
  nextSeeds.set(id, fromSeed + TURN);
  const beganMs = performance.now();
  const seeds = Array.from({ length: TURN }, (_, place) => fromSeed + place);
  await Promise.all(Array.from({ length: Number(values.jobs) }, () => playAll(client, seeds)));
  const before = played.get(id) ?? { schedules: 0, runs: 0, ms: 0 };
  played.set(id, { ...before, ms: before.ms + performance.now() - beganMs });
}

/** Takes one seed after the other until there are none. */
async function playAll(client: ExploredClient, seeds: number[]): Promise<void> {
  for (let seed = seeds.shift(); seed !== undefined && hasTime(); seed = seeds.shift()) {
    note(client.id, seed, await playSeed(client, seed));
  }
}

function playSeed(client: ExploredClient, seed: number): Promise<Exploration> {
  const isPathMapped = client.knowsPathMap && seed % PATH_MAPPED_ONCE_IN < versionsOf('enterprise').length;
  const serverVersion = client.versions[seed % client.versions.length] ?? 'documented';
  const surroundings = { serverVersion, ...(isPathMapped ? { serverRoot: '/axonserver' } : {}) };
  return explore({
    ...surroundings,
    driver: client.driverFor(scheduleOf(seed, surroundings)),
    capabilities: client.capabilities,
    fromSeed: seed,
    runs: 1,
    shard: { index: 1, count: 1 },
    bail: 1,
    jobs: 1,
    hazards: scenarios.flatMap((scenario) => scenario.hazards),
    mostShrinkingPlays: MOST_SHRINKING_PLAYS,
    failOn: 'fail',
    isKnown: () => false,
    signal: interrupted.signal,
  });
}

function note(id: string, seed: number, found: Exploration): void {
  const before = played.get(id) ?? { schedules: 0, runs: 0, ms: 0 };
  played.set(id, {
    ...before,
    schedules: before.schedules + found.schedules,
    runs: before.runs + found.runs,
  });
  for (const { id: hazard, schedules } of found.coverage.hazards) {
    hazards.set(hazard, (hazards.get(hazard) ?? 0) + schedules);
  }
  for (const failure of found.failures) tell(id, failure);
  for (const { reason } of found.undecided) {
    if (found.wasInterrupted) continue;
    failures++;
    print(`UNDECIDED ${id}, seed ${seed}: ${reason}`);
  }
}

function tell(id: string, { seed, serverVersion, rule, stepsBefore, scenario, report }: ShrunkFailure): void {
  failures++;
  const file = path.join(values.out, `soak-${id}-${seed}.json`);
  fs.writeFileSync(file, `${JSON.stringify(describeScenario(scenario), null, 2)}\n`);
  print(`FAILED ${id}, seed ${seed}, ${serverVersion}: ${rule}; ${stepsBefore} steps, ${scenario.steps.length} left`);
  print(`  ${JSON.stringify({ ...scenario.cluster, oddities: scenario.oddities, pace: scenario.pace })}`);
  for (const step of scenario.steps) print(`  ${JSON.stringify(step)}`);
  for (const result of report?.scenarios[0]?.rules ?? []) {
    if (result.status === 'fail') print(`  ${result.id}: ${result.message}`);
  }
}

function tellProgress(): void {
  const schedules = [...played.values()].reduce((sum, each) => sum + each.schedules, 0);
  const minutes = Math.round((performance.now() - startMs) / 60_000);
  process.stderr.write(`${minutes} of ${values.minutes} minutes: ${schedules} schedules, ${failures} failed\n`);
}

function summarise(): void {
  const all = { schedules: 0, runs: 0 };
  for (const [id, { schedules, runs, ms }] of played) {
    all.schedules += schedules;
    all.runs += runs;
    const from = Number(values.from);
    const to = (nextSeeds.get(id) ?? from) - 1;
    print(
      `${id.padEnd(20)}${schedules} schedules, ${runs} runs, ${((schedules * 1000) / ms).toFixed(1)} a second; seeds ${from} to ${to}`,
    );
  }
  const missed = [...hazards].filter(([, count]) => count === 0).map(([hazard]) => hazard);
  print(`${all.schedules} schedules, ${all.runs} runs, ${failures === 0 ? 'no failure' : `${failures} FAILED`}`);
  print(`hazards never reached: ${missed.length === 0 ? 'none' : missed.join(', ')}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
