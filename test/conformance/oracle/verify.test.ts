import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { verifyBackup, type BackupVerification } from '../../../conformance/oracle/verification/verify-backup.ts';
import { encodeBloomFilter } from '../../../server/formats/bloom-filter.ts';
import { backUp, tarOf } from '../../support/backup-client.ts';
import { backedUp, fileAt, flipByte, grownCluster, sharedBackup, type BackedUp } from '../../support/backups.ts';
import { nodeOf } from '../../support/simulator.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const goodBackup = sharedBackup();
const events = 'events/default';

function kindsOf({ problems }: BackupVerification): string[] {
  return problems.map(({ kind }) => kind);
}

describe('a finished backup', () => {
  test('that is whole is consistent, and what a restored node would hold is told', async () => {
    const backup = goodBackup();
    const found = await verifyBackup(backup.folder);
    expect(found).toMatchObject({ path: backup.folder, verdict: 'consistent', problems: [], notes: [] });
    expect(found.stores.map(({ context, type }) => [context, type])).toEqual([
      ['default', 'EVENT'],
      ['default', 'SNAPSHOT'],
    ]);
    const [store] = found.stores;
    expect(store).toMatchObject({ gaps: [], overlaps: [], badChecksums: [], unreadable: [] });
    expect(store?.segments).toBeGreaterThan(5);
    expect(store?.indexes).toEqual({ exact: Number(store?.segments) - 1 });
    expect(store?.blooms).toEqual({ exact: Number(store?.segments) - 1 });
    expect(store?.tokens).toEqual({ first: 0, last: Number(store?.events) - 1 });
    expect(found.logs.map(({ group }) => group)).toEqual(['_admin', 'default']);
    expect(found.controlDbs).toMatchObject([
      { isNewest: true, state: 'opened', message: null, engine: { name: 'sqlite' }, lastBackups: [] },
    ]);
    expect(found.controlDbs[0]?.contexts).toMatchObject([{ name: 'default', group: 'default' }]);
    expect(found.controlDbs[0]?.groups[0]?.members).toMatchObject([{ nodeName: 'node-1', role: 'PRIMARY' }]);
    expect(found.controlDbs[0]?.groups.map(({ group }) => group)).toEqual(['_admin', 'default']);
    expect(found.restored).toMatchObject({ basis: 'node', starts: true });
    const held = found.restored?.stores[0]?.tokens?.last ?? 0;
    expect(held).toBeGreaterThanOrEqual(store?.tokens?.last ?? 0);
    expect(found.restored?.configuration?.contexts).toEqual(['default']);
    expect(found.restored?.configuration?.applications.length).toBeGreaterThan(0);
  });

  test('that is too large to start a node on is counted, and comes to the same', async () => {
    const { folder } = goodBackup();
    const started = await verifyBackup(folder);
    const counted = await verifyBackup(folder, { limits: { logEntriesAtOnce: 2 } });
    expect(counted).toMatchObject({ verdict: 'consistent', restored: { basis: 'files-and-log', starts: null } });
    expect(counted.notes).toEqual([expect.stringContaining('a segment of a log holds more than 2 entries')]);
    expect(counted.restored?.stores).toEqual(started.restored?.stores);
    expect(counted.stores).toEqual(started.stores);
  });

  test('is plain data: JSON and back it is the same', async () => {
    const found = await verifyBackup(goodBackup().folder);
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  });

  test('leaves nothing behind, and is not touched', async () => {
    const { folder } = goodBackup();
    const look = (): string[] => {
      const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
      return names.map((name) => `${name} ${fs.statSync(path.join(folder, name)).mtimeMs}`);
    };
    const before = look();
    await verifyBackup(folder);
    expect(look()).toEqual(before);
  });

  test('may be an archive', async () => {
    const { folder } = goodBackup();
    const files = new Map<string, Buffer>();
    for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (fs.statSync(path.join(folder, name)).isFile()) files.set(name, fs.readFileSync(path.join(folder, name)));
    }
    const tar = path.join(temporaryFolder(), 'backup.tar');
    fs.writeFileSync(tar, await tarOf(files));
    expect(await verifyBackup(tar)).toMatchObject({ verdict: 'consistent', restored: { starts: true } });
    const zip = path.join(temporaryFolder(), 'backup.zip');
    fs.writeFileSync(zip, zipSync(Object.fromEntries(files)));
    expect(await verifyBackup(zip)).toMatchObject({ verdict: 'consistent', restored: { starts: true } });
  });

  test('that is not there is a wrong option', async () => {
    const missing = path.join(temporaryFolder(), 'missing');
    await expect(verifyBackup(missing)).rejects.toMatchObject({ kind: 'bad-option' });
  });

  test.each([{}, { 'notes.txt': 'nothing' }])('of nothing is nothing to verify: %j', async (files) => {
    const folder = temporaryFolder();
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text);
    expect(await verifyBackup(folder)).toMatchObject({ verdict: 'nothing-to-verify', problems: [], restored: null });
  });
});

describe('what is wrong with a backup is found', () => {
  const zipOf = (backup: BackedUp): string => fileAt(backup, '.', '.zip', 0);

  test.each<[string, (backup: BackedUp) => void, readonly string[]]>([
    [
      'a flipped byte in an old segment',
      (backup) => flipByte(fileAt(backup, events, '.events', 1), 60),
      ['bad-checksum'],
    ],
    ['a segment that is missing', (backup) => fs.rmSync(fileAt(backup, events, '.events', 2)), ['event-gap']],
    [
      'a segment cut short',
      (backup) => fs.truncateSync(fileAt(backup, events, '.events', 2), 900),
      ['events-unreadable'],
    ],
    ['a log segment that is missing', (backup) => fs.rmSync(fileAt(backup, 'log/default', '.log', 2)), ['log-gap']],
    [
      'no log of a group',
      (backup) => fs.rmSync(path.join(backup.folder, 'log/default'), { recursive: true }),
      ['no-log'],
    ],
    ['no control database', (backup) => fs.rmSync(zipOf(backup)), ['no-control-db']],
    ['a damaged control database', (backup) => flipByte(zipOf(backup), 500), ['control-db-unreadable']],
    [
      'the beginning of an H2 database',
      (backup) => {
        const real = zipSync({ 'axonserver-controldb.mv.db': Buffer.from('H:2,block:1,blockSize:1000,created:18') });
        fs.writeFileSync(zipOf(backup), real);
      },
      ['control-db-unreadable'],
    ],
    [
      'an index missing below a good one',
      (backup) => fs.rmSync(fileAt(backup, events, '.index', 0)),
      ['missing-index'],
    ],
    ['a damaged index', (backup) => flipByte(fileAt(backup, events, '.index', 1), 40), ['bad-index']],
    ['a bloom filter cut short', (backup) => fs.truncateSync(fileAt(backup, events, '.bloom', 1), 10), ['bad-index']],
    [
      'a bloom filter of something else',
      (backup) => fs.writeFileSync(fileAt(backup, events, '.bloom', 1), encodeBloomFilter(new Set(['nobody']))),
      ['bad-index'],
    ],
    [
      'an archive that cannot be read',
      ({ folder }) => fs.writeFileSync(path.join(folder, 'a.tar.gz'), 'x'),
      ['unreadable'],
    ],
    [
      'the open segment missing',
      (backup) => fs.rmSync(fileAt(backup, events, '.events', -1)),
      ['events-behind-control-db', 'apply-stopped'],
    ],
    [
      'the newest closed segment missing',
      (backup) => fs.rmSync(fileAt(backup, events, '.events', -2)),
      ['event-gap', 'does-not-start'],
    ],
  ])('%s', async (_what, breakIt, kinds) => {
    const backup = goodBackup();
    breakIt(backup);
    const found = await verifyBackup(backup.folder);
    expect(found.verdict).toBe('inconsistent');
    expect(kindsOf(found)).toEqual(kinds);
  });

  test('a live control database in place of the zip', async () => {
    const backup = goodBackup();
    fs.rmSync(zipOf(backup));
    const live = 'axonserver-controldb.mv.db';
    fs.copyFileSync(path.join(nodeOf(backup.simulator).controlDbDir, live), path.join(backup.folder, live));
    expect(await verifyBackup(backup.folder)).toMatchObject({
      verdict: 'inconsistent',
      problems: [{ kind: 'live-control-db', where: live }],
    });
  });

  test('gaps and overlaps with the tokens that they hold', async () => {
    const backup = goodBackup();
    const gone = fileAt(backup, events, '.events', 2);
    const next = Number.parseInt(path.basename(fileAt(backup, events, '.events', 3)), 10);
    fs.rmSync(gone);
    const found = await verifyBackup(backup.folder);
    expect(found.stores[0]?.gaps).toEqual([{ first: Number.parseInt(path.basename(gone), 10), last: next - 1 }]);
  });
});

describe('what is not wrong is noted', () => {
  test('events alone, without log and control database', async () => {
    const { folder } = goodBackup();
    const found = await verifyBackup(path.join(folder, 'events'));
    expect(found).toMatchObject({
      verdict: 'consistent',
      logs: [],
      controlDbs: [],
      restored: { basis: 'files', starts: null },
    });
    expect(found.notes).toEqual([expect.stringContaining('no zip of a control database')]);
  });

  test('segments without index from the newest on', async () => {
    const backup = goodBackup();
    for (const suffix of ['.index', '.bloom']) fs.rmSync(fileAt(backup, events, suffix, -1));
    expect(await verifyBackup(backup.folder)).toMatchObject({
      verdict: 'consistent',
      notes: [expect.stringContaining('1 of the closed segments without index or bloom filter')],
    });
  });
});

test('several backups beside each other are one: the newest copy of everything', async () => {
  const simulator = await grownCluster();
  const first = await backedUp({ simulator, layout: 'dated', run: 1 });
  await simulator.clock.advance(120_000);
  await backUp(simulator, first.folder, { layout: 'dated', run: 2 });
  const found = await verifyBackup(first.folder);
  expect(found.problems).toEqual([]);
  expect(found.controlDbs.map(({ file, isNewest }) => [path.dirname(file), isNewest])).toEqual([
    ['run-2', true],
    ['run-1', false],
  ]);
});

/* It was consistent without a word, and showed the pointers of the newer database beside what the older one restores. */
test.each(['_admin', 'default'])(
  'a newer backup without its log of %s is told, and the older one is taken',
  async (group) => {
    const simulator = await grownCluster();
    const { folder } = await backedUp({ simulator, layout: 'dated', run: 1 });
    await simulator.clock.advance(120_000);
    const before = await verifyBackup(folder);
    await backUp(simulator, folder, { layout: 'dated', run: 2 });
    const whole = await verifyBackup(folder);
    fs.rmSync(path.join(folder, 'run-2/log', group), { recursive: true });
    const found = await verifyBackup(folder);
    expect(whole.verdict).toBe('consistent');
    expect(found.verdict).toBe('inconsistent');
    expect(found.problems).toMatchObject([
      {
        kind: 'newest-not-whole',
        where: expect.stringMatching(/^run-2\//),
        message: expect.stringContaining('than run-1/'),
      },
    ]);
    expect(found.controlDbs.find(({ isNewest }) => isNewest)).toEqual(before.controlDbs[0]);
    expect(found.restored).toEqual(before.restored);
  },
);

/* The database is gone, the logs are there: nothing told that a newer backup had been lost. */
test('a newer backup without its control database is told by its logs, and the older one is taken', async () => {
  const simulator = await grownCluster();
  const { folder } = await backedUp({ simulator, layout: 'dated', run: 1 });
  const before = await verifyBackup(folder);
  await backUp(simulator, folder, { layout: 'dated', run: 2 });
  for (const name of fs.readdirSync(path.join(folder, 'run-2'))) {
    if (name.endsWith('.zip')) fs.rmSync(path.join(folder, 'run-2', name));
  }
  const found = await verifyBackup(folder);
  expect(found.verdict).toBe('inconsistent');
  expect(new Set(found.problems.map(({ kind, where }) => `${kind} ${where}`))).toEqual(
    new Set(['newest-not-whole run-2/log/default']),
  );
  expect(found.restored).toEqual(before.restored);
});

/**
 * Files that a real server wrote are not ours to commit: copies of them from the test resources of AxonIQ/axon-server-se
 * lie in the folder that this variable names (test/server/formats/golden.test.ts says which).
 */
const goldenFolder = process.env['AXON_GOLDEN_DIR'] ?? '';

test.skipIf(goldenFolder === '')(
  'files that a real server wrote are consistent (left out unless AXON_GOLDEN_DIR names their folder)',
  async () => {
    // What lies in folders beside them is of several servers, and no backup of one.
    const folder = temporaryFolder();
    for (const entry of fs.readdirSync(goldenFolder, { withFileTypes: true })) {
      if (entry.isFile()) fs.copyFileSync(path.join(goldenFolder, entry.name), path.join(folder, entry.name));
    }
    const found = await verifyBackup(folder);
    expect(found).toMatchObject({
      verdict: 'consistent',
      problems: [],
      stores: [
        {
          type: 'EVENT',
          segments: 1,
          events: 462,
          tokens: { first: 0, last: 461 },
          badChecksums: [],
          blooms: { exact: 1 },
        },
        { type: 'SNAPSHOT', segments: 1, events: 462, tokens: { first: 0, last: 461 }, badChecksums: [] },
      ],
      logs: [{ segments: 1, entries: 4, indexes: { first: 1, last: 4 }, badChecksums: [] }],
    });
  },
);

/* Only `check` knows what contexts there are; without their names `verify` passed over one that is called `staging`. */
describe('a context whose name looks unfinished', () => {
  const contexts = ['default', 'staging', 'tmp'];
  const backup = sharedBackup({ contexts, rate: 0.2 }, { contexts });

  test.each(['events of a control database', 'events alone'])('counts: %s', async (what) => {
    const { folder } = backup();
    if (what === 'events alone') {
      for (const name of fs.readdirSync(folder))
        if (name !== 'events') fs.rmSync(path.join(folder, name), { recursive: true });
    }
    const whole = await verifyBackup(folder);
    expect(new Set(whole.stores.map(({ context }) => context))).toEqual(new Set(contexts));
    expect(whole.verdict).toBe('consistent');
    fs.rmSync(path.join(folder, 'events', 'staging', `${'0'.repeat(20)}.events`));
    expect(await verifyBackup(folder)).toMatchObject({
      verdict: 'inconsistent',
      problems: expect.arrayContaining([expect.objectContaining({ kind: 'event-gap', where: 'staging' })]),
    });
  });

  test('what is left out as unfinished is told, and what leads out of the backup', async () => {
    const { folder } = backup();
    fs.mkdirSync(path.join(folder, 'half.tmp'));
    for (const name of ['a', 'b']) fs.writeFileSync(path.join(folder, 'half.tmp', name), name);
    fs.symlinkSync(os.tmpdir(), path.join(folder, 'elsewhere'));
    const { verdict, notes } = await verifyBackup(folder);
    expect(verdict).toBe('consistent');
    expect(notes).toEqual([
      'left out, since by its name it is not finished: half.tmp (files: 2); if it is whole, rename it',
      'left out: elsewhere: it leads out of the backup',
    ]);
  });
});

/** A copy that keeps full paths was passed over, where the server lay below a folder with such a name. */
test('segments and logs that all lie below a folder named staging count, and what is unfinished beside them does not', async () => {
  const { folder } = goodBackup();
  const below = path.join(folder, 'srv', 'staging', 'axonserver');
  fs.mkdirSync(below, { recursive: true });
  for (const name of ['events', 'log']) fs.renameSync(path.join(folder, name), path.join(below, name));
  fs.cpSync(below, path.join(folder, '.incomplete-7'), { recursive: true });
  const { verdict, stores, notes } = await verifyBackup(folder);
  expect([verdict, stores.length > 0]).toEqual(['consistent', true]);
  expect(notes).toEqual([expect.stringMatching(/not finished: \.incomplete-7 /)]);
});

test('archives of other kinds and links that lead nowhere say nothing of what lies beside them', async () => {
  const { folder } = goodBackup();
  fs.writeFileSync(path.join(folder, 'server.log.1.xz'), 'x');
  fs.symlinkSync('/nowhere', path.join(folder, 'latest'));
  fs.symlinkSync('loop', path.join(folder, 'loop'));
  const { verdict, notes } = await verifyBackup(folder);
  expect(verdict).toBe('consistent');
  expect(notes.toSorted()).toEqual([
    expect.stringMatching(/^left out: latest: it leads nowhere$/),
    expect.stringMatching(/^left out: loop: it leads nowhere$/),
    expect.stringMatching(/^left out: server\.log\.1\.xz: of archives, zip, tar and gz are looked into/),
    'other files, passed over: 1',
  ]);
  const alone = temporaryFolder();
  fs.writeFileSync(path.join(alone, 'backup.tar.zst'), 'x');
  expect(await verifyBackup(alone)).toMatchObject({ verdict: 'nothing-to-verify', problems: [] });
});

test('of several whole backups the newest alone is verified, and that is said', async () => {
  const { folder } = goodBackup();
  const many = temporaryFolder();
  for (const day of ['mon', 'tue', 'wed'])
    fs.cpSync(folder, path.join(many, day), { recursive: true, preserveTimestamps: true });
  fs.rmSync(path.join(many, 'mon', events, `${'0'.repeat(20)}.events`));
  const { verdict, notes } = await verifyBackup(many);
  expect([verdict, notes]).toEqual([
    'consistent',
    [expect.stringMatching(/^2 other backups lie beside .* name one to verify it$/)],
  ]);
});

/** The zip alone was consistent: its database names no context that could be missed. */
test('a control database of the standard edition without any events is no backup', async () => {
  const { url, eventsDir } = nodeOf(await grownCluster({ edition: 'standard', serverVersion: '4.6' }));
  const zip = await (await fetch(`${url}/createControlDbBackup`, { method: 'POST' })).text();
  const folder = temporaryFolder();
  fs.copyFileSync(zip, path.join(folder, path.basename(zip)));
  fs.cpSync(eventsDir, path.join(folder, 'events'), { recursive: true });
  expect((await verifyBackup(folder)).verdict).toBe('consistent');
  fs.rmSync(path.join(folder, 'events'), { recursive: true });
  expect(kindsOf(await verifyBackup(folder))).toEqual(['no-events']);
});

/** It was called a copy of the live file, which the client had rightly never touched. */
test.each([
  ['its first byte flipped', (zip: string) => flipByte(zip, 0)],
  ['nothing in it', (zip: string) => fs.truncateSync(zip, 0)],
])('the zip of a control database with %s is damaged, and no live database', async (_what, spoil) => {
  const { folder } = goodBackup();
  const zip = fs.readdirSync(folder).find((name) => name.endsWith('.zip')) ?? '';
  spoil(path.join(folder, zip));
  const { problems } = await verifyBackup(folder);
  expect(problems).toContainEqual(expect.objectContaining({ kind: 'control-db-unreadable', where: zip }));
  expect(problems.map(({ kind }) => kind)).not.toContain('live-control-db');
});

test('a link by the name of a segment that leads nowhere is a segment that cannot be read', async () => {
  const { folder } = goodBackup();
  const last =
    fs
      .readdirSync(path.join(folder, events))
      .filter((name) => name.endsWith('.events'))
      .toSorted()
      .at(-1) ?? '';
  fs.rmSync(path.join(folder, events, last));
  fs.symlinkSync('/nowhere', path.join(folder, events, last));
  expect(kindsOf(await verifyBackup(folder))).toContain('unreadable');
});

test('the root of the disk is no backup', async () => {
  const link = path.join(temporaryFolder(), 'all');
  fs.symlinkSync('/', link);
  await expect(verifyBackup(link)).rejects.toMatchObject({ kind: 'bad-option' });
});

/** `._controldb….zip`, which macOS writes beside each file, was a damaged database, and half a file of rsync's a damaged zip. */
test.each([
  ['what macOS keeps beside a file', (name: string) => `._${name}`, Buffer.from('0005160700020000', 'hex')],
  ['what rsync has not finished', (name: string) => `.${name}.Ab12Cd`, Buffer.from('PK\x03\x04')],
  ['what the file system has found', (name: string) => `lost+found/${name}`, Buffer.from('PK\x03\x04')],
])('%s does a backup no harm, and is noted', async (_what, nameOf, bytes) => {
  const { folder } = goodBackup();
  for (const name of fs.readdirSync(folder).filter((each) => each.endsWith('.zip'))) {
    const file = path.join(folder, nameOf(name));
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, bytes);
  }
  const { verdict, problems, notes } = await verifyBackup(folder);
  expect([verdict, problems]).toEqual(['consistent', []]);
  expect(notes).toContainEqual(
    expect.stringMatching(/^left out, since by its name it is (?:not finished|of the system, and no backup): /),
  );
});
