import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { callProgram } from '../../support/called-program.ts';
import { cutFile, fileAt, sharedBackup } from '../../support/backups.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const goodBackup = sharedBackup();

describe('restore', () => {
  test('says what went where, what was left out and why, and ends with 0', async () => {
    const to = path.join(temporaryFolder(), 'node-1');
    const { code, stdout, stderr } = await callProgram(['restore', goodBackup().folder, '--to', to]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^ {2}controldb\/axonserver-controldb\.mv\.db +[\d,]+ +the database in controldb\d+\.zip$/m);
    expect(stdout).toMatch(/^ {2}events\/default\/0{20}\.events +32,768 +events\/default\/0{20}\.events$/m);
    expect(stdout).toContain('it is the stand-in of a simulated server');
    expect(stdout).toMatch(new RegExp(`^RESTORED: \\d+ files in ${to}$`, 'm'));
    expect(stdout).not.toContain('\u001b');
  });

  test('writes nothing from a backup that is not consistent, says how all the same, and ends with 1', async () => {
    const backup = goodBackup();
    cutFile(fileAt(backup, 'events/default', '.events', 1), 1000);
    const to = path.join(temporaryFolder(), 'node-1');
    const { code, stdout } = await callProgram(['restore', backup.folder, '--to', to]);
    expect(code).toBe(1);
    expect(stdout).toContain('NOT CONSISTENT: nothing was written; --force lays it out all the same');
    expect(fs.existsSync(to)).toBe(false);
  });

  test('ends with 2 where there is nothing to restore', async () => {
    const { code, stdout } = await callProgram([
      'restore',
      temporaryFolder(),
      '--to',
      path.join(temporaryFolder(), 'x'),
    ]);
    expect(code).toBe(2);
    expect(stdout).toContain('NOTHING TO RESTORE');
  });

  test('prints JSON, and shows with a dry run what it would do', async () => {
    const to = path.join(temporaryFolder(), 'node-1');
    const { code, stdout } = await callProgram(['restore', goodBackup().folder, '--to', to, '--dry-run', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, to, layout: 'image', isWritten: false, problems: [] });
    expect(fs.existsSync(to)).toBe(false);
  });

  test.each([
    [['--to', '.'], '--to: . is not empty'],
    [[], "required option '--to <dir>' not specified"],
    [['--to', 'x', '--layout', 'deep'], 'Allowed choices are image, flat, split.'],
  ])('with %j is one line, and 64', async (flags, message) => {
    const { code, stderr } = await callProgram(['restore', temporaryFolder(), ...flags]);
    expect(code).toBe(64);
    expect(stderr).toMatch(/^axon-backup-kit: .+\n$/);
    expect(stderr).toContain(message);
  });
});
