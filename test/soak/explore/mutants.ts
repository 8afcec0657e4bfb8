/**
 * `npm run soak:mutants`: with the catalogue of scenarios switched off, which mutants does `explore` find? Each is tried with
 * the schedules of the same seeds until one fails; nothing is shrunk. Mutants of a rule that is a *should* count as found where
 * that fails: as `--fail-on warn` does.
 *
 *     npm run soak:mutants -- [--runs 300] [--part 1/4] [--minutes 8] [--only ID,ID] [--known FILE]
 *
 * What is found is added to the file, and not tried again. Exit code 0: all of them were found.
 */
import * as fs from 'node:fs';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { explore, scheduleOf } from '../../../conformance/explore/explore.ts';
import { rules } from '../../../conformance/rules/catalog.ts';
import { fixtureClients, type FixtureClient } from '../../../fixtures/clients/catalog.ts';
import { asFixture } from './clients.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '300' },
    part: { type: 'string', default: '1/1' },
    minutes: { type: 'string', default: '60' },
    only: { type: 'string' },
    jobs: { type: 'string', default: '2' },
    version: { type: 'string', default: 'all' },
    known: { type: 'string' },
  },
});
/** A client that waits for ever is found after so long; a correct one on a machine that is busy must not be. */
const TIMEOUT_MS = 30_000;

interface Found {
  /** Null where none of the schedules fails. */
  readonly seed: number | null;
  readonly rule: string | null;
  readonly schedules: number;
}

const startMs = performance.now();
const hasTime = (): boolean => performance.now() - startMs < Number(values.minutes) * 60_000;
const [part = 1, parts = 1] = values.part.split('/').map(Number);
const wanted = values.only?.split(',');
const mutants = fixtureClients
  .filter(({ kind, id }) => kind === 'mutant' && (wanted === undefined || wanted.includes(id)))
  .filter((_, place) => place % parts === part - 1);
const known = new Map<string, Found>(readKnown());
for (const mutant of mutants) {
  if (known.has(mutant.id) || !hasTime()) continue;
  const found = await tryOut(mutant);
  if (found === null) continue;
  known.set(mutant.id, found);
  if (values.known !== undefined) fs.writeFileSync(values.known, JSON.stringify([...known], null, 1));
  const { seed, rule, schedules } = found;
  print(`${mutant.id.padEnd(46)}${seed === null ? `NOT FOUND in ${schedules}` : `seed ${seed}, ${rule}`}`);
}
const tried = mutants.flatMap(({ id }) => known.get(id) ?? []);
const foundOnes = tried.filter(({ seed }) => seed !== null);
print(`${foundOnes.length} of ${tried.length} found (${mutants.length - tried.length} not tried)`);
process.exitCode = foundOnes.length === mutants.length ? 0 : 1;

/** Null where there was not enough time. Seeds go side by side, and the lowest that fails is the one that counts. */
async function tryOut(mutant: FixtureClient): Promise<Found | null> {
  const jobs = Number(values.jobs);
  const runs = Number(values.runs);
  for (let first = 1; first <= runs; first += jobs) {
    if (!hasTime()) return null;
    const seeds = Array.from({ length: Math.min(jobs, runs - first + 1) }, (_, place) => first + place);
    const found = (await Promise.all(seeds.map((seed) => trySeed(mutant, seed)))).find((each) => each !== null);
    if (found !== undefined) return { ...found, schedules: found.seed };
  }
  return { seed: null, rule: null, schedules: runs };
}

async function trySeed(mutant: FixtureClient, seed: number): Promise<{ seed: number; rule: string } | null> {
  const serverVersion = values.version as 'all';
  const level = rules.find(({ id }) => id === mutant.killedBy)?.level;
  const { driverFor, capabilities } = asFixture(mutant);
  // Whose names are as they stand, no map is looked into.
  const surroundings = mutant.killedBy === 'listing/paths-mapped' ? { serverRoot: '/axonserver' } : {};
  const { failures } = await explore({
    ...surroundings,
    driver: driverFor(scheduleOf(seed, { ...surroundings, serverVersion })),
    capabilities,
    fromSeed: seed,
    runs: 1,
    shard: { index: 1, count: 1 },
    serverVersion,
    bail: 1,
    jobs: 1,
    hazards: [],
    mostShrinkingPlays: 0,
    timeoutMs: TIMEOUT_MS,
    failOn: level === 'should' ? 'warn' : 'fail',
    isKnown: (_scenario, rule) => level === 'should' && rule !== mutant.killedBy,
  });
  const [failure] = failures;
  return failure === undefined ? null : { seed, rule: failure.rule };
}

function readKnown(): Array<[string, Found]> {
  if (values.known === undefined || !fs.existsSync(values.known)) return [];
  return JSON.parse(fs.readFileSync(values.known, 'utf8')) as Array<[string, Found]>;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
