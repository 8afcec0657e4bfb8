/**
 * `npm run bench`: what the project promises about cost, measured side by side in one run. It prints ratios and says
 * whether they keep the promise; it is no test, since the clock of a shared machine proves nothing by itself.
 */
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { benchCheck } from './check.ts';
import { benchDay } from './day.ts';
import { benchListings } from './listings.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'axon-backup-kit-bench-'));
try {
  process.stdout.write(`Node ${process.version}, ${os.cpus().length} processors\n\n`);
  await benchListings(folder);
  await benchCheck(folder);
  await benchDay();
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
