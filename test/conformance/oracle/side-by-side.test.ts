import * as fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { verifyBackup } from '../../../conformance/oracle/verification/verify-backup.ts';
import { eventFile, realBackup } from '../../support/real-backups.ts';

/** As it is installed: a thread has to be compiled code. */
async function loadVerify(): Promise<typeof verifyBackup> {
  const door = path.resolve(import.meta.dirname, '../../../dist/conformance/index.js');
  const loaded: { readonly verifyBackup: typeof verifyBackup } = await import(pathToFileURL(door).href);
  return loaded.verifyBackup;
}

/** Preallocated to so much, segments are worth a thread; the disk does not hold the zeros. */
const PREALLOCATED_BYTES = 24 * 1024 ** 2;

const damages = fc.array(fc.record({ segment: fc.constantFrom(0, 8, 16), at: fc.nat(900), value: fc.nat(255) }), {
  maxLength: 2,
});

test('the verdict is the same whatever the number of threads, of whole segments and of damaged ones', async () => {
  const verify = await loadVerify();
  await fc.assert(
    fc.asyncProperty(damages, async (damage) => {
      const backup = realBackup({ indexes: 'bloom-filter' });
      for (const segment of [0, 8, 16]) {
        const file = eventFile(backup, segment);
        const bytes = fs.readFileSync(file);
        for (const { at, value } of damage.filter((each) => each.segment === segment)) bytes[at] = value;
        fs.writeFileSync(file, bytes);
        fs.truncateSync(file, PREALLOCATED_BYTES);
      }
      const alone = await verify(backup.folder, { jobs: 1 });
      expect(alone.stores.some(({ context, segments }) => context === 'default' && segments === 4)).toBe(true);
      let threads = 0;
      const count = (): void => void threads++;
      process.on('worker', count);
      expect(await verify(backup.folder, { jobs: 3 })).toEqual(alone);
      process.off('worker', count);
      expect(threads).toBe(3);
    }),
    { numRuns: 3, seed: 14, examples: [[[]]] },
  );
});

test('whoever interrupts does not wait for threads', async () => {
  const verify = await loadVerify();
  const backup = realBackup();
  for (const segment of [0, 8, 16]) fs.truncateSync(eventFile(backup, segment), 2 ** 31 - 1);
  const abort = new AbortController();
  const verified = verify(backup.folder, { jobs: 2, signal: abort.signal });
  setImmediate(() => abort.abort());
  await expect(verified).rejects.toMatchObject({ kind: 'interrupted' });
});
