import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { runConformance } from '../../conformance/index.ts';
import { startCli, type Ended } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A client that asks and ends badly, but in its `endless`-th run: there it says who it is, and never ends. */
function endlessClient(pidFile: string, endless: number): string[] {
  const counter = JSON.stringify(`${pidFile}.runs`);
  const script = `
    const fs = require('fs');
    fs.appendFileSync(${counter}, '.');
    if (fs.statSync(${counter}).size >= ${endless}) {
      fs.writeFileSync(${JSON.stringify(pidFile)}, String(process.pid));
      setInterval(() => {}, 1e6);
    } else {
      const post = process.env.AXONSERVER_URL + '/v1/backup/createControlDbBackup';
      fetch(post, { method: 'POST' }).then(() => process.exit(1));
    }`;
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
  endlessRun = 1,
): Promise<{ ended: Ended; pid: number; left: string[] }> {
  const folder = temporaryFolder();
  const pidFile = path.join(temporaryFolder(), 'pid');
  const only = ['--only', 'growth/first-backup'];
  const cli = startCli(['check', ...only, ...flags, '--', ...endlessClient(pidFile, endlessRun)], { TMPDIR: folder });
  await expect
    .poll(() => fs.existsSync(pidFile) && fs.readFileSync(pidFile, 'utf8'), { timeout: 60_000 })
    .toMatch(/\d/);
  const pid = Number(fs.readFileSync(pidFile, 'utf8'));
  expect(isAlive(pid)).toBe(true);
  cli.kill(signal);
  return { ended: await cli.ended, pid, left: fs.readdirSync(folder) };
}

describe('a check that is interrupted', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends client and check with exit code %i, and leaves no file behind', async (signal, code) => {
    const { ended, pid, left } = await interrupt(signal);
    expect(ended).toMatchObject({ code, signal: null, stderr: 'axon-backup-kit: interrupted, clearing up\n' });
    expect(ended.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'nothing was proved; incomplete: it was interrupted, 1 scenario was not played',
    );
    expect(isAlive(pid)).toBe(false);
    expect(left).toEqual([]);
  });

  // Half an hour of a large campaign was gone with the signal that a build server sends at its time limit.
  test('tells what it has judged until then, in every report that was asked for', async () => {
    const folder = temporaryFolder();
    const reports = ['json', 'junit', 'markdown', 'html'].map((kind) => path.join(folder, kind));
    const flags = reports.flatMap((file) => ['--report', `${path.basename(file)}=${file}`]);
    const { ended } = await interrupt('SIGTERM', [...flags, '--only', 'growth/grows-between-runs', '--jobs', '1'], 2);
    expect(ended.code).toBe(143);
    const [json = '', ...others] = reports.map((file) => fs.readFileSync(file, 'utf8'));
    expect(JSON.parse(json)).toMatchObject({
      exitCode: 1,
      scenarios: [{ id: 'growth/first-backup', status: 'fail' }],
      incomplete: {
        reasons: ['interrupted'],
        notPlayed: [{ id: 'growth/grows-between-runs', serverVersion: 'documented' }],
      },
    });
    for (const text of [ended.stdout, ...others]) {
      expect(text.replaceAll(/\s+/g, ' ')).toContain('it was interrupted, 1 scenario was not played');
    }
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
