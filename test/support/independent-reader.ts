import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { test } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

/* The reader that was written from descriptions of the formats alone, and shares no code with the simulator. */

const script = path.resolve(import.meta.dirname, '../independent/read_data_dir.py');
const isPythonAbsent = spawnSync('python3', ['--version']).status !== 0;

/** A test that reads files with Python: without it, it fails where everything must be there, and is skipped elsewhere. */
export function testWithPython(name: string, body: () => Promise<void> | void): void {
  if (isPythonAbsent && process.env['CI'] === undefined) test.skip(`${name} (skipped: there is no python3)`, body);
  else test(name, body);
}

/** What is wrong with a data folder; `state` is what the simulator says of it. */
export function findingsIn(
  folder: string,
  { state, args = [] }: { readonly state?: object; readonly args?: string[] } = {},
): string[] {
  if (state !== undefined) {
    const file = path.join(temporaryFolder(), 'state.json');
    fs.writeFileSync(file, JSON.stringify(state));
    return findingsIn(folder, { args: [...args, '--state', file] });
  }
  const { status, stdout, stderr, error } = spawnSync('python3', [script, folder, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (error !== undefined) throw error;
  if (status !== 0 && status !== 1) throw new Error(`The reader ended with ${status}: ${stderr}`);
  const { findings } = JSON.parse(stdout) as { findings: string[] };
  if (findings.length > 0 !== (status === 1)) throw new Error(`Exit ${status} with ${findings.length} findings`);
  return findings;
}
