import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { runConformance } from '../../conformance/index.ts';
import { startCli, type Ended } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A client that says who it is and never ends. */
function endlessClient(pidFile: string): string[] {
  const script = `require('fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setInterval(() => {}, 1e6)`;
  return [process.execPath, '-e', script];
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A check that is at work with its client, then gets the signal. */
async function interrupt(
  signal: NodeJS.Signals,
  flags: readonly string[] = [],
): Promise<{ ended: Ended; pid: number; left: string[] }> {
  const folder = temporaryFolder();
  const pidFile = path.join(temporaryFolder(), 'pid');
  const only = ['--only', 'growth/first-backup'];
  const cli = startCli(['check', ...only, ...flags, '--', ...endlessClient(pidFile)], { TMPDIR: folder });
  await expect
    .poll(() => fs.existsSync(pidFile) && fs.readFileSync(pidFile, 'utf8'), { timeout: 60_000 })
    .toMatch(/\d/);
  const pid = Number(fs.readFileSync(pidFile, 'utf8'));
  expect(isAlive(pid)).toBe(true);
  cli.kill(signal);
  return { ended: await cli.ended, pid, left: fs.readdirSync(folder) };
}

describe('a check that is interrupted', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends client and check, and leaves no file behind', async (signal) => {
    const { ended, pid, left } = await interrupt(signal);
    expect(ended).toMatchObject({ code: null, signal, stderr: 'axon-backup-kit: interrupted, clearing up\n' });
    expect(ended.stdout).not.toMatch(/exit \d/);
    expect(isAlive(pid)).toBe(false);
    expect(left).toEqual([]);
  });

  test('leaves no half scenario in the folder for artefacts', async () => {
    const out = temporaryFolder();
    await interrupt('SIGINT', ['--out', out]);
    expect(fs.readdirSync(out)).toEqual([]);
  });

  test('fails for a program that has asked for it', async () => {
    const stop = new AbortController();
    const report = runConformance({
      client: async ({ signal }) => {
        stop.abort();
        signal.throwIfAborted();
      },
      only: ['growth/first-backup', 'growth/grows-between-runs'],
      signal: stop.signal,
    });
    await expect(report).rejects.toMatchObject({
      kind: 'interrupted',
      message: expect.stringContaining('interrupted'),
    });
  });
});
