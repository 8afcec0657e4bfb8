import * as fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import { FunctionDriver } from '../../../conformance/driver/function-driver.ts';

/*
 * What lies in an archive that is too large to be read may be all that there has to be. It counted as missing, and a client was
 * failed for the limits of its judge.
 */
test('a backup that is too large to be read is not judged, and the archive is named', async () => {
  const driver = new FunctionDriver(async ({ backupDir }) => {
    const archive = path.join(backupDir, 'everything.tar');
    fs.writeFileSync(archive, '');
    fs.truncateSync(archive, 257 * 1024 ** 2);
  });
  const report = await runConformance({ driver, only: ['growth/first-backup'], jobs: 1, keepsFailures: false });
  const [scenario] = report.scenarios;
  expect(scenario?.status).toBe('inconclusive');
  expect(scenario?.message).toBe(
    'the backup is not judged, for it was not read: everything.tar: it is larger than 268435456 bytes: unpack it, and name the folder',
  );
  expect(report.exitCode).toBe(2);
});
