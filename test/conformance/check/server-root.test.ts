import { describe, expect, test } from 'vitest';
import { runConformance, type ConformanceOptions } from '../../../conformance/check/run-conformance.ts';
import { FunctionDriver, type ClientInvocation } from '../../../conformance/driver/function-driver.ts';
import { mountedElsewhere } from '../../../conformance/scenarios/listing/mounted-elsewhere.ts';
import type { Scenario } from '../../../conformance/scenarios/scenario.ts';
import type { Report } from '../../../conformance/verdict/report.ts';
import { inProcess } from '../../support/reference-in-process.ts';

/** What a client is told in its first run, and what came of it. */
async function play(
  options: Partial<ConformanceOptions>,
): Promise<{ readonly told: ClientInvocation | null; readonly report: Report }> {
  let told: ClientInvocation | null = null;
  const reference = inProcess();
  const driver = new FunctionDriver(async (invocation) => {
    told ??= invocation;
    await reference(invocation);
  });
  const report = await runConformance({ driver, keepsFailures: false, ...options });
  return { told, report };
}

describe('a check whose server names its files otherwise than they lie', () => {
  test('tells the client of five places, for each node its own', async () => {
    const { told, report } = await play({ serverRoot: '/axonserver', only: ['listing/mounted-elsewhere'] });
    expect(report.exitCode).toBe(0);
    const maps = (told?.nodes ?? []).map(({ pathMap = '' }) => pathMap);
    expect(maps[0]).toBe(told?.pathMap);
    expect(new Set(maps).size).toBe(3);
    expect(maps.map((map) => map.split('\n').length)).toEqual([5, 5, 5]);
  });

  test('is asked for: else nothing is told, and nobody has to know the map', async () => {
    const { told, report } = await play({ only: ['growth/first-backup', 'listing/mounted-elsewhere'] });
    expect(told).not.toHaveProperty('pathMap');
    expect(report.scenarios.map(({ status }) => status)).toEqual(['pass', 'not-applicable']);
    expect(report.exitCode).toBe(0);
  });

  test('can be a scenario of your own, whatever the check is told', async () => {
    const own: Scenario = { ...mountedElsewhere, id: 'own/mounted', cluster: { serverRoot: '/data', nodes: 1 } };
    const { told, report } = await play({ scenarios: [own] });
    expect(told?.pathMap).toMatch(/^\/data\/snapshots=.*\n\/data=/s);
    expect(report.exitCode).toBe(0);
  });
});
