import * as fs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readMapDb } from '../../../conformance/oracle/segments/mapdb-file.ts';
import { verifyBackup, type BackupVerification } from '../../../conformance/oracle/verification/verify-backup.ts';
import { encodeBloomFilter } from '../../../server/formats/bloom-filter.ts';
import { encodeMapDb } from '../../support/mapdb-files.ts';
import { eventFile, positionsIn, realBackup, type RealBackup } from '../../support/real-backups.ts';

function kindsOf({ problems }: BackupVerification): string[] {
  return problems.map(({ kind }) => kind);
}

/* Closed segments 0, 8 and 16 of eight events each, and 24, which is open. */

describe('indexes as real servers write them', () => {
  test('are held against their segments, entry by entry', async () => {
    const found = await verifyBackup(realBackup({ indexes: 'bloom-filter' }).folder);
    expect(found).toMatchObject({ verdict: 'consistent', problems: [], notes: [] });
    expect(found.stores[0]).toMatchObject({ indexes: { exact: 3 }, blooms: { exact: 3 }, jumpSkipIndexes: {} });
  });

  test('may be jump-skip indexes, with one for the whole context', async () => {
    const backup = realBackup({ database: 'small-2.2.224', indexes: 'jump-skip' });
    const found = await verifyBackup(backup.folder);
    expect(found).toMatchObject({ verdict: 'consistent', problems: [], notes: [] });
    expect(found.stores[0]).toMatchObject({ indexes: {}, blooms: {}, jumpSkipIndexes: { sound: 3 } });
    fs.rmSync(path.join(backup.folder, 'events/default/global-index-00000.xref'));
    const without = await verifyBackup(backup.folder);
    expect(without.verdict).toBe('consistent');
    expect(without.notes).toEqual([expect.stringContaining('no global-index-….xref')]);
  });

  test('may be missing from the newest on: a server builds them', async () => {
    const backup = realBackup({ indexes: 'bloom-filter' });
    for (const suffix of ['.index', '.bloom']) fs.rmSync(eventFile(backup, 16, suffix));
    const found = await verifyBackup(backup.folder);
    expect(found).toMatchObject({ verdict: 'consistent', problems: [] });
    expect(found.notes).toEqual([expect.stringMatching(/^default EVENT: 1 of the closed segments without index/)]);
  });

  test('may all be missing', async () => {
    const found = await verifyBackup(realBackup().folder);
    expect(found).toMatchObject({ verdict: 'consistent', problems: [] });
    expect(found.notes).toContainEqual(expect.stringMatching(/^default EVENT: 3 of the closed segments without index/));
  });
});

/*
 * 4.6.11 and 2023.2.1 start on a store whose older segment lacks its index, say nothing, and answer reads by aggregate without
 * that segment's events. `verify` had it that the server builds what it needs.
 */
describe('an index of an older closed segment, while a newer one is good', () => {
  const other = encodeMapDb(new Map([['somebody', [5]]]));

  test.each<[string, (backup: RealBackup) => void, string, string]>([
    ['is missing', (backup) => fs.rmSync(eventFile(backup, 0, '.index')), 'missing-index', 'segment 0 of EVENT lacks'],
    [
      'lacks its bloom filter',
      (backup) => fs.rmSync(eventFile(backup, 0, '.bloom')),
      'missing-index',
      'segment 0 of EVENT',
    ],
    [
      'is missing with its bloom filter',
      (backup) => {
        for (const suffix of ['.index', '.bloom']) fs.rmSync(eventFile(backup, 8, suffix));
      },
      'missing-index',
      'segment 8 of EVENT',
    ],
    ['is cut', (backup) => fs.truncateSync(eventFile(backup, 0, '.index'), 1_048_576), 'bad-index', 'cut or damaged'],
    ['is of no bytes', (backup) => fs.truncateSync(eventFile(backup, 0, '.index'), 0), 'bad-index', 'cut or damaged'],
    ['is no index', (backup) => fs.writeFileSync(eventFile(backup, 0, '.index'), 'nothing'), 'bad-index', 'damaged'],
    [
      'lists nothing',
      (backup) => fs.writeFileSync(eventFile(backup, 0, '.index'), encodeMapDb(new Map())),
      'bad-index',
      'empty',
    ],
    [
      "is another segment's",
      (backup) => fs.copyFileSync(eventFile(backup, 8, '.index'), eventFile(backup, 0, '.index')),
      'bad-index',
      'of other events',
    ],
    [
      'is of other aggregates',
      (backup) => fs.writeFileSync(eventFile(backup, 0, '.index'), other),
      'bad-index',
      'of other events',
    ],
    [
      'hides aggregates by its bloom filter',
      (backup) => fs.writeFileSync(eventFile(backup, 0, '.bloom'), encodeBloomFilter(new Set(['nobody']))),
      'bad-index',
      'hides aggregates',
    ],
  ])('%s: the backup is not consistent', async (_what, spoil, kind, message) => {
    const backup = realBackup({ indexes: 'bloom-filter' });
    spoil(backup);
    const found = await verifyBackup(backup.folder);
    expect(found.verdict).toBe('inconsistent');
    expect(found.problems).toMatchObject([{ kind, where: 'default' }]);
    expect(found.problems[0]?.message).toContain(message);
    expect(found.problems[0]?.message).toContain('203 of 339');
    expect(found.problems[0]?.message).toContain('here 8 of 24 events');
    expect(found.problems[0]?.message).toContain('while that of 16 is good');
  });

  test('is a jump-skip index that is missing, or cut', async () => {
    const backup = realBackup({ database: 'small-2.2.224', indexes: 'jump-skip' });
    fs.truncateSync(eventFile(backup, 8, '.nindex'), 1000);
    fs.rmSync(eventFile(backup, 0, '.nindex'));
    expect(kindsOf(await verifyBackup(backup.folder))).toEqual(['missing-index', 'bad-index']);
  });
});

describe('an index of the newest closed segments', () => {
  test('that does not open keeps 4.6.11 from starting', async () => {
    const backup = realBackup({ indexes: 'bloom-filter' });
    fs.truncateSync(eventFile(backup, 16, '.index'), 1_048_576);
    const found = await verifyBackup(backup.folder);
    expect(kindsOf(found)).toEqual(['bad-index']);
    expect(found.problems[0]?.message).toContain('4.6.11 does not start');
  });

  test('of the highest segment is deleted where it does not open, and believed where it is empty', async () => {
    const backup = realBackup({ indexes: 'bloom-filter' });
    fs.copyFileSync(eventFile(backup, 16, '.bloom'), eventFile(backup, 24, '.bloom'));
    fs.writeFileSync(eventFile(backup, 24, '.index'), 'nothing');
    expect((await verifyBackup(backup.folder)).problems).toEqual([]);
    fs.writeFileSync(eventFile(backup, 24, '.index'), encodeMapDb(new Map()));
    expect(kindsOf(await verifyBackup(backup.folder))).toEqual(['bad-index']);
  });

  /* 4.6.11 was seen to close a segment twice: an empty index, and an empty filter over the beginning of the one that was there. */
  test('of a segment that was closed twice is empty, and hides all of it', async () => {
    const backup = realBackup({ indexes: 'bloom-filter' });
    const filter = fs.readFileSync(eventFile(backup, 16, '.bloom'));
    const empty = encodeBloomFilter(new Set());
    fs.writeFileSync(
      eventFile(backup, 24, '.bloom'),
      Buffer.concat([empty, filter.subarray(empty.length), Buffer.alloc(8)]),
    );
    fs.writeFileSync(eventFile(backup, 24, '.index'), encodeMapDb(new Map()));
    const found = await verifyBackup(backup.folder);
    expect(kindsOf(found)).toEqual(['bad-index']);
    expect(found.problems[0]?.message).toContain('hides aggregates');
  });
});

describe('a file of MapDB', () => {
  const aggregates = fc.uniqueArray(
    fc.tuple(fc.string({ maxLength: 40 }), fc.array(fc.nat(2 ** 31 - 1), { maxLength: 60 })),
    {
      selector: ([key]) => key,
      maxLength: 40,
    },
  );

  test('gives back what was put into it', () => {
    fc.assert(
      fc.property(aggregates, (entries) => {
        const bytes = encodeMapDb(new Map(entries));
        expect(readMapDb(bytes, bytes.length)).toEqual({ state: 'sound', positions: new Map(entries) });
      }),
      { numRuns: 30, seed: 3 },
    );
  });

  test('that something has changed is damaged or read, and nothing falls over it', () => {
    const bytes = encodeMapDb(
      new Map([
        ['a', [5, 200, 40_000]],
        ['b', [12]],
      ]),
    );
    const changes = fc.array(
      fc.tuple(
        fc.oneof(
          fc.nat(64),
          fc.integer({ min: 0x8060, max: 0x80c0 }),
          fc.integer({ min: 1 << 20, max: (1 << 20) + 300 }),
        ),
        fc.nat(255),
      ),
      { minLength: 1, maxLength: 6 },
    );
    const cuts = fc.constantFrom(bytes.length, (1 << 20) + 100, 0x8071, 50, 0);
    fc.assert(
      fc.property(changes, cuts, fc.boolean(), (list, length, isResealed) => {
        const changed = Buffer.from(bytes);
        for (const [at, value] of list) changed[at] = value;
        // With the checksum left out it is the places and records that are held.
        if (isResealed) changed.writeInt32BE(0, 16);
        expect(['sound', 'damaged']).toContain(readMapDb(changed.subarray(0, length), bytes.length).state);
      }),
      { numRuns: 300, seed: 5 },
    );
  });
});

/** Files of real servers are not ours to commit: this names a folder of them, as verify.test.ts has it, by release. */
const realFolder = process.env['AXON_REAL_DIR'] ?? '';

test.skipIf(realFolder === '')(
  'real indexes list each event of their segments (left out unless AXON_REAL_DIR names their folder)',
  () => {
    for (const [release, segment, data, index] of [
      ['4.2.4', 0, 'events', 'index'],
      ['4.2.4', 0, 'snapshots', 'sindex'],
      ['4.5.16', 0, 'events', 'index'],
      ['4.6.11', 0, 'events', 'index'],
      ['2023.2.1', 0, 'events', 'index'],
      ['2023.2.1', 0, 'snapshots', 'sindex'],
    ] as const) {
      const name = String(segment).padStart(20, '0');
      const bytes = gunzipSync(fs.readFileSync(path.join(realFolder, release, `${name}.${index}.gz`)));
      const events = fs.readFileSync(path.join(realFolder, release, `${name}.${data}`));
      const positions = positionsIn(events, BigInt(segment));
      expect(positions.size).toBeGreaterThan(5);
      expect(readMapDb(bytes, bytes.length)).toEqual({ state: 'sound', positions });
    }
  },
);
