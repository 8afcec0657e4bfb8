import { describe, expect, test } from 'vitest';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import { FunctionDriver, type ClientFunction } from '../../../conformance/driver/function-driver.ts';
import { explore, type Exploration, type ExploreOptions } from '../../../conformance/explore/explore.ts';
import { explore as exploreAsProgram } from '../../../conformance/index.ts';
import { parseScenarioFile } from '../../../conformance/scenarios/scenario-file.ts';
import { scenarios } from '../../../conformance/scenarios/catalog.ts';
import { serverVersions } from '../../../server/index.ts';
import { inProcess } from '../../support/reference-in-process.ts';

const hazards = scenarios.flatMap((scenario) => scenario.hazards);

async function tryOut(client: ClientFunction, options: Partial<ExploreOptions> = {}): Promise<Exploration> {
  return explore({
    driver: new FunctionDriver(client),
    fromSeed: 1,
    runs: 3,
    shard: { index: 1, count: 1 },
    serverVersion: 'documented',
    bail: 1,
    jobs: 1,
    hazards,
    mostShrinkingPlays: 40,
    failOn: 'fail',
    isKnown: () => false,
    ...options,
  });
}

/** Asks for a backup of the control database, copies nothing, and is content. */
const content: ClientFunction = async ({ url }) => {
  await fetch(`${url}/v1/backup/createControlDbBackup`, { method: 'POST' });
};

describe('exploring', () => {
  test('finds nothing wrong with the reference client, on any version, and asks no cluster for what it cannot do', async () => {
    const seen: string[] = [];
    const { failures, undecided, schedules } = await tryOut(inProcess(), {
      fromSeed: 193,
      runs: 5,
      serverVersion: 'all',
      jobs: 2,
      onResult: ({ serverVersion }) => seen.push(serverVersion),
    });
    expect([failures, undecided, schedules]).toEqual([[], [], 5]);
    // One version a seed, by turns.
    expect(new Set(seen).size).toBe(5);
    for (const version of seen) expect(serverVersions).toContain(version);
  });

  test('shrinks what breaks a client to the shortest schedule that breaks the same rule', async () => {
    // A schedule may break another rule before this one: with a fault, or a token.
    const isKnown = (_scenario: string, rule: string): boolean => rule !== 'control-db/returned-file';
    const { failures } = await tryOut(content, { runs: 20, isKnown });
    const [failure] = failures;
    if (failure === undefined) throw new Error('nothing was found');
    expect(failure.rule).toBe('control-db/returned-file');
    expect(failure.stepsBefore).toBeGreaterThan(2);
    expect(failure.scenario.steps).toEqual([{ kind: 'advance', by: '5m' }, { kind: 'run' }]);
    expect(failure.scenario.cluster).toMatchObject({ nodes: 1, contexts: ['default'], rate: 0 });
    expect(failure.report?.scenarios.map(({ id }) => id)).toEqual([`explore/seed-${failure.seed}`]);
    const driver = new FunctionDriver(content);
    const again = await runConformance({ driver, scenarios: [failure.scenario], jobs: 1, keepsFailures: false });
    const rule = again.scenarios[0]?.rules.find(({ id }) => id === failure.rule);
    expect(rule?.status).toBe('fail');
  });

  test('is there for programs, with the shortest schedule as a file', async () => {
    const { failures, schedules } = await exploreAsProgram({ client: content, runs: 1, jobs: 1 });
    expect([schedules, failures.length]).toEqual([1, 1]);
    const [failure] = failures;
    if (failure === undefined) throw new Error('nothing was found');
    const { seed, stepsAfter, scenarioFile, report } = failure;
    expect([seed, stepsAfter]).toEqual([1, 2]);
    const there = { rules: [], hazards: [] };
    expect(parseScenarioFile(scenarioFile, 'explore-seed-1.json', there).id).toBe('explore/seed-1');
    expect(report?.exitCode).toBe(1);
  });

  test('is there for programs in other surroundings, and of the standard edition', async () => {
    const told: Array<string | undefined> = [];
    const client: ClientFunction = async ({ pathMap }) => void told.push(pathMap?.split('=')[0]);
    await exploreAsProgram({ client, runs: 1, jobs: 1, serverRoot: '/axonserver' });
    expect(told[0]).toMatch(/^\/axonserver\//);
    const { failures } = await exploreAsProgram({
      client,
      runs: 1,
      jobs: 1,
      serverVersion: '4.6',
      edition: 'standard',
    });
    expect(failures[0]?.report).toMatchObject({ edition: 'standard' });
  });

  test('goes on where the failure is a known one', async () => {
    const { failures, schedules } = await tryOut(content, { isKnown: () => true });
    expect([failures, schedules]).toEqual([[], 3]);
  });

  test('comes to the same schedules and verdicts side by side, and in two parts', async () => {
    const seen = async (options: Partial<ExploreOptions>): Promise<Map<string, unknown>> => {
      const results = new Map<string, unknown>();
      await tryOut(content, {
        fromSeed: 232,
        bail: 10,
        mostShrinkingPlays: 0,
        onResult: ({ id, rules, runs }) =>
          results.set(id, [runs.length, rules.map((rule) => [rule.id, rule.status, rule.message])]),
        ...options,
      });
      return results;
    };
    const alone = await seen({});
    expect([...alone.keys()]).toEqual(['explore/seed-232', 'explore/seed-233', 'explore/seed-234']);
    expect(await seen({ jobs: 2 })).toEqual(alone);
    const [odd, even] = [await seen({ shard: { index: 1, count: 2 } }), await seen({ shard: { index: 2, count: 2 } })];
    expect([odd.size, even.size]).toEqual([2, 1]);
    expect(new Map([...odd, ...even])).toEqual(alone);
  });

  test('counts what was reached and judged, and tells who is interrupted what was found by then', async () => {
    const stop = new AbortController();
    const { schedules, runs, coverage, wasInterrupted } = await tryOut(content, {
      runs: 40,
      bail: 100,
      mostShrinkingPlays: 0,
      signal: stop.signal,
      onSchedule: ({ schedules: played }) => {
        if (played === 2) stop.abort();
      },
    });
    expect([schedules, wasInterrupted]).toEqual([2, true]);
    expect(runs).toBeGreaterThanOrEqual(2);
    expect(coverage.judgedIn('outcome/exit-status-true')).toBeGreaterThan(0);
    expect(coverage.hazards.length).toBe(new Set(hazards.map(({ id }) => id)).size);
  });

  test('shows the smallest failure so far where it is interrupted while that is shrunk', async () => {
    const stop = new AbortController();
    const { failures, wasInterrupted } = await tryOut(content, {
      signal: stop.signal,
      onShrink: ({ stepsBefore, scenario }) => {
        if (scenario.steps.length < stepsBefore) stop.abort();
      },
    });
    expect([failures.length, wasInterrupted]).toEqual([1, true]);
    expect(failures[0]?.scenario.steps.length).toBeLessThan(failures[0]?.stepsBefore ?? 0);
    expect(failures[0]?.report).not.toBeNull();
  });
});
