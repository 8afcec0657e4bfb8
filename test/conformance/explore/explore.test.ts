import { describe, expect, test } from 'vitest';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import { FunctionDriver, type ClientFunction } from '../../../conformance/driver/function-driver.ts';
import { explore, type Exploration, type ExploreOptions } from '../../../conformance/explore/explore.ts';
import { scenarios } from '../../../conformance/scenarios/catalog.ts';

const hazards = scenarios.flatMap((scenario) => scenario.hazards);

async function tryOut(client: ClientFunction, options: Partial<ExploreOptions> = {}): Promise<Exploration> {
  return explore({
    driver: new FunctionDriver(client),
    fromSeed: 1,
    runs: 4,
    hasTime: () => true,
    shard: { part: 1, parts: 1 },
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

const honest: ClientFunction = async () => {
  throw new Error('there is no backup');
};

describe('exploring', () => {
  test('shrinks what breaks a client to the shortest schedule that breaks the same rule', async () => {
    const { failures } = await tryOut(content);
    const [failure] = failures;
    if (failure === undefined) throw new Error('nothing was found');
    expect(failure.rule).toBe('control-db/returned-file');
    expect(failure.scenario.steps.length).toBeLessThan(failure.stepsBefore);
    expect(failure.scenario.steps.map(({ kind }) => kind)).toEqual(['advance', 'run']);
    const driver = new FunctionDriver(content);
    const again = await runConformance({ driver, scenarios: [failure.scenario], jobs: 1, keepsFailures: false });
    const rule = again.scenarios[0]?.rules.find(({ id }) => id === failure.rule);
    expect(rule?.status).toBe('fail');
  });

  test('comes to the same side by side, and in two parts', async () => {
    const seen = async (options: Partial<ExploreOptions>): Promise<unknown[]> => {
      const { failures } = await tryOut(content, { bail: 10, mostShrinkingPlays: 0, ...options });
      return failures.map(({ seed, rule, scenario }) => [seed, rule, scenario.steps.length]);
    };
    const alone = await seen({});
    expect(alone).toHaveLength(4);
    expect(await seen({ jobs: 2 })).toEqual(alone);
    const parts = [await seen({ shard: { part: 1, parts: 2 } }), await seen({ shard: { part: 2, parts: 2 } })];
    expect(parts.map((part) => part.length)).toEqual([2, 2]);
    expect(parts.flat().toSorted()).toEqual(alone.toSorted());
  });

  test('counts what was reached and judged, and tells who is interrupted what was found by then', async () => {
    const stop = new AbortController();
    const { schedules, runs, coverage, wasInterrupted } = await tryOut(honest, {
      runs: 40,
      bail: 100,
      mostShrinkingPlays: 0,
      signal: stop.signal,
      onSchedule: () => stop.abort(),
    });
    expect([schedules, wasInterrupted]).toEqual([8, true]);
    expect(runs).toBeGreaterThanOrEqual(8);
    expect(coverage.judgedIn('outcome/exit-status-true')).toBeGreaterThan(0);
    expect(coverage.hazards.length).toBe(new Set(hazards.map(({ id }) => id)).size);
  });
});
