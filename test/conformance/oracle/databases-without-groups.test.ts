import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { verifyBackup } from '../../../conformance/oracle/verification/verify-backup.ts';
import { readGolden } from '../../support/h2-databases.ts';
import { realBackup, replaceDatabase } from '../../support/real-backups.ts';

/** Events beside a database that knows no replication group, and perhaps logs. */
function backupOf(database: string, { hasLog }: { readonly hasLog: boolean }): string {
  const backup = realBackup();
  if (!hasLog) fs.rmSync(`${backup.folder}/log`, { recursive: true });
  replaceDatabase(backup, readGolden(database).bytes);
  return backup.folder;
}

/**
 * The backup of a real server of the standard edition, 4.6.11, was called inconsistent: its database has the tables of groups by
 * the names that they had before 4.4, and nothing in them. A server that was restored from it had everything.
 */
describe('a database that knows no replication group', () => {
  test.each(['standard-edition-1.4.197', 'either-edition-1.4.197'])(
    'is that of the standard edition where there is no log: %s',
    async (database) => {
      const { verdict, problems, notes } = await verifyBackup(backupOf(database, { hasLog: false }));
      expect([verdict, problems]).toEqual(['consistent', []]);
      expect(notes).toContainEqual(expect.stringContaining('that of the standard edition'));
    },
  );

  test.each(['standard-edition-1.4.197', 'either-edition-1.4.197', 'uninitialised-before-4.4-1.4.197'])(
    'leaves a node uninitialised where there is a log: %s',
    async (database) => {
      const { problems } = await verifyBackup(backupOf(database, { hasLog: true }));
      const empty = problems.filter(({ kind }) => kind === 'control-db-empty');
      expect(empty.map(({ message }) => message)).toEqual([expect.stringContaining('comes up uninitialised')]);
    },
  );

  /** It was held against any log in the folder, though another server's, older one was the backup that a restore takes. */
  test('is of no matter beside the backup of a cluster that a restore takes', async () => {
    const { folder, zip } = realBackup();
    const older = `${folder}/2020`;
    fs.mkdirSync(older);
    const old = backupOf('standard-edition-1.4.197', { hasLog: false });
    for (const name of fs.readdirSync(old))
      if (name.endsWith('.zip')) fs.copyFileSync(`${old}/${name}`, `${older}/controldb1.zip`);
    const { controlDbs, problems } = await verifyBackup(folder);
    expect(controlDbs.map(({ file }) => file).toSorted()).toEqual(['2020/controldb1.zip', path.basename(zip)]);
    expect(problems).toEqual([]);
  });

  test('leaves a node uninitialised without any log, too, where the enterprise edition made it', async () => {
    const { problems } = await verifyBackup(backupOf('uninitialised-before-4.4-1.4.197', { hasLog: false }));
    expect(problems.map(({ kind }) => kind)).toEqual(['control-db-empty']);
  });
});
