/**
 * `npm run bench`: what the project promises about cost, measured side by side in one run. It prints ratios and says
 * whether they keep the promise; it is no test, since the clock of a shared machine proves nothing by itself.
 *
 * A check makes tens of thousands of files. It plays in memory where the machine offers that; with `TMPDIR` set it plays
 * there, and ext4 looks at every inode that was freed in the last five minutes before it takes one (`recently_deleted`): right
 * after a test run it then takes half as long again as on a disk that has rested.
 */
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { benchCheck } from './check.ts';
import { benchDay } from './day.ts';
import { benchListings } from './listings.ts';
import { benchProxy } from './proxy.ts';
import { benchVerify } from './verify.ts';
import { benchStart } from './start.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'axon-backup-kit-bench-'));
try {
  process.stdout.write(`Node ${process.version}, ${os.cpus().length} processors\n\n`);
  await benchStart();
  await benchVerify(folder);
  await benchListings(folder);
  await benchProxy();
  await benchCheck(folder);
  await benchDay();
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
