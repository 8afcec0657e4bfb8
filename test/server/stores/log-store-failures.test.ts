import { beforeEach, describe, expect, test } from 'vitest';
import type { LogStore } from '../../../server/stores/log-store.ts';
import { failureOf } from '../../support/failure-of.ts';
import { expectToSurviveEveryKill, type Promised } from '../../support/killed-logs.ts';
import { runKilled } from '../../support/killed-process.ts';
import { grow, nowMs, numbers, openLogStore, recordOfLength, segmentsOf, textsIn } from '../../support/log-stores.ts';
import { RefusingDataDir } from '../../support/refusing-data-dir.ts';
import { temporaryFolder, temporaryFolders } from '../../support/temporary-folder.ts';

let dataDir: RefusingDataDir;

beforeEach(() => {
  dataDir = new RefusingDataDir(temporaryFolder());
});

function openLog(): LogStore {
  return openLogStore(dataDir.root, { dataDir });
}

describe('a log on a disk that refuses', () => {
  test.each([
    ['the records before the end marker', 'writeAt', 2],
    ['the end marker', 'writeAt', 3],
    ['the next file', 'createPreallocated', 1],
  ] as const)('%s does not take the entry, and takes it when it is given again', (_, operation, nth) => {
    const log = openLog();
    grow(log, 3);
    dataDir.refuse(operation, nth);
    expect(failureOf(() => grow(log, 1)).kind).toBe('data-file-write');
    expect(log).toMatchObject({ lastIndex: 3, closedSegments: [] });
    log.settle(true);
    grow(log, 2);
    log.settle(false);
    expect(segmentsOf(log)).toEqual([1, 4]);
    expect(log.closedSegments).toHaveLength(1);
    expect(dataDir.openFiles.size).toBe(1);
    log.close();
    expect(textsIn(openLogStore(dataDir.root))).toEqual(numbers(1, 5));
  });

  test('the zeros of a truncation has dropped the entries all the same', () => {
    const log = openLog();
    grow(log, 3);
    log.settle(false);
    dataDir.refuse('writeAt');
    expect(failureOf(() => log.truncateAfter(1, nowMs)).kind).toBe('data-file-write');
    expect(log.lastIndex).toBe(1);
    log.append(recordOfLength(22, 'x'), nowMs);
    log.close();
    expect(textsIn(openLogStore(dataDir.root))).toEqual(['1', 'x']);
  });

  test('leaves no file open when it is closed, or crashes, or cannot be opened', () => {
    const closed = openLog();
    grow(closed, 1);
    dataDir.refuse('writeAt');
    failureOf(() => closed.close());
    expect(dataDir.openFiles.size).toBe(0);

    const crashed = openLog();
    grow(crashed, 1);
    dataDir.refuse('writeAt');
    failureOf(() => crashed.crash());
    expect(dataDir.openFiles.size).toBe(0);

    dataDir.refuse('zeroFrom');
    expect(failureOf(openLog).kind).toBe('data-file-write');
    expect(dataDir.openFiles.size).toBe(0);
  });
});

/** All that a log does in its life; `promised` says what a process that is killed must leave. */
function live(root: string, promised: Promised): void {
  const settle = (log: LogStore, isTorn: boolean): void => {
    log.settle(isTorn);
    promised.last = log.lastIndex;
  };
  const truncate = (log: LogStore, index: number): void => {
    promised.last = Math.min(promised.last, index);
    log.truncateAfter(index, nowMs);
  };
  const first = openLogStore(root);
  grow(first, 2);
  settle(first, true);
  grow(first, 9);
  settle(first, true);
  truncate(first, 10);
  grow(first, 1);
  settle(first, true);
  truncate(first, 5);
  grow(first, 3);
  settle(first, false);
  first.crash();
  const second = openLogStore(root);
  promised.first = 4;
  second.remove(second.closedSegments.slice(0, 1));
  grow(second, 5);
  settle(second, true);
  second.close();
  const third = openLogStore(root);
  truncate(third, 9);
  grow(third, 1);
  settle(third, true);
  third.close();
}

test.each(['before', 'half-way'] as const)(
  'a process that is killed %s any change of the disk leaves a log without a gap that has lost no settled entry',
  (moment) => {
    expectToSurviveEveryKill(moment, {
      live,
      open: openLogStore,
      inspect: (log, root) => {
        grow(log, 4);
        log.close();
        const next = openLogStore(root);
        expect(textsIn(next)).toEqual(numbers(log.firstIndex, log.lastIndex));
        next.close();
      },
    });
  },
);

test('a process that is killed while a snapshot is installed leaves a log that can be opened', () => {
  const newFolder = temporaryFolders();
  let isKilled = true;
  for (let nth = 1; isKilled; nth++) {
    const root = newFolder();
    const log = openLogStore(root);
    grow(log, 7);
    log.settle(true);
    isKilled = runKilled(nth, 'before', () => log.clear(50, nowMs));
    if (isKilled) log.close();
    const left = openLogStore(root);
    expect(textsIn(left)).toHaveLength(left.lastIndex - left.firstIndex + 1);
    if (!isKilled) expect(left.firstIndex).toBe(50);
    left.close();
  }
});
