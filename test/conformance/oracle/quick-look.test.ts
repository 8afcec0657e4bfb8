import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createReporterStyle } from '../../../conformance/reporters/style.ts';
import { formatVerificationPage } from '../../../conformance/commands/verification-page.ts';
import { formatVerification } from '../../../conformance/commands/verify-text.ts';
import { verifyBackup, type BackupVerification } from '../../../conformance/oracle/verification/verify-backup.ts';
import { tarOf } from '../../support/backup-client.ts';
import { eventFile, realBackup } from '../../support/real-backups.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** What a quick look and a whole verification must have alike. */
function comparable({ stores, logs, controlDbs, restored, problems }: BackupVerification): unknown {
  return {
    stores: stores.map(({ indexes: _indexes, blooms: _blooms, badChecksums: _bad, ...rest }) => rest),
    logs: logs.map(({ badChecksums: _bad, ...rest }) => rest),
    controlDbs,
    restored,
    problems: problems.filter(({ kind }) => kind !== 'bad-checksum'),
  };
}

async function bothOf(folder: string): Promise<readonly [quick: BackupVerification, whole: BackupVerification]> {
  return [await verifyBackup(folder, { isQuick: true }), await verifyBackup(folder)];
}

describe('a quick look', () => {
  test('at a whole backup finds what a verification finds, and says what it left out', async () => {
    const [quick, whole] = await bothOf(realBackup({ indexes: 'bloom-filter' }).folder);
    expect(comparable(quick)).toEqual(comparable(whole));
    expect(quick).toMatchObject({ verdict: 'consistent', isQuick: true });
    expect(quick.notLookedAt).toContainEqual(expect.stringContaining('checksums'));
    expect(whole).toMatchObject({ isQuick: false, notLookedAt: [] });
    const text = formatVerification(quick, createReporterStyle({ isTTY: false }, {}));
    expect(text).toContain('CONSISTENT, as far as a quick look tells: checksums were left out');
    expect(text).toContain('Not looked at, as --quick was asked for');
    expect(text).toContain('left out');
    expect(formatVerificationPage(quick)).toContain('Not looked at, as --quick was asked for');
  });

  test.each<[string, (folder: ReturnType<typeof realBackup>) => void, string]>([
    ['a gap', (backup) => fs.rmSync(eventFile(backup, 8)), 'event-gap'],
    ['a segment that breaks off', (backup) => fs.truncateSync(eventFile(backup, 8), 300), 'events-unreadable'],
    ['a zip that is damaged', ({ zip }) => fs.truncateSync(zip, 900), 'control-db-unreadable'],
    ['a bloom filter without its index', (backup) => fs.rmSync(eventFile(backup, 0, '.index')), 'missing-index'],
  ])('sees %s', async (_what, spoil, kind) => {
    const backup = realBackup({ indexes: 'bloom-filter' });
    spoil(backup);
    const quick = await verifyBackup(backup.folder, { isQuick: true });
    expect(quick.problems.map((each) => each.kind)).toContain(kind);
  });

  test('passes over an altered event, which a verification finds', async () => {
    const backup = realBackup();
    const file = eventFile(backup, 8);
    const bytes = fs.readFileSync(file);
    bytes[60] = (bytes[60] ?? 0) ^ 1;
    fs.writeFileSync(file, bytes);
    const [quick, whole] = await bothOf(backup.folder);
    expect([quick.verdict, whole.verdict]).toEqual(['consistent', 'inconsistent']);
  });

  test('into an archive finds the same', async () => {
    const { folder } = realBackup();
    const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const files = names.filter((name) => fs.statSync(path.join(folder, name)).isFile());
    const tar = path.join(temporaryFolder(), 'backup.tar');
    fs.writeFileSync(tar, await tarOf(new Map(files.map((name) => [name, fs.readFileSync(path.join(folder, name))]))));
    const [quick, whole] = await bothOf(tar);
    expect(comparable(quick)).toEqual(comparable(whole));
    expect(quick.verdict).toBe('consistent');
  });
});

test('each byte of segments and logs is read once, and told as it is read', async () => {
  // Where the choice of a backup asked twice for the end of a segment, it was read twice.
  const { folder } = realBackup({ indexes: 'bloom-filter' });
  const told: Array<readonly [number, number]> = [];
  await verifyBackup(folder, { onProgress: (done, all) => told.push([done, all]) });
  const [done, all] = told.at(-1) ?? [0, -1];
  expect(done).toBe(all);
  expect(told.map(([each]) => each)).toEqual(told.map(([each]) => each).toSorted((a, b) => a - b));
});
