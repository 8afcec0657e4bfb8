import * as fs from 'node:fs';
import { removeFolder } from '../../folders/remove-folder.ts';
import { sweepAbandoned } from '../../folders/sweep.ts';
import { makeTemporaryFolder } from '../../folders/temporary-folder.ts';
import { memoryFolder } from '../../conformance/check/folders/memory-folder.ts';

/** Room for so many scenarios side by side is room for all tests. */
const ROOM = 32;

/**
 * Before all tests: temporary files of tests, and of what they start, lie in memory where this machine has room for them; on a
 * disk they take a third more time. Whoever names a place by `TMPDIR` has chosen.
 */
export function setup(): (() => void) | undefined {
  const memory = memoryFolder(process.env, ROOM);
  if (memory === null) return undefined;
  sweepAbandoned(memory);
  const folder = makeTemporaryFolder(memory, 'check');
  // Some tests play clients that are other users: as the usual place, it is for all.
  fs.chmodSync(folder, 0o1777);
  process.env['TMPDIR'] = folder;
  return () => void removeFolder(folder);
}
