import { describe, expect, test } from 'vitest';
import { remainsOf } from '../../../conformance/oracle/backup/remains.ts';
import type { BackupFile } from '../../../conformance/journal/inventory.ts';
import { goodBackup, inventory } from '../../support/evidence.ts';

const good = goodBackup(1);

function pathsOf(files: readonly BackupFile[]): string[] {
  return files.map(({ path }) => path);
}

function rewritten(kind: BackupFile['what']['kind']): BackupFile[] {
  return good.map((file) => (file.what.kind === kind ? { ...file, checksum: 'another' } : file));
}

describe('what remains of a good backup', () => {
  test('is all of it where it was left alone, whatever lies beside it', () => {
    const beside = good.map((file) => ({ ...file, path: `half-of-a-new-one/${file.path}` }));
    const { files } = remainsOf(inventory(good), inventory([...beside, ...good]));
    expect(pathsOf(files)).toEqual(pathsOf(good));
  });

  test.each(['control-db-zip', 'log'] as const)('is without a %s that was written anew', (kind) => {
    const { files } = remainsOf(inventory(good), inventory(rewritten(kind)));
    expect(pathsOf(files)).toEqual(pathsOf(good.filter(({ what }) => what.kind !== kind)));
    expect(files.length).toBeLessThan(good.length);
  });

  test('is with an event segment that was written anew, which only ever grows', () => {
    const now = rewritten('segment');
    const { files } = remainsOf(inventory(good), inventory(now));
    expect(files).toEqual(now);
  });

  test('is without what has gone', () => {
    expect(remainsOf(inventory(good), inventory(good.slice(1))).files).toEqual(good.slice(1));
    expect(remainsOf(inventory(good), inventory()).files).toEqual([]);
  });
});
