import * as fs from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import type { LogStore } from '../../../server/stores/log-store.ts';
import { failureOf } from '../../support/failure-of.ts';
import { expectToSurviveEveryKill, type Promised } from '../../support/killed-logs.ts';
import {
  closeAll,
  fileOf,
  grow,
  indexFilesOf,
  nowMs,
  numbers,
  openLogStore,
  positionsIn,
  segmentsOf,
  textsIn,
} from '../../support/log-stores.ts';
import { RefusingDataDir } from '../../support/refusing-data-dir.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/* The index files of a log, up to 4.5.17: sections 3.1, 4 and 5.3 of docs/backup-endpoints.md. */

let dataDir: RefusingDataDir;

beforeEach(() => {
  dataDir = new RefusingDataDir(temporaryFolder());
});

function openIndexed(atMs = nowMs): LogStore {
  return openLogStore(dataDir.root, { dataDir, hasIndexFiles: true }, atMs);
}

/** A running log with the closed segments 1, 4 and 7, and the open segment 10 of one entry. */
function grown(): LogStore {
  const log = openIndexed();
  grow(log, 10);
  closeAll(log);
  return log;
}

function indexFileOf(log: LogStore, firstIndex: number): string {
  return fileOf(log, firstIndex).replace('.log', '.index');
}

function closedOf(log: LogStore): number[] {
  return log.closedSegments.map(({ firstIndex }) => firstIndex);
}

/** Each index is there, and has the place of each entry. */
function expectIndexesOf(log: LogStore, segments: readonly number[]): void {
  expect([...indexFilesOf(log)]).toEqual(segments.map((firstIndex) => [firstIndex, positionsIn(log, firstIndex)]));
}

describe('a segment that is full', () => {
  test('is not closed before it has its index, and can be read all the same', () => {
    const log = openIndexed();
    expect(log.hasFullSegments).toBe(false);
    grow(log, 8);
    expect(log).toMatchObject({ firstIndex: 1, lastIndex: 8, hasFullSegments: true, closedSegments: [] });
    expect(segmentsOf(log)).toEqual([1, 4, 7]);
    expect(textsIn(log)).toEqual(numbers(1, 8));
    expectIndexesOf(log, []);
  });

  test('gets its index one at a time, the lowest first', () => {
    const log = openIndexed();
    grow(log, 8);
    expect(log.closeNext(nowMs + 700)).toBe(1);
    expect(log.hasFullSegments).toBe(true);
    expect(log.closedSegments).toEqual([{ firstIndex: 1, modifiedAtMs: nowMs }]);
    expectIndexesOf(log, [1]);
    expect(fs.statSync(indexFileOf(log, 1)).mtime.getTime()).toBe(nowMs + 700);
    expect(log.closeNext(nowMs)).toBe(4);
    expect(log.closeNext(nowMs)).toBeNull();
    expect(log.hasFullSegments).toBe(false);
    expectIndexesOf(log, [1, 4]);
  });

  test('stays full where the disk refuses the index, and gets it when it is tried again', () => {
    const log = openIndexed();
    grow(log, 4);
    dataDir.refuse('write');
    expect(failureOf(() => log.closeNext(nowMs)).kind).toBe('data-file-write');
    expect(log).toMatchObject({ closedSegments: [], hasFullSegments: true });
    expect(log.closeNext(nowMs)).toBe(1);
    expectIndexesOf(log, [1]);
  });

  test('becomes the open one where the entries behind an index are dropped', () => {
    const log = openIndexed();
    grow(log, 10);
    log.closeNext(nowMs);
    log.truncateAfter(4, nowMs);
    expect(log).toMatchObject({ lastIndex: 4, openSegment: 4, hasFullSegments: false });
    expect(closedOf(log)).toEqual([1]);
    expect(textsIn(log)).toEqual(numbers(1, 4));
    expectIndexesOf(log, [1]);
  });

  test('is closed at once where the release has no index files', () => {
    const log = openLogStore(dataDir.root, { dataDir });
    grow(log, 8);
    expect(closedOf(log)).toEqual([1, 4]);
    expect([log.hasFullSegments, log.closeNext(nowMs)]).toEqual([false, null]);
    expectIndexesOf(log, []);
  });
});

describe('an index file', () => {
  test('goes with the segment that log cleaning deletes, and first', () => {
    const log = grown();
    const removed: string[] = [];
    const remove = dataDir.remove.bind(dataDir);
    dataDir.remove = (file) => {
      removed.push(file.replace(/.*\/0*/, ''));
      remove(file);
    };
    expect(log.remove(log.closedSegments.slice(0, 2))).toEqual([1, 4]);
    expect(removed).toEqual(['1.index', '1.log', '4.index', '4.log']);
    expectIndexesOf(log, [7]);
  });

  test.each([
    [9, [1, 4, 7]],
    [8, [1, 4]],
    [2, []],
    [0, []],
  ])('goes with its segment, or from it, where the entries behind %i are dropped', (index, indexed) => {
    const log = grown();
    log.truncateAfter(index, nowMs);
    expectIndexesOf(log, indexed);
    expect(closedOf(log)).toEqual(indexed);
    grow(log, 10 - index);
    closeAll(log);
    expectIndexesOf(log, [1, 4, 7]);
    expect(textsIn(log)).toEqual(numbers(1, 10));
  });

  test('goes with the whole log where a snapshot is installed', () => {
    const log = grown();
    grow(log, 3);
    log.clear(50, nowMs);
    expect(fs.readdirSync(log.folder)).toEqual(['00000000000000000050.log']);
    expect(log).toMatchObject({ hasFullSegments: false, closedSegments: [] });
  });

  test('is left alone in every way by a release that has none', () => {
    const left = grown();
    left.close();
    const indexes = indexFilesOf(left);
    const log = openLogStore(dataDir.root, { dataDir });
    expect(closedOf(log)).toEqual([1, 4, 7]);
    expect(textsIn(log)).toEqual(numbers(1, 10));
    log.truncateAfter(5, nowMs);
    log.remove(log.closedSegments);
    log.clear(50, nowMs);
    expect(segmentsOf(log)).toEqual([50]);
    expect(indexFilesOf(log)).toEqual(indexes);
  });
});

describe('a start', () => {
  test('takes the index away from the highest segment, which is gone on with', () => {
    const log = grown();
    log.close();
    fs.rmSync(fileOf(log, 10));
    const next = openIndexed();
    expect(next).toMatchObject({ openSegment: 7, lastIndex: 9 });
    expectIndexesOf(next, [1, 4]);
  });

  test('builds what is missing, and closes what was full', () => {
    const log = openIndexed();
    grow(log, 10);
    log.closeNext(nowMs);
    log.crash();
    const next = openIndexed(nowMs + 5000);
    expect(closedOf(next)).toEqual([1, 4, 7]);
    expect(next.hasFullSegments).toBe(false);
    expectIndexesOf(next, [1, 4, 7]);
    const times = [1, 4, 7].map((firstIndex) => fs.statSync(indexFileOf(next, firstIndex)).mtime.getTime() - nowMs);
    expect(times).toEqual([0, 5000, 5000]);
  });

  test('goes from the newest segment down to the first good index; an older gap stays', () => {
    const log = grown();
    log.close();
    fs.rmSync(indexFileOf(log, 1));
    fs.writeFileSync(indexFileOf(log, 7), fs.readFileSync(indexFileOf(log, 7)).subarray(0, -1));
    expect(closedOf(openIndexed())).toEqual([1, 4, 7]);
    expectIndexesOf(log, [4, 7]);
  });

  test('builds all of them on a log that has none, as from a backup that left them out', () => {
    const log = openLogStore(dataDir.root, { dataDir });
    grow(log, 10);
    log.close();
    expectIndexesOf(openIndexed(), [1, 4, 7]);
  });

  test('fails where a segment cannot be read whose index is missing, and is not held up by one that has its own', () => {
    const log = grown();
    log.close();
    fs.truncateSync(fileOf(log, 4), 50);
    const next = openIndexed();
    expect(closedOf(next)).toEqual([1, 4, 7]);
    next.close();
    for (const firstIndex of [4, 7]) fs.rmSync(indexFileOf(log, firstIndex));
    expect(failureOf(() => openIndexed()).message).toBe('[AXONIQ-9000] failed to read entry: 5');
    expect(dataDir.openFiles.size).toBe(0);
  });

  test('sweeps up an index that a killed process has left half-made', () => {
    const log = grown();
    log.close();
    fs.writeFileSync(`${indexFileOf(log, 10)}.temp`, 'half');
    openIndexed();
    expect(fs.existsSync(`${indexFileOf(log, 10)}.temp`)).toBe(false);
  });
});

/** All that a log with index files does in its life; `promised` says what a process that is killed must leave. */
function live(root: string, promised: Promised): void {
  const settle = (log: LogStore): void => {
    log.settle(true);
    promised.last = log.lastIndex;
  };
  const truncate = (log: LogStore, index: number): void => {
    promised.last = Math.min(promised.last, index);
    log.truncateAfter(index, nowMs);
  };
  const first = openLogStore(root, { hasIndexFiles: true });
  grow(first, 10);
  settle(first);
  closeAll(first);
  grow(first, 6);
  settle(first);
  first.closeNext(nowMs);
  truncate(first, 5);
  grow(first, 5);
  settle(first);
  first.crash();
  const second = openLogStore(root, { hasIndexFiles: true });
  promised.first = 7;
  second.remove(second.closedSegments.slice(0, 2));
  grow(second, 4);
  settle(second);
  closeAll(second);
  second.close();
}

test.each(['before', 'half-way'] as const)(
  'a process that is killed %s any change of the disk leaves a whole log, and the next start its indexes',
  (moment) => {
    expectToSurviveEveryKill(moment, {
      live,
      open: (root) => openLogStore(root, { hasIndexFiles: true }),
      inspect: (log, _root, promised) => {
        // Killed between the two, cleaning leaves a segment without its index, below good ones: the server's own gap.
        const closed = closedOf(log);
        const isBeingCleaned = promised.first > 1 && !fs.existsSync(indexFileOf(log, log.firstIndex));
        expectIndexesOf(log, isBeingCleaned ? closed.slice(1) : closed);
        log.close();
      },
    });
  },
);
