import { expect, test } from 'vitest';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import { scenarios } from '../../../conformance/scenarios/catalog.ts';
import type { Scenario } from '../../../conformance/scenarios/scenario.ts';
import { driverToPlay } from '../../support/client-in-process.ts';

const withoutFaults = (scenario: Scenario): Scenario => ({
  ...scenario,
  steps: scenario.steps.filter(({ kind }) => kind !== 'plan-faults'),
});

const withoutSurprises = (scenario: Scenario): Scenario => ({
  ...scenario,
  steps: scenario.steps.map((step) => (step.kind === 'run' ? { kind: 'run' } : step)),
});

/** Without the contexts whose names have more to them than `orders`. */
const withoutLongNames = (scenario: Scenario): Scenario => {
  const isLong = (name = ''): boolean => /orders-|-orders/.test(name) && name !== 'my-orders';
  return {
    ...scenario,
    cluster: { ...scenario.cluster, contexts: scenario.cluster.contexts?.filter((name) => !isLong(name)) ?? [] },
    steps: scenario.steps.filter((step) => step.kind !== 'append' || !isLong(step.context)),
  };
};

test.each([
  ['dcb/state-not-told-once', 'state-of-server-backup-refused', withoutFaults],
  ['fault/log-not-found', 'log-status-404', withoutFaults],
  ['listing/compacted-while-copying', 'listed-segments-compacted', withoutSurprises],
  ['coverage/similar-names', 'name-part-of-another', withoutLongNames],
])('%s proves nothing where the step that it is about is taken out', async (id, hazard, takeOut) => {
  const scenario = scenarios.find((each) => each.id === id);
  if (scenario === undefined) throw new Error(`there is no scenario ${id}`);
  const report = await runConformance({
    driver: driverToPlay('reference', [id]),
    scenarios: [takeOut(scenario)],
    serverVersion: '2026.0',
    keepsFailures: false,
  });
  expect(report.scenarios[0]?.message).toMatch(new RegExp(`^not reached: ${hazard}`));
});
