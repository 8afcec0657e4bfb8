import { expect, test } from 'vitest';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import { FunctionDriver } from '../../../conformance/driver/function-driver.ts';

test('the end of the cluster is no excuse for a last run that fails', async () => {
  // The nodes are stopped at the very moment at which the last run ends, and what happens in a run may excuse it.
  const asksAndGivesUp = new FunctionDriver(async ({ url }) => {
    await fetch(`${url}/v1/backup/createControlDbBackup`, { method: 'POST' });
    throw new Error('no reason at all');
  });
  const report = await runConformance({ driver: asksAndGivesUp, only: ['growth/first-backup'], keepsFailures: false });
  const rule = report.scenarios[0]?.rules.find(({ id }) => id === 'outcome/exit-status-true');
  expect(rule).toMatchObject({ status: 'fail' });
  expect(rule?.message).toContain('every request was answered as it should be');
});
