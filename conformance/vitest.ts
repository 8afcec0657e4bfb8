/// <reference types="node" preserve="true" />
/** The judge in the caller's own vitest: each scenario a suite, each rule a test. */
import os from 'node:os';
import path from 'node:path';
import { beforeAll, describe, test } from 'vitest';
import { LONGEST_TIMEOUT_MS, requireLimits } from './check/selection/option-limits.ts';
import { requireSome } from './check/selection/select-plays.ts';
import { selectScenarios } from './check/selection/select-scenarios.ts';
import { Slots } from './check/slots.ts';
import { playsOf, reasonToPlayNothing } from './check/selection/versions.ts';
import {
  AxonError,
  runConformance,
  type ConformanceOptions,
  type RuleResult,
  type ScenarioResult,
  type ServerVersion,
} from './index.ts';
import { requireProgramOptions } from './check/selection/program-options.ts';
import { formatMissedHazards } from './reporters/missed-hazards.ts';
import { reasonNotPlayed } from './reporters/report-facts.ts';
import { formatRuleFailure } from './reporters/rule-failure.ts';
import { nameOf } from './reporters/scenario-name.ts';
import { rules } from './rules/catalog.ts';
import { isExpected, liveEntries, parseExpectedFailure, reviewExpectedFailures } from './verdict/expected-failures.ts';

export type { ClientFunction, ClientInvocation, ConformanceOptions } from './index.ts';

/** What `backupConformance` can be told: vitest itself knows when to stop, and which part to run. */
export type VitestOptions = Omit<ConformanceOptions, 'bail' | 'lastFailed' | 'shard'>;

const SUITE = 'backup conformance';

/** Of one run; as `runConformance` has it. */
const TIMEOUT_MS = 60_000;
/** More runs than any scenario has, and time for the cluster. */
const TIMEOUTS_OF_SCENARIO = 10;

/**
 * Registers a suite for each selected scenario (and version, where `serverVersion` is `all`), and in it a test for each
 * rule that the scenario judges. A rule that stays inconclusive fails its test: nothing is green for nothing. A SHOULD rule that
 * fails is told on stderr of its test, which passes unless `failOn` is `warn`. What the
 * client declares not to do is skipped, and so is what a version cannot play, and what is expected to fail; `jobs`
 * scenarios go on side by side. Call it in a test file, outside of any test:
 *
 *   import { backupConformance } from 'axon-backup-kit/vitest';
 *
 *   backupConformance({ client: ['bash', './my-backup.sh'] });
 *
 * Fails with an AxonError `bad-option` where no scenario is selected, or none that the version can play, and where a number
 * cannot be what it is given for.
 */
export function backupConformance(options: VitestOptions): void {
  requireProgramOptions('suite', options);
  requireLimits(options);
  const selected = requireSome(selectScenarios(options.only ?? [], options.skip ?? []));
  const { serverVersion: checked = 'documented' } = options;
  const plays = playsOf(selected, checked, options.edition);
  const reasonForNone = reasonToPlayNothing(plays, {
    ...(options.edition === undefined ? {} : { edition: options.edition }),
    isPathMapped: options.serverRoot !== undefined,
  });
  if (reasonForNone !== null) throw new AxonError('bad-option', `nothing can be played: ${reasonForNone}`);
  const slots = new Slots(options.jobs ?? os.availableParallelism());
  const results: ScenarioResult[] = [];
  // Those that wait for others to end wait on the same clock.
  const patienceMs = Math.min(
    plays.length * TIMEOUTS_OF_SCENARIO * (options.timeoutMs ?? TIMEOUT_MS),
    LONGEST_TIMEOUT_MS,
  );

  describe(SUITE, () => {
    for (const { scenario: chosen, serverVersion } of plays) {
      const { id, rules: judged } = chosen;
      const name = nameOf({ id, serverVersion }, { serverVersion: checked });
      describe.concurrent(name, () => {
        let played: ScenarioResult | null = null;
        const scenario = (): ScenarioResult => played ?? fail(`${name} was not played`);
        beforeAll(async () => {
          const only = { only: [id], skip: [], jobs: 1, serverVersion, ...folderOf(serverVersion, options) };
          const report = await slots.use(() => runConformance({ ...options, ...only }));
          played = report.scenarios[0] ?? null;
          results.push(...report.scenarios);
          if (played?.status === 'error') fail(`the kit itself failed in ${name}: ${played.message}`);
        }, patienceMs);

        test('reaches its hazards', ({ skip }) => {
          const reason = reasonNotPlayed(scenario());
          if (reason !== null) skip(reason);
          if (entriesOf(options).includes(id)) skip('expected not to reach them all');
          const missed = formatMissedHazards({ ...scenario(), repro: reproOf(name) }, chosen.hazards, name);
          if (missed !== null) fail(missed);
        });

        for (const rule of judged) {
          test(rule, ({ skip }) => {
            const result = scenario().rules.find((each) => each.id === rule);
            if (result === undefined) fail(`${rule} was not judged in ${name}`);
            const reason = reasonToSkip(result, id, options);
            if (reason !== null) skip(reason);
            if (!isGood(result, options)) fail(describeFailure(result, scenario(), name));
            warnOf([result], scenario(), name);
          });
        }

        test('breaks no other rule', ({ skip }) => {
          const unplayed = reasonNotPlayed(scenario());
          if (unplayed !== null) skip(unplayed);
          const broken = scenario().rules.filter(
            (result) =>
              !judged.includes(result.id) && !isGood(result, options) && reasonToSkip(result, id, options) === null,
          );
          const others = scenario().rules.filter(({ id: rule }) => !judged.includes(rule));
          warnOf(
            others.filter((result) => reasonToSkip(result, id, options) === null),
            scenario(),
            name,
          );
          if (broken.length > 0) fail(broken.map((result) => describeFailure(result, scenario(), name)).join('\n\n'));
        });
      });
    }

    test.each(options.expectedFailures ?? [])('%s still fails, as expected', (entry) => {
      const [review] = reviewExpectedFailures([parseExpectedFailure(entry)], results, today());
      if (review?.isStale === true) fail(`${entry} no longer fails: take it off expectedFailures`);
    });
  });
}

/** Why a rule is neither good nor bad here, or null. */
function reasonToSkip(result: RuleResult, scenario: string, options: VitestOptions): string | null {
  if (result.status === 'not-applicable') return result.message;
  const isFlawed = result.status === 'fail' || result.status === 'warn' || result.status === 'inconclusive';
  return isFlawed && isExpected(entriesOf(options), scenario, result.id) ? `expected to fail: ${result.message}` : null;
}

/** Known failures that are not past their date. */
function entriesOf({ expectedFailures = [] }: VitestOptions): string[] {
  return liveEntries(reviewExpectedFailures(expectedFailures.map(parseExpectedFailure), [], today()));
}

/** By UTC, as a list of known failures has its dates. */
function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function isGood({ status }: RuleResult, { failOn = 'fail' }: VitestOptions): boolean {
  return status === 'pass' || (status === 'warn' && failOn !== 'warn');
}

function describeFailure(result: RuleResult, scenario: ScenarioResult, name: string): string {
  const repro = reproOf(name);
  return formatRuleFailure({ ...scenario, repro }, result, (id) => rules.find((rule) => rule.id === id), name);
}

/** A SHOULD rule that failed passes its test, and is told beside it, as vitest tells what a test says. */
function warnOf(results: readonly RuleResult[], scenario: ScenarioResult, name: string): void {
  for (const result of results.filter(({ status }) => status === 'warn')) {
    console.warn(describeFailure(result, scenario, name));
  }
}

function reproOf(name: string): string {
  return `npx vitest run -t '${SUITE} ${name}'`;
}

/** Each version has a folder of its own where there are several, as in a check of all of them at once. */
function folderOf(
  version: ServerVersion,
  { serverVersion, outDir }: ConformanceOptions,
): Pick<ConformanceOptions, 'outDir'> {
  return serverVersion === 'all' && outDir !== undefined ? { outDir: path.join(outDir, version) } : {};
}

/** Fails a test by what the client did. Where in the kit that was found is of no interest. */
function fail(message: string): never {
  const error = new Error(message);
  error.stack = `Error: ${message}`;
  throw error;
}
