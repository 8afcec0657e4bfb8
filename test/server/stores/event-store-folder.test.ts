import * as fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { EventStore } from '../../../server/stores/event-store.ts';
import type { EventStoreOptions } from '../../../server/stores/event-store-options.ts';
import { eventsIn, fileOf, filesOf, grow, nowMs, numberedEvents, openEventStore } from '../../support/event-stores.ts';
import { failureOf } from '../../support/failure-of.ts';
import { runKilled } from '../../support/killed-process.ts';
import { temporaryFolder, temporaryFolders } from '../../support/temporary-folder.ts';

/* What a start makes of the indexes and of the names in the folder: sections 8.3 and 1 of docs/event-segment-format.md. */

const restartMs = nowMs + 5000;

/** A stopped store with the closed segments 0, 3, 6 and 9, and the open segment 12 of two events. */
let stopped: EventStore;
let root: string;

beforeEach(() => {
  root = temporaryFolder();
  stopped = openEventStore(root);
  grow(stopped, 14);
  stopped.close(nowMs);
});

function restarted(values: Partial<EventStoreOptions> = {}): EventStore {
  return openEventStore(root, values, restartMs);
}

function removeIndex(...segments: readonly number[]): void {
  for (const segment of segments) {
    for (const suffix of ['.index', '.bloom']) fs.rmSync(fileOf(stopped, segment, suffix), { force: true });
  }
}

/** Puts a file of that name among those of the store. */
function put(name: string): string {
  const file = path.join(stopped.folder, name);
  fs.writeFileSync(file, 'anything');
  return file;
}

function timeOf(segment: number, suffix: string): number {
  return fs.statSync(fileOf(stopped, segment, suffix)).mtime.getTime();
}

/** Names and bytes of all indexes and bloom filters. */
function indexesOf(store: EventStore): Map<string, string> {
  const names = fs.readdirSync(store.folder).filter((name) => /\.(?:index|bloom)$/.test(name));
  return new Map(names.toSorted().map((name) => [name, fs.readFileSync(path.join(store.folder, name), 'hex')]));
}

describe('a missing index', () => {
  test('is built anew from the newest segment down to the first that has one', () => {
    const before = indexesOf(stopped);
    removeIndex(6, 9);
    const store = restarted();
    expect(indexesOf(store)).toEqual(before);
    expect([6, 9].map((segment) => timeOf(segment, '.index'))).toEqual([restartMs, restartMs]);
    expect([0, 3].map((segment) => timeOf(segment, '.bloom'))).toEqual([nowMs, nowMs]);
    for (const segment of [0n, 3n, 6n, 9n]) expect(store.isIndexed(segment)).toBe(true);
  });

  test('of an older segment stays missing for ever', () => {
    removeIndex(0, 6);
    const store = restarted();
    expect(store.closedAfter(-1n)).toEqual([0n, 3n, 6n, 9n]);
    expect([0n, 3n, 6n, 9n].map((segment) => store.isIndexed(segment))).toEqual([false, true, false, true]);
    expect(filesOf(store).filter((name) => /^[06]\./.test(name))).toEqual(['0.events', '6.events']);
    expect(eventsIn(store)).toEqual(numberedEvents(14));
  });

  test('of every segment makes all of them be built', () => {
    const before = indexesOf(stopped);
    removeIndex(0, 3, 6, 9);
    expect(indexesOf(restarted())).toEqual(before);
  });

  test.each([
    ['.index', ''],
    ['.index', 'not an index'],
    ['.bloom', 'not a filter'],
    ['.bloom', null],
  ])('is what a segment has whose %s is %j', (suffix, content) => {
    const before = indexesOf(stopped);
    if (content === null) fs.rmSync(fileOf(stopped, 9, suffix));
    else fs.writeFileSync(fileOf(stopped, 9, suffix), content);
    expect(indexesOf(restarted())).toEqual(before);
  });

  test('is built at last, however often the process is killed over it', () => {
    const before = indexesOf(stopped);
    const newFolder = temporaryFolders();
    let isKilled = true;
    for (let nth = 1; isKilled; nth++) {
      const copy = newFolder();
      removeIndex(0, 3, 6, 9);
      fs.cpSync(root, copy, { recursive: true });
      isKilled = runKilled(nth, 'before', () => openEventStore(copy).close(nowMs));
      const store = openEventStore(copy);
      expect(indexesOf(store)).toEqual(before);
      expect(filesOf(store).filter((name) => name.endsWith('.temp'))).toEqual([]);
      store.close(nowMs);
    }
  });
});

describe('a name in the folder', () => {
  test('of a temporary file is swept up by the store whose it is', () => {
    const events = ['.events.temp', '.index.temp', '.bloom.temp'].map((suffix) => put(`${'0'.repeat(20)}${suffix}`));
    const snapshots = ['.snapshots.temp', '.sindex.temp', '.sbloom.temp'].map((suffix) =>
      put(`${'0'.repeat(20)}${suffix}`),
    );
    const others = [put('notes.temp')];
    restarted();
    expect(events.filter((file) => fs.existsSync(file))).toEqual([]);
    expect(snapshots.filter((file) => fs.existsSync(file))).toEqual(snapshots);
    restarted({ type: 'SNAPSHOT' });
    expect(snapshots.filter((file) => fs.existsSync(file))).toEqual([]);
    expect(others.filter((file) => fs.existsSync(file))).toEqual(others);
  });

  test.each([
    'readme.txt',
    'global-index-00000.xref',
    `${'0'.repeat(20)}.nindex`,
    `${'0'.repeat(19)}8.snapshots`,
    `${'0'.repeat(20)}_00001.events.transformed`,
    `${'0'.repeat(19)}8.index`,
    '.events~',
  ])('that is none of a data file is passed over: %s', (name) => {
    const file = put(name);
    expect(restarted()).toMatchObject({ nextToken: 14n, closedCount: 4 });
    expect(fs.existsSync(file)).toBe(true);
  });

  test.each([
    'copy of 0.events',
    '.events',
    '0.events',
    `${'0'.repeat(21)}.events`,
    `-${'0'.repeat(18)}1.events`,
    `${'0'.repeat(20)}_00001.events`,
    `${'9'.repeat(20)}.events`,
    '09223372036854775808.events',
  ])('that ends like a data file, but is no number, stops the start: %s', (name) => {
    put(name);
    expect(failureOf(restarted).message).toContain(`[AXONIQ-0001] For input string: "${name}"`);
  });

  test('that is a folder stops the start', () => {
    fs.mkdirSync(path.join(stopped.folder, `${'0'.repeat(18)}12.index`));
    fs.mkdirSync(path.join(stopped.folder, `${'0'.repeat(18)}12.bloom`));
    expect(failureOf(restarted).kind).toBe('data-file-read');
    fs.mkdirSync(path.join(stopped.folder, `${'0'.repeat(18)}99.events`));
    expect(failureOf(restarted).kind).toBe('data-file-read');
  });

  test('that has 14 digits, as release 4.0 gave them, becomes one of 20 digits', () => {
    for (const name of fs.readdirSync(stopped.folder)) {
      fs.renameSync(path.join(stopped.folder, name), path.join(stopped.folder, name.slice(6)));
    }
    const before = fs.readdirSync(stopped.folder);
    const store = restarted();
    expect(fs.readdirSync(stopped.folder).toSorted()).toEqual(before.map((name) => `000000${name}`).toSorted());
    expect(eventsIn(store)).toEqual(numberedEvents(14));
    expect(timeOf(3, '.index')).toBe(nowMs);
  });

  test('of 14 digits beside the same with 20 stops the start, for nobody knows which is right', () => {
    const file = put('00000000000012.events');
    expect(failureOf(restarted).message).toContain('there is such a file already');
    expect(fs.existsSync(file)).toBe(true);
    fs.rmSync(file);
    expect(restarted().nextToken).toBe(14n);
  });
});

test('a folder that is gone when the store begins is a failure to write', () => {
  const options = { folder: path.join(root, 'gone') };
  expect(failureOf(() => openEventStore(root, options)).kind).toBe('data-file-write');
});
