import * as fs from 'node:fs';
import { zipSync } from 'fflate';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { verifyBackup, type BackupVerification } from '../../../conformance/oracle/verification/verify-backup.ts';
import { mutate, mutations } from '../../support/damaged-databases.ts';
import { readGolden } from '../../support/h2-databases.ts';
import { APPLIED_EVENTS, eventFile, realBackup, replaceDatabase, type RealBackup } from '../../support/real-backups.ts';

function kindsOf({ problems }: BackupVerification): string[] {
  return problems.map(({ kind }) => kind);
}

function byGroup(a: { readonly group: string }, b: { readonly group: string }): number {
  return a.group < b.group ? -1 : 1;
}

function groupOf({ groups }: RealBackup, name = 'default'): RealBackup['groups'][number] {
  const found = groups.find(({ group }) => group === name);
  if (found === undefined) throw new Error(`there is no group ${name}`);
  return found;
}

/*
 * `verify` once looked at the zip around a real server's database and no further: CONSISTENT, whatever its log and events
 * were, and also where the database was six bytes of text.
 */
describe("a real server's backup", () => {
  test.each([
    ['small-1.4.197', 1],
    ['small-1.4.200', 1],
    ['small-2.2.224', 3],
    ['small-2.4.240', 3],
    ['churned-1.4.197', 1],
    ['churned-2.2.224', 3],
    ['before-4.4-1.4.197', 1],
    ['many-groups-2.4.240', 3],
  ])('whose log and events join its database is consistent: %s', async (database, format) => {
    const backup = realBackup({ database });
    const found = await verifyBackup(backup.folder);
    expect(found.problems).toEqual([]);
    expect(found.verdict).toBe('consistent');
    const [controlDb] = found.controlDbs;
    expect(controlDb).toMatchObject({ state: 'opened', engine: { name: 'h2', format } });
    const read = controlDb?.groups.map(({ group, commitIndex, appliedIndex, members }) => {
      return { group, commitIndex, appliedIndex, nodeIds: members.map(({ nodeId }) => nodeId).toSorted() };
    });
    const written = backup.groups.map(({ group, commitIndex, appliedIndex, nodeIds }) => {
      return { group, commitIndex, appliedIndex, nodeIds: nodeIds.toSorted() };
    });
    expect(read?.toSorted(byGroup)).toEqual(written.toSorted(byGroup));
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  });

  test('is told with contexts, their groups and their index formats, and what of the log comes behind the events', async () => {
    const found = await verifyBackup(realBackup({ database: 'small-2.4.240' }).folder);
    expect(found.controlDbs[0]?.contexts).toContainEqual({
      name: 'default-0',
      group: 'default',
      isDcb: false,
      eventIndexFormat: 'JUMP_SKIP_INDEX',
      snapshotIndexFormat: 'JUMP_SKIP_INDEX',
      replicationIndex: 922121676,
    });
    expect(found.restored).toMatchObject({ basis: 'files-and-log', starts: null });
    const stores = found.restored?.stores.filter(({ type, fromLog }) => type === 'EVENT' && fromLog > 0);
    // Committed and not applied is one entry of the group `default`, which has two contexts.
    expect(stores?.map(({ tokens, fromLog }) => [tokens?.last, fromLog])).toEqual([[APPLIED_EVENTS, 1]]);
  });

  test('knows its log by the ids of nodes in it, whatever the folder is called', async () => {
    const backup = realBackup();
    fs.renameSync(`${backup.folder}/log/default`, `${backup.folder}/log/one`);
    fs.renameSync(`${backup.folder}/log/orders`, `${backup.folder}/log/two`);
    const found = await verifyBackup(backup.folder);
    expect(found.problems).toEqual([]);
    expect(found.logs.map(({ group }) => group)).toEqual(['_admin', 'default', 'orders']);
  });
});

describe("a real server's backup that cannot be restored", () => {
  test('has a log that is one entry short of the commit index', async () => {
    const backup = realBackup({ entriesLess: 1 });
    const { commitIndex } = groupOf(backup);
    const found = await verifyBackup(backup.folder);
    expect(found).toMatchObject({
      verdict: 'inconsistent',
      problems: [{ kind: 'log-ends-too-early', where: 'default' }],
    });
    expect(found.problems[0]?.message).toContain(`the log ends at ${commitIndex - 1}`);
    expect(found.problems[0]?.message).toContain(`committed up to ${commitIndex}`);
  });

  test('has a database that is newer than its log', async () => {
    const backup = realBackup({ entriesLess: 8 });
    const { commitIndex, appliedIndex } = groupOf(backup);
    const found = await verifyBackup(backup.folder);
    expect(kindsOf(found)).toEqual(['log-ends-too-early']);
    expect(found.problems[0]?.message).toContain(`ends at ${commitIndex - 8}`);
    expect(found.problems[0]?.message).toContain(`applied up to ${appliedIndex}`);
  });

  test('has events that end before what is applied', async () => {
    const backup = realBackup({ eventsLess: 2 });
    const found = await verifyBackup(backup.folder);
    expect(kindsOf(found)).toEqual(['events-behind-control-db', 'apply-stopped']);
    expect(found.problems[0]).toMatchObject({ where: 'default' });
    expect(found.problems[0]?.message).toContain(`end before token ${APPLIED_EVENTS - 2}`);
    expect(found.problems[0]?.message).toContain(`before token ${APPLIED_EVENTS} of EVENT as applied`);
    expect(found.problems[0]?.message).toContain(`up to ${groupOf(backup).appliedIndex}`);
  });

  test('has a log that begins behind what is applied', async () => {
    const backup = realBackup();
    const { commitIndex, appliedIndex } = groupOf(backup);
    const folder = `${backup.folder}/log/default`;
    const [only = ''] = fs.readdirSync(folder);
    fs.renameSync(`${folder}/${only}`, `${folder}/${String(commitIndex + 5).padStart(20, '0')}.log`);
    const late = await verifyBackup(backup.folder);
    expect(kindsOf(late)).toEqual(['log-starts-too-late']);
    expect(late.problems[0]?.message).toContain(`begins at ${commitIndex + 5}`);
    expect(late.problems[0]?.message).toContain(`applied up to ${appliedIndex}`);
  });

  test('has no log of a group', async () => {
    const backup = realBackup();
    fs.rmSync(`${backup.folder}/log/orders`, { recursive: true });
    const found = await verifyBackup(backup.folder);
    expect(found.problems).toMatchObject([{ kind: 'no-log', where: 'orders' }]);
    expect(found.problems[0]?.message).toContain(String(groupOf(backup, 'orders').appliedIndex));
  });

  test('has no events of a context that the database has', async () => {
    const found = await verifyBackup(realBackup({ without: ['orders'] }).folder);
    expect(kindsOf(found)).toContain('no-events');
    expect(found.problems.find(({ kind }) => kind === 'no-events')).toMatchObject({ where: 'orders' });
  });

  test('has the log of another cluster', async () => {
    const backup = realBackup({ nodeIds: ['stranger-1', 'stranger-2'] });
    const found = await verifyBackup(backup.folder);
    expect(kindsOf(found)).toEqual(['other-cluster', 'other-cluster', 'other-cluster']);
    expect(found.problems[0]?.message).toContain('stranger-1');
    expect(found.problems[0]?.message).toContain(backup.groups[0]?.nodeIds[0]);
  });

  const golden = readGolden('small-1.4.200').bytes;
  test.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'comes up uninitialised'],
    ['zeros', new Uint8Array(golden.length), 'comes up uninitialised'],
    ['six bytes of text', Buffer.from('foobar'), 'comes up uninitialised'],
    ['six bytes of a database', Buffer.from('H:2,bl'), 'at byte 6'],
    ['a letter', Buffer.from('Dear operator, here is the file that you wanted.'.repeat(300)), 'comes up uninitialised'],
    ['a database that breaks off', golden.subarray(0, golden.length - 8192), 'at byte'],
    ["something else's database", readGolden('types-2.4.240').bytes, 'no table of Axon Server'],
  ])('has in place of its database %s', async (_what, database, message) => {
    const backup = realBackup();
    replaceDatabase(backup, database);
    const found = await verifyBackup(backup.folder);
    expect(found.verdict).toBe('inconsistent');
    const [problem] = found.problems;
    expect(problem?.kind).toBe('control-db-unreadable');
    expect(problem?.message).toContain(message);
  });

  test('has a database whose newest version does not open, so that a server opens an older one', async () => {
    const backup = realBackup({ database: 'churned-2.2.224' });
    const damaged = readGolden('churned-2.2.224').bytes.slice();
    damaged[20_480] = 0;
    replaceDatabase(backup, damaged, 'axonserver-configdb.mv.db');
    const found = await verifyBackup(backup.folder);
    const stale = found.problems.find(({ kind }) => kind === 'control-db-stale');
    expect(stale?.message).toMatch(/newest version in it \(11\) does not open.*opens version 7 instead/);
  });

  test('has a zip without the database', async () => {
    const backup = realBackup();
    fs.writeFileSync(backup.zip, zipSync({ 'README.txt': Buffer.from('nothing') }));
    expect((await verifyBackup(backup.folder)).verdict).toBe('inconsistent');
  });
});

test('log and events of more records than are ever in memory are judged like any other', async () => {
  // Honest logs of more than 1,500,000 entries were refused, and segments of 2,000,000 small events.
  const { folder } = realBackup({ indexes: 'bloom-filter' });
  const limits = { events: 3, logEntriesAtOnce: 2, logEntries: 3 };
  expect(await verifyBackup(folder, { limits })).toEqual(await verifyBackup(folder));
});

describe("what is not wrong with a real server's backup is noted", () => {
  test('segments of a context that the database does not know', async () => {
    const backup = realBackup();
    fs.cpSync(`${backup.folder}/events/orders`, `${backup.folder}/events/payments`, { recursive: true });
    const found = await verifyBackup(backup.folder);
    expect(found.problems).toEqual([]);
    expect(found.notes).toContainEqual(expect.stringContaining('does not know context payments'));
  });

  test('a context that shares a folder with nobody and is the only one needs no name', async () => {
    const backup = realBackup({ database: 'before-4.4-1.4.197' });
    fs.renameSync(`${backup.folder}/events/default`, `${backup.folder}/data`);
    const found = await verifyBackup(backup.folder);
    expect(found.problems).toEqual([]);
    expect(found.stores.map(({ context }) => context)).toEqual(['default', 'default']);
    expect(fs.existsSync(eventFile(backup, 0))).toBe(false);
  });
});

test.each(['small-1.4.200', 'small-2.4.240'])(
  'a database that something has changed is told from a whole one, or read, and nothing falls over it: %s',
  async (database) => {
    const backup = realBackup({ database });
    const { bytes } = readGolden(database);
    const [name] = database === 'small-1.4.200' ? ['axonserver-controldb.mv.db'] : ['axonserver-configdb.mv.db'];
    await fc.assert(
      fc.asyncProperty(mutations(bytes.length), async (list) => {
        replaceDatabase(backup, mutate(bytes, list).bytes, name);
        const { verdict, problems, controlDbs } = await verifyBackup(backup.folder);
        expect(verdict).toBe(problems.length === 0 ? 'consistent' : 'inconsistent');
        expect(controlDbs).toHaveLength(1);
      }),
      { numRuns: 150, seed: 14 },
    );
  },
);
