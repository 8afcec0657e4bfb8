import * as fs from 'node:fs';
import path from 'node:path';
import { findChromium, isBrowserRequired } from './chromium.ts';

/** Before all tests: says in one line which of them are left out where no Chromium is found. */
export function setup(): void {
  if (findChromium(process.env) !== null || isBrowserRequired(process.env)) return;
  const folder = path.resolve(import.meta.dirname, '../browser');
  const left = fs.readdirSync(folder).filter((name) => name.endsWith('.test.ts'));
  process.stderr.write(
    `Left out: the tests in a real browser (test/browser: ${left.join(', ')}), since no Chromium is found; CHROMIUM_PATH says where one is.\n`,
  );
}
