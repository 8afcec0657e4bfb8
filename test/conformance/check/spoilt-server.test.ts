import * as fs from 'node:fs';
import { expect, test } from 'vitest';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import { FunctionDriver } from '../../../conformance/driver/function-driver.ts';

// It ended with an error of the kit (exit 70): the server of the scenario failed on its own files, or the judge did.
test('a client that removes the folders of the servers is told so, in scenarios that would go on', async () => {
  const removesEverything = new FunctionDriver(async ({ url, nodes }) => {
    await fetch(`${url}/v1/backup/createControlDbBackup`, { method: 'POST' });
    await fetch(`${url}/v1/backup/log/filenames?context=default`);
    for (const { dataDir } of nodes) fs.rmSync(dataDir, { recursive: true });
  });
  const only = ['log/compacted-between-runs', 'order/other-node', 'growth/first-backup'];
  const report = await runConformance({ driver: removesEverything, only, jobs: 1, keepsFailures: false });
  expect(report.exitCode).toBe(1);
  for (const { status, rules } of report.scenarios) {
    expect(status).toBe('fail');
    const found = rules.find(({ id }) => id === 'copy/source-untouched');
    if (found !== undefined) expect(found.message).toContain('node-1 is gone');
  }
});

test('one that takes away the permissions of a folder leaves no folder behind that cannot be removed', async () => {
  const locksFolders = new FunctionDriver(async ({ url, nodes }) => {
    await fetch(`${url}/v1/backup/createControlDbBackup`, { method: 'POST' });
    for (const { eventsDir } of nodes) fs.chmodSync(eventsDir, 0o500);
  });
  const only = ['log/compacted-between-runs'];
  const report = await runConformance({ driver: locksFolders, only, jobs: 1, keepsFailures: false });
  const found = report.scenarios[0]?.rules.find(({ id }) => id === 'copy/source-untouched');
  expect(found).toMatchObject({
    status: 'fail',
    message: expect.stringContaining('node-1/events has other permissions'),
  });
});
