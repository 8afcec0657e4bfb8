import * as fs from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { verifyBackup } from '../../../conformance/oracle/verification/verify-backup.ts';
import { assess, sharedBackup } from '../../support/backups.ts';
import { damages, doDamage } from '../../support/damaged-files.ts';

const goodBackup = sharedBackup({ rate: 0.1 });

test('whatever happens to the files of a backup, both judges come to a verdict, and none takes a loss for none', async () => {
  const folders = ['.', 'events/default', 'log/default', 'log/_admin'];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...folders), damages, async (inside, harm) => {
      const backup = goodBackup();
      for (const each of harm) doDamage(path.join(backup.folder, inside), each);
      const restoration = await assess(backup);
      const found = await verifyBackup(backup.folder);
      if (restoration.losses.length > 0) expect(restoration.problems).not.toEqual([]);
      if (restoration.problems.length > 0) expect(found.verdict).not.toBe('nothing-to-verify');
      fs.rmSync(backup.folder, { recursive: true });
    }),
    { numRuns: 40 },
  );
});
