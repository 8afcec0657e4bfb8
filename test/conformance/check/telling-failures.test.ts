import { describe, expect, test } from 'vitest';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import type { RuleResult, ScenarioResult } from '../../../conformance/verdict/report.ts';
import { driverOf } from '../../support/fixture-client.ts';

async function play(client: string, scenario: string): Promise<ScenarioResult> {
  const report = await runConformance({ driver: driverOf(client), only: [scenario], keepsFailures: false });
  const [result] = report.scenarios;
  if (result === undefined) throw new Error(`there is no scenario ${scenario}`);
  return result;
}

function resultOf({ rules }: ScenarioResult, id: string): RuleResult | undefined {
  return rules.find((rule) => rule.id === id);
}

describe('a failure tells what there is to know', () => {
  test('of a cursor that is the open segment it names the segment', async () => {
    const result = await play('cursor-from-open-segment', 'growth/grows-between-runs');
    const rule = resultOf(result, 'cursor/from-closed-segment');
    expect(rule?.status).toBe('fail');
    const [finding] = rule?.evidence ?? [];
    const segment = /lastClosedSegmentBackedUp=(?<segment>\d+)/.exec(finding?.subject ?? '')?.groups?.['segment'];
    expect(finding?.actual).toMatch(new RegExp(`\\b${segment}\\b.*open`));
    expect(finding?.run).toBe(2);
  });

  test('of a log that is copied after the events of a large store it shows what a restore loses', async () => {
    const result = await play('long-event-copy-before-log', 'order/large-store');
    expect(resultOf(result, 'order/log-within-30-minutes')).toMatchObject({ status: 'fail' });
    expect(resultOf(result, 'outcome/restorable')?.status).toBe('fail');
    const lost = result.loss.find(({ type }) => type === 'EVENT');
    expect(lost?.events).toBeGreaterThan(100);
    expect(lost?.virtualTime).toBeGreaterThan(3600);
    expect(resultOf(result, 'outcome/restorable')?.evidence[0]?.actual).toMatch(
      /the log begins at \d+, .* are nowhere; \d+ events of default .* are lost, written over \d+m/,
    );
    expect(result.hazards).toContainEqual({ id: 'copy-past-the-next-cleaning', reached: true });
  });

  test('of an open segment that was left out it warns, and says how much is lost; nothing of level must fails', async () => {
    const result = await play('open-segment-left-out', 'growth/first-backup');
    expect(resultOf(result, 'open-segment/included')?.evidence[0]?.actual).toMatch(
      /no \d{20}\.events in the backup; after a restore \d+ events? of default/,
    );
    expect(result.status).toBe('warn');
    expect(result.rules.filter(({ status }) => status === 'fail')).toEqual([]);
    expect(result.loss[0]?.events).toBeGreaterThan(0);
  });

  test('the command that repeats it is part of it', async () => {
    const result = await play('noop', 'growth/first-backup');
    expect(result.repro).toContain('growth/first-backup');
  });
});
