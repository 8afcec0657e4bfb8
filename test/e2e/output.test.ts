import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');

/** `list` with its output into one file, and what it says of that into another place. */
function listInto(stdout: number, stderr: number | 'pipe'): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [cli, 'list', 'rules'], { stdio: ['ignore', stdout, stderr] });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, said }));
  });
}

function openFull(): number {
  const full = fs.openSync('/dev/full', 'w');
  onTestFinished(() => fs.closeSync(full));
  return full;
}

describe('output that nobody takes', () => {
  test('is no failure where the reader has read enough', async () => {
    const child = spawn(process.execPath, [cli, 'list', 'rules'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const code = await new Promise((resolve) => {
      child.once('close', resolve);
    });
    expect({ code, said }).toEqual({ code: 0, said: '' });
  });

  test.skipIf(!fs.existsSync('/dev/full'))('is one clear line where the disk is full', async () => {
    const { code, said } = await listInto(openFull(), 'pipe');
    expect(code).toBe(70);
    expect(said).toMatch(/^axon-backup-kit: the output cannot be written: ENOSPC.*\n$/);
  });

  test.skipIf(!fs.existsSync('/dev/full'))('ends the command even where that line cannot be said', async () => {
    expect(await listInto(openFull(), openFull())).toEqual({ code: 70, said: '' });
  });
});
