import * as fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { BackupFileKind } from '../../../conformance/journal/inventory.ts';
import { readInventory } from '../../../conformance/oracle/backup/backup-reader.ts';
import { verifyBackup } from '../../../conformance/oracle/verification/verify-backup.ts';
import { decodeLogSegment } from '../../../server/formats/log-segment.ts';
import { encodeLogIndex } from '../../../server/formats/log-index.ts';
import { tarOf } from '../../support/backup-client.ts';
import { assess, filesIn, numberOf, sharedBackup, type BackedUp } from '../../support/backups.ts';

/*
 * Up to 4.5.17 closed log segments have an `.index`, and `00000000000000000001.index` can be that of a log or of events.
 * Clients copy both, into one tree or another.
 */

const goodBackup = sharedBackup();
let backup: BackedUp;

beforeEach(() => {
  backup = goodBackup();
});

const named = (number: number, suffix: string): string => `${String(number).padStart(20, '0')}${suffix}`;

/** The index that a release with such files has of a log segment. */
function indexOf(logFile: string): Buffer {
  const { entries } = decodeLogSegment(fs.readFileSync(logFile), numberOf(logFile));
  return encodeLogIndex(new Map(entries.map(({ index, position }) => [index, position])));
}

/** Puts the index of each closed log segment beside it; their paths in the backup. */
function addLogIndexes(group: string): string[] {
  return filesIn(backup, `log/${group}`, '.log')
    .slice(0, -1)
    .map((file) => {
      const index = file.replace(/\.log$/, '.index');
      fs.writeFileSync(index, indexOf(file));
      return path.relative(backup.folder, index);
    });
}

/** Moves the log of `default` to where the events are, as a client with one folder for all does. */
function flatten(): void {
  for (const suffix of ['.log', '.index']) {
    for (const file of filesIn(backup, 'log/default', suffix)) {
      fs.renameSync(file, path.join(backup.folder, 'events/default', path.basename(file)));
    }
  }
}

async function kindsByPath(): Promise<Map<string, BackupFileKind>> {
  const { files } = await readInventory(backup.folder, null, 1, {
    contexts: ['default'],
    groups: ['_admin', 'default'],
  });
  return new Map(files.map((file) => [file.path, file.what]));
}

async function kindAt(file: string): Promise<BackupFileKind | undefined> {
  return (await kindsByPath()).get(file);
}

/** Writes a file below the backup's folder. */
function put(file: string, bytes: Buffer | string): void {
  const target = path.join(backup.folder, file);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, bytes);
}

/** The number of a closed event segment, as a log segment could have it, too. */
function sharedNumber(): number {
  const number = filesIn(backup, 'events/default', '.events').map(numberOf)[1];
  if (number === undefined) throw new Error('the backup has two segments');
  return number;
}

describe('the index of a log segment', () => {
  test('is known beside its segment, by its bytes or without them', async () => {
    const [first] = addLogIndexes('default');
    expect(await kindAt(first ?? '')).toEqual({ kind: 'log-index' });
    put(first ?? '', 'of a real server');
    expect(await kindAt(first ?? '')).toEqual({ kind: 'log-index' });
  });

  test('is none of an event segment of that number elsewhere, also when its own segment is gone', async () => {
    const number = sharedNumber();
    for (const bytes of [encodeLogIndex(new Map([[number, 5]])), 'of a real server']) {
      put(`log/default/${named(number, '.index')}`, bytes);
      expect(await kindAt(`log/default/${named(number, '.index')}`)).toEqual({ kind: 'log-index' });
    }
  });

  test('is known by its bytes in a folder of indexes, and in an archive', async () => {
    const number = sharedNumber();
    const bytes = encodeLogIndex(new Map([[number, 5]]));
    put(`indexes/${named(number, '.index')}`, bytes);
    put('all.tar', await tarOf(new Map([[named(number, '.index'), bytes]])));
    const kinds = await kindsByPath();
    expect(kinds.get(`indexes/${named(number, '.index')}`)).toEqual({ kind: 'log-index' });
    expect(kinds.get(`all.tar!${named(number, '.index')}`)).toEqual({ kind: 'log-index' });
  });

  test('does not make an index of events one of the log, though that lies among log segments of its number', async () => {
    const number = sharedNumber();
    const index = path.join(backup.folder, 'events/default', named(number, '.index'));
    const moved = `log/default/${named(number, '.index')}`;
    fs.renameSync(index, path.join(backup.folder, moved));
    const what = { kind: 'index', type: 'EVENT', context: 'default', segment: BigInt(number), suffix: '.index' };
    expect(await kindAt(moved)).toEqual(what);
    put(`log/default/${named(number, '.log')}`, Buffer.alloc(64));
    expect(await kindAt(moved)).toEqual(what);
  });

  test('in one folder with all segments is that of the log, and the others stay those of the events', async () => {
    const before = await kindsByPath();
    const indexes = addLogIndexes('default').map((file) => path.basename(file));
    flatten();
    const kinds = await kindsByPath();
    const events = new Set(filesIn(backup, 'events/default', '.events').map((file) => numberOf(file)));
    for (const name of indexes) {
      expect(kinds.get(`events/default/${name}`)).toEqual({ kind: 'log-index' });
    }
    for (const [file, what] of before) {
      const isOverwritten = events.has(numberOf(file)) && indexes.includes(path.basename(file));
      if (what.kind === 'index' && !isOverwritten) expect(kinds.get(file)).toEqual(what);
    }
  });
});

describe('a restore', () => {
  test('comes to the same with the index files of the logs as without', async () => {
    const without = await assess(backup);
    for (const group of ['_admin', 'default']) addLogIndexes(group);
    expect(await assess(backup)).toEqual(without);
    flatten();
    // Where they lay is told beside what comes of it.
    const { choice: _where, ...flat } = await assess(backup);
    expect(without).toMatchObject(flat);
  });

  test('comes to the same where an index of another time lies in the log, and no segment of it', async () => {
    const without = await assess(backup);
    const number = sharedNumber();
    put(`log/default/${named(number, '.index')}`, encodeLogIndex(new Map([[number, 5]])));
    put(`log/default/${named(9_999_999, '.index')}`, 'of a real server');
    expect(await assess(backup)).toEqual(without);
  });

  // One folder for all: of two files of one name, the log's has taken the place of the events'.
  test('builds the index of events anew that was overwritten with one of the log', async () => {
    const without = await assess(backup);
    const number = sharedNumber();
    put(`events/default/${named(number, '.index')}`, encodeLogIndex(new Map([[number, 5]])));
    expect(await kindAt(`events/default/${named(number, '.index')}`)).toEqual({ kind: 'log-index' });
    expect(await assess(backup)).toEqual(without);
  });
});

test('verifying counts them neither as indexes of events nor as strangers', async () => {
  const before = await verifyBackup(backup.folder);
  addLogIndexes('default');
  expect(await verifyBackup(backup.folder)).toEqual(before);
});
