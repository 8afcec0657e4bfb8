import { describe, expect, test } from 'vitest';
import type { BackupFile, BackupInventory } from '../../../conformance/journal/inventory.ts';
import { unmarkedHalfIn } from '../../../conformance/oracle/backup/unmarked-half.ts';
import { backupFile, goodBackup, inventory } from '../../support/evidence.ts';

const below = (folder: string, files: readonly BackupFile[], run = 1): BackupFile[] =>
  files.map((file) => ({
    ...file,
    path: `${folder}/${file.path}`,
    container: `${folder}/${file.container}`,
    writtenInRun: run,
  }));
const note = (path: string, text = ''): BackupFile => {
  const bytes = Buffer.from(text);
  return backupFile({ path, sizeBytes: bytes.length, readBytes: () => bytes });
};
const good = below('backup-1', goodBackup(1));
const half = below('backup-2', goodBackup(2).slice(0, 2), 2);

/** What is found where `beside` lies there, too. */
function found(beside: readonly BackupFile[] = [], more: Partial<BackupInventory> = {}, newer = half): string | null {
  const now = { ...inventory([...good, ...newer, ...beside]), ...more };
  return unmarkedHalfIn({ good, before: inventory(good), now });
}

/* Half a backup under its final name was pardoned, since the last good one beside it restores by itself: who looks for it? */
describe('half of a newer backup', () => {
  test('that is named as whole ones are is what somebody would restore', () => {
    expect(found()).toBe('backup-2');
    expect(found([], {}, below('2024-01-02', goodBackup(2)))).toBeNull();
  });

  test.each([
    ['a file that good ones have and this has not', [note('backup-1/complete')]],
    ['a file that this has and good ones have not', [note('backup-2/RUNNING')]],
    ['a text beside them that names the good one', [note('CURRENT', 'backup-1\n')]],
  ])('is told from a whole one by %s', (_, beside) => {
    expect(found(beside)).toBeNull();
  });

  test('is told from a whole one by a file whose name says so', () => {
    expect(found([], { unfinished: new Map([['backup-2/.incomplete', 1]]) })).toBeNull();
  });

  test.each([
    ['a file that both have', [note('backup-1/pid'), note('backup-2/pid')]],
    ['a text that names both', [note('log.txt', 'backup-1\nbackup-2\n')]],
    ['a text that names it alone', [note('CURRENT', 'backup-2\n')]],
    ['a text that names one whose name begins like that of the good one', [note('CURRENT', 'backup-10\n')]],
    ['a segment of a kind that is new', [note('backup-1/00000000000000000000.zmap')]],
  ])('is not told from a whole one by %s', (_, beside) => {
    expect(found(beside)).toBe('backup-2');
  });

  test('is found where folders lie in a folder, and among the files of the good one', () => {
    const deep = below('axon', good);
    const now = inventory([...deep, ...below('axon', half)]);
    expect(unmarkedHalfIn({ good: deep, before: inventory(deep), now })).toBe('axon/backup-2');
    // Beside the zip, or the segments, of the good one.
    const [first] = good;
    const among = `${first?.path.slice(0, first.path.lastIndexOf('/'))}/another`;
    expect(
      found(
        [],
        {},
        half.slice(0, 1).map((file) => ({ ...file, path: among })),
      ),
    ).toBe(among);
  });

  test('is not there where nothing is new', () => {
    expect(found([], {}, [])).toBeNull();
  });
});
