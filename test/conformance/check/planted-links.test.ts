import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import { FunctionDriver, type ClientInvocation } from '../../../conformance/driver/function-driver.ts';
import type { Unpack } from '../../../conformance/driver/restore-command.ts';
import type { Report } from '../../../conformance/verdict/report.ts';
import { playClient } from '../../support/played-client.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/* A client that turned its backup folder into a link to the live node passed: everything that a restore needs was there. */

const first = ['growth/first-backup'];

/** Does what a good client does with the server, and then something with its folders. */
function play(leave: (invocation: ClientInvocation) => void, unpack: Unpack | null = null): Promise<Report> {
  const client = async (invocation: ClientInvocation): Promise<void> => {
    await fetch(`${invocation.url}/v1/backup/createControlDbBackup`, { method: 'POST' });
    for (const group of invocation.groups) await fetch(`${invocation.url}/v1/backup/log/filenames?context=${group}`);
    await fetch(`${invocation.url}/v1/backup/eventstore?targetContext=default&type=Event`);
    await fetch(`${invocation.url}/v1/backup/eventstore?targetContext=default&type=Snapshot`);
    leave(invocation);
  };
  return runConformance({ driver: new FunctionDriver(client), only: first, jobs: 1, keepsFailures: false, unpack });
}

function firstFinding(report: Report): { readonly rule: string; readonly actual: string } | null {
  const rule = report.scenarios[0]?.rules.find(({ status }) => status === 'fail');
  const finding = rule?.evidence[0];
  return rule === undefined || finding === undefined ? null : { rule: rule.id, actual: finding.actual };
}

function replaceBy(backupDir: string, put: (place: string) => void): void {
  fs.rmSync(backupDir, { recursive: true });
  put(backupDir);
}

const dataDirOf = ({ nodes }: ClientInvocation): string => nodes[0]?.dataDir ?? '';

describe('in place of the backup folder', () => {
  test.each<readonly [string, string, (invocation: ClientInvocation) => void]>([
    [
      'a link to the live node',
      'a symbolic link to a folder of the live server',
      (told) => replaceBy(told.backupDir, (place) => fs.symlinkSync(dataDirOf(told), place)),
    ],
    [
      'a link to the folder that the nodes are in',
      'a symbolic link to a folder of the live server',
      (told) => replaceBy(told.backupDir, (place) => fs.symlinkSync(path.dirname(dataDirOf(told)), place)),
    ],
    [
      'a link to a folder that has the cluster in it',
      'a symbolic link to a folder that holds those of the live server',
      (told) => replaceBy(told.backupDir, (place) => fs.symlinkSync('.', place)),
    ],
    [
      'a link by way of another link',
      'a symbolic link to a folder of the live server',
      (told) => {
        const chain = path.join(told.stateDir, 'chain');
        fs.symlinkSync(dataDirOf(told), chain);
        replaceBy(told.backupDir, (place) => fs.symlinkSync(chain, place));
      },
    ],
    [
      'a link to what it has put beside it',
      'a symbolic link to a folder that is not the backup',
      (told) => replaceBy(told.backupDir, (place) => fs.symlinkSync(told.stateDir, place)),
    ],
    ['a file', 'a file in place of it', (told) => replaceBy(told.backupDir, (place) => fs.writeFileSync(place, ''))],
    [
      'a pipe',
      'a pipe in place of it',
      (told) => replaceBy(told.backupDir, (place) => execFileSync('mkfifo', [place])),
    ],
  ])('%s is the first finding, and nothing is read through it', async (_what, actual, leave) => {
    const report = await play(leave);
    expect(report.exitCode).toBe(1);
    expect(firstFinding(report)).toEqual({ rule: 'copy/faithful', actual });
    const returned = report.scenarios[0]?.rules.find(({ id }) => id === 'control-db/returned-file');
    expect(returned?.status).toBe('fail');
  });

  test('a link is found, and the tool of a store is not run on it', async () => {
    let calls = 0;
    const leave = (told: ClientInvocation): void =>
      replaceBy(told.backupDir, (place) => fs.symlinkSync(dataDirOf(told), place));
    const report = await play(leave, async () => void calls++);
    expect([report.exitCode, calls]).toEqual([1, 0]);
    expect(firstFinding(report)?.rule).toBe('copy/faithful');
  });

  test('nothing at all is an empty backup', async () => {
    const report = await play(({ backupDir }) => fs.rmSync(backupDir, { recursive: true }));
    expect(report.exitCode).toBe(1);
    expect(firstFinding(report)?.rule).toBe('control-db/returned-file');
  });

  test('a link around it leads the judge nowhere either', async () => {
    const elsewhere = temporaryFolder();
    const report = await play(({ backupDir }) => {
      const home = path.dirname(backupDir);
      fs.cpSync(home, elsewhere, { recursive: true });
      fs.renameSync(home, `${home}.moved`);
      fs.symlinkSync(elsewhere, home);
    });
    expect(report.exitCode).toBe(1);
    expect(firstFinding(report)).toMatchObject({
      rule: 'copy/faithful',
      actual: expect.stringContaining('where the folder around it was'),
    });
    // Whatever the kit has cleared away, this is not its own.
    expect(fs.readdirSync(elsewhere)).toContain('backup');
  });
});

describe('in the backup', () => {
  test('a link to the folders of the cluster is the first finding', async () => {
    const report = await play((told) => fs.symlinkSync(dataDirOf(told), path.join(told.backupDir, 'all')));
    expect(firstFinding(report)).toEqual({
      rule: 'copy/faithful',
      actual: 'a symbolic link to a folder of the live server',
    });
  });
});

describe('each client that links in place of copying', () => {
  test.each(['backup-folder-linked', 'event-folders-linked', 'backup-folder-packed', 'files-symlinked'])(
    '%s dies by copy/faithful before any other rule',
    async (id) => {
      const report = await playClient(id, first);
      expect(report.exitCode).toBe(1);
      expect(firstFinding(report)?.rule).toBe('copy/faithful');
    },
  );

  test('files-hard-linked dies by it alone: the bytes are there', async () => {
    const report = await playClient('files-hard-linked', first);
    expect(report.rules.filter(({ status }) => status === 'fail').map(({ id }) => id)).toEqual(['copy/faithful']);
  });
});

describe('a link that is planted where the kit writes later', () => {
  test("is not followed: the client's folder for temporary files is a folder in every run", async () => {
    const outside = temporaryFolder();
    const kinds: string[] = [];
    const client = async ({ temporaryDir }: ClientInvocation): Promise<void> => {
      kinds.push(fs.lstatSync(temporaryDir).isDirectory() ? 'folder' : 'link');
      fs.rmSync(temporaryDir, { recursive: true });
      fs.symlinkSync(outside, temporaryDir);
    };
    const only = ['growth/grows-between-runs'];
    await runConformance({ driver: new FunctionDriver(client), only, jobs: 1, keepsFailures: false });
    expect(kinds.length).toBeGreaterThan(1);
    expect(new Set(kinds)).toEqual(new Set(['folder']));
    expect(fs.existsSync(outside)).toBe(true);
  });

  // Artefacts were written beside the backup, under names that everybody knows.
  test('leads no artefact elsewhere', async () => {
    const [outside, outDir] = [temporaryFolder(), temporaryFolder()];
    const names = [
      'run-1.stdout',
      'run-1.stderr',
      'journal.json',
      'verdict.json',
      'restore',
      'unpacked-1',
      'out-of-reach',
    ];
    const client = async ({ backupDir, stateDir }: ClientInvocation): Promise<void> => {
      for (const folder of [path.dirname(backupDir), backupDir, stateDir]) {
        for (const name of names) fs.symlinkSync(path.join(outside, name), path.join(folder, name));
      }
    };
    await runConformance({ driver: new FunctionDriver(client), only: first, jobs: 1, outDir });
    expect(fs.readdirSync(outside)).toEqual([]);
    const kept = path.join(outDir, 'growth.first-backup');
    for (const name of names.slice(0, 4)) expect(fs.lstatSync(path.join(kept, name)).isFile(), name).toBe(true);
  });
});
