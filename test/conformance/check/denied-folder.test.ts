import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { deniedFolderOf } from '../../../conformance/check/play/denied-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** The folders of a scenario, after a client has failed with these words; `@` is that folder. */
function denied(stderr: string, exitCode = 1): string | undefined {
  const folder = temporaryFolder();
  for (const name of ['backup', 'state', 'tmp', 'cluster/node-1']) {
    fs.mkdirSync(path.join(folder, name), { recursive: true });
  }
  fs.writeFileSync(path.join(folder, 'cluster/node-1/a.events'), '');
  fs.writeFileSync(path.join(folder, 'backup/a.zip'), '', { mode: 0o400 });
  return deniedFolderOf({ exitCode, stderr: stderr.replaceAll('@', folder) }, { folder }).deniedFolder;
}

describe('a client is denied a folder of the check', () => {
  test.each([
    ["mkdir: cannot create directory '@/backup/backup-1': Permission denied", 'BACKUP_DIR'],
    ['touch: cannot touch ‘@/state/x’: Permission denied', 'BACKUP_STATE_DIR'],
    ["Error: EACCES: permission denied, open '@/tmp/a b'", 'TMPDIR'],
    ["PermissionError: [Errno 13] Permission denied: '@/backup'", 'BACKUP_DIR'],
    [
      "backup failed: EACCES: permission denied, copyfile '@/cluster/node-1/a.events' -> '/elsewhere'",
      "the server's files",
    ],
    ['one line\nsh: 1: cannot create @/backup/x: Permission denied\nbackup failed', 'BACKUP_DIR'],
  ])('by what it says: %s', (said, name) => {
    expect(denied(said)).toBe(name);
  });

  test.each([
    ['a file that it has made itself', "cp: cannot create regular file '@/backup/a.zip': Permission denied"],
    ['what is none of the folders', 'cat: /etc/shadow: Permission denied'],
    ['another failure', "cp: error writing '@/backup/x': No space left on device"],
  ])('not by %s', (_what, said) => {
    expect(denied(said)).toBeUndefined();
  });

  test('not where it has ended well, and not where the folders were given to its user', () => {
    const said = "touch: cannot touch '@/backup/x': Permission denied";
    expect(denied(said, 0)).toBeUndefined();
    const [folder, clientUser] = [temporaryFolder(), { uid: 1001, gid: 1001 }];
    expect(deniedFolderOf({ exitCode: 1, stderr: said.replace('@', folder) }, { folder, clientUser })).toEqual({});
  });
});
