import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A new folder for the test that runs; it is removed when the test has finished. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'axon-backup-kit-test-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** New empty folders in one temporary folder, for the many runs of one test. */
export function temporaryFolders(): () => string {
  const parent = temporaryFolder();
  return () => fs.mkdtempSync(path.join(parent, 'run-'));
}
