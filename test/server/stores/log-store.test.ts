import * as fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeLogSegment } from '../../../server/formats/log-segment.ts';
import { failureOf } from '../../support/failure-of.ts';
import {
  appendRecord,
  decodedFile,
  fileOf,
  grow,
  nowMs,
  numbers,
  openLogStore,
  record,
  recordOfLength,
  segmentsOf,
  textsIn,
} from '../../support/log-stores.ts';
import { RefusingDataDir } from '../../support/refusing-data-dir.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('a new log', () => {
  test('begins with an empty file 1 of full length and has no entry', () => {
    const log = openLogStore(temporaryFolder());
    expect(log).toMatchObject({ firstIndex: 1, lastIndex: 0, lastTerm: 0, openSegment: 1, closedSegments: [] });
    expect(fs.readdirSync(log.folder)).toEqual(['00000000000000000001.log']);
    expect(fs.readFileSync(fileOf(log, 1))).toEqual(Buffer.alloc(100));
    expect(log.termAt(1)).toBe(0);
  });
});

describe('an entry', () => {
  test('stands in the file with its term, type, data and checksum, its length written last', () => {
    const dataDir = new RefusingDataDir(temporaryFolder());
    const log = openLogStore(dataDir.root, { dataDir });
    const whole = appendRecord(4);
    log.append(whole, nowMs);
    log.settle(false);
    const { entries, endsIn } = decodeLogSegment(fs.readFileSync(fileOf(log, 1)), 1);
    expect(endsIn).toBe('zero');
    expect(entries).toMatchObject([{ index: 1, term: 4, type: 3, position: 5, isChecksumGood: true }]);
    expect(fs.readFileSync(fileOf(log, 1)).subarray(5, 5 + whole.length)).toEqual(whole);
    expect(dataDir.written.map(({ bytes }) => bytes.length)).toEqual([whole.length, 4]);
  });

  test('can be read from the open file and from closed ones, before it is on disk too', () => {
    const log = openLogStore(temporaryFolder());
    grow(log, 8);
    expect(segmentsOf(log)).toEqual([1, 4, 7]);
    expect(textsIn(log)).toEqual(numbers(1, 8));
    expect(log.read(2)).toMatchObject({ index: 2, term: 1, type: 6 });
    expect(log.readRecord(5)).toEqual(recordOfLength(30, '5'));
    expect(log.readRecord(8)).toEqual(recordOfLength(30, '8'));
  });

  test('that the log does not hold cannot be read', () => {
    const log = openLogStore(temporaryFolder());
    grow(log, 4);
    log.remove(log.closedSegments);
    expect(failureOf(() => log.read(3)).message).toBe('[AXONIQ-9000] Read before start: 3');
    expect(failureOf(() => log.read(5)).message).toBe('[AXONIQ-9000] failed to read entry: 5');
  });

  // The file of 100 bytes has 5 for its header and 60 for two entries; the rule of the real server leaves one byte spare.
  test.each([
    [30, true],
    [31, false],
  ])('of %i bytes stays in a file with room for 35: %s', (lengthBytes, stays) => {
    const log = openLogStore(temporaryFolder());
    grow(log, 2);
    log.append(recordOfLength(lengthBytes), nowMs);
    expect(segmentsOf(log)).toEqual(stays ? [1] : [1, 3]);
    expect(log.lastIndex).toBe(3);
  });

  test('as large as a segment can hold is taken, one byte more is refused and changes nothing', () => {
    const log = openLogStore(temporaryFolder());
    log.append(recordOfLength(90), nowMs);
    const failure = failureOf(() => log.append(recordOfLength(91), nowMs));
    expect(failure.message).toBe('[AXONIQ-2001] Size of transaction too large, max size = 91');
    expect(failure.status).toBe(400);
    expect(log.lastIndex).toBe(1);
    expect(segmentsOf(log)).toEqual([1]);
  });

  // The segment size of the cluster can be raised between two starts.
  test('larger than the empty file that an earlier start has left gets a larger one, and closes nothing', () => {
    const root = temporaryFolder();
    openLogStore(root).close();
    const dataDir = new RefusingDataDir(root);
    const log = openLogStore(root, { dataDir, segmentSizeBytes: 400 });
    log.append(recordOfLength(200), nowMs);
    expect(log.closedSegments).toEqual([]);
    expect(segmentsOf(log)).toEqual([1]);
    expect(fs.statSync(fileOf(log, 1)).size).toBe(400);
    expect(dataDir.openFiles.size).toBe(1);
  });
});

describe('a full segment', () => {
  test('has its end marker, zeros behind it, and the time of its end, and is closed at once', () => {
    const log = openLogStore(temporaryFolder());
    grow(log, 2);
    log.settle(true);
    log.append(recordOfLength(60), nowMs + 1000);
    expect(log.closedSegments).toEqual([{ firstIndex: 1, modifiedAtMs: nowMs + 1000 }]);
    expect(fs.statSync(fileOf(log, 1)).mtime.getTime()).toBe(nowMs + 1000);
    expect(decodedFile(log, 1)).toMatchObject({ endPosition: 65, endsIn: 'end-marker' });
    expect(fs.readFileSync(fileOf(log, 1)).subarray(69)).toEqual(Buffer.alloc(31));
  });

  test('that is removed is gone from disk, and the log begins behind it', () => {
    const log = openLogStore(temporaryFolder());
    grow(log, 10);
    expect(log.remove(log.closedSegments.slice(0, 2))).toEqual([1, 4]);
    expect(segmentsOf(log)).toEqual([7, 10]);
    expect(log).toMatchObject({ firstIndex: 7, lastIndex: 10 });
    expect(textsIn(log)).toEqual(numbers(7, 10));
    expect(log.termAt(6)).toBe(0);
    expect(log.termAt(7)).toBe(1);
  });
});

describe('terms', () => {
  test('are known of every entry, over segments, restarts and cleaning', () => {
    const root = temporaryFolder();
    const log = openLogStore(root);
    for (const [entries, term] of [
      [2, 1],
      [3, 2],
      [1, 5],
    ] as const) {
      grow(log, entries, { term });
    }
    log.close();
    const next = openLogStore(root);
    expect([0, 1, 2, 3, 4, 5, 6, 7].map((index) => next.termAt(index))).toEqual([0, 1, 1, 2, 2, 2, 5, 0]);
    expect(next.lastTerm).toBe(5);
    next.remove(next.closedSegments);
    expect([3, 4, 5, 6].map((index) => next.termAt(index))).toEqual([0, 2, 2, 5]);
  });

  test('of entries that were dropped are forgotten', () => {
    const log = openLogStore(temporaryFolder());
    grow(log, 4, { term: 1 });
    grow(log, 4, { term: 2 });
    log.truncateAfter(2, nowMs);
    expect(log.lastTerm).toBe(1);
    grow(log, 1, { term: 3 });
    expect([2, 3].map((index) => log.termAt(index))).toEqual([1, 3]);
    grow(log, 1, { term: 3 });
    log.truncateAfter(3, nowMs);
    expect(log.lastTerm).toBe(3);
  });
});

describe('dropping the entries behind an index', () => {
  test.each([
    ['the last one changes nothing', 10, [1, 4, 7, 10]],
    ['one in the open segment', 9, [1, 4, 7, 10]],
    ['one in a closed segment makes that the open one', 8, [1, 4, 7]],
    ['the last one of a closed segment keeps the next one, empty', 6, [1, 4, 7]],
    ['one far back removes the segments between', 2, [1]],
    ['the first one', 1, [1]],
    ['none', 0, [1]],
  ])('%s', (_, index, segments) => {
    const root = temporaryFolder();
    const dataDir = new RefusingDataDir(root);
    const log = openLogStore(root, { dataDir });
    grow(log, 10);
    log.settle(true);
    log.truncateAfter(index, nowMs);
    expect(log.lastIndex).toBe(index);
    expect(segmentsOf(log)).toEqual(segments);
    expect(textsIn(log)).toEqual(numbers(1, index));
    grow(log, 3);
    log.close();
    expect(dataDir.openFiles.size).toBe(0);
    expect(textsIn(openLogStore(root))).toEqual(numbers(1, index + 3));
  });

  test('drops what was not written yet, too', () => {
    const root = temporaryFolder();
    const log = openLogStore(root);
    grow(log, 3);
    log.truncateAfter(1, nowMs);
    log.append(record(), nowMs);
    log.close();
    expect(openLogStore(root).lastIndex).toBe(2);
  });

  test('below the first one that is left keeps the log where it begins', () => {
    const root = temporaryFolder();
    const log = openLogStore(root);
    grow(log, 5);
    log.remove(log.closedSegments);
    log.truncateAfter(2, nowMs);
    expect(log).toMatchObject({ firstIndex: 4, lastIndex: 3, openSegment: 4 });
    log.close();
    expect(openLogStore(root)).toMatchObject({ firstIndex: 4, lastIndex: 3 });
  });

  test('changes nothing where the closed segment cannot be read', () => {
    const root = temporaryFolder();
    const log = openLogStore(root);
    grow(log, 5);
    log.close();
    const again = openLogStore(root);
    fs.truncateSync(fileOf(log, 1), 50);
    expect(failureOf(() => again.truncateAfter(2, nowMs)).kind).toBe('data-file-read');
    expect(again).toMatchObject({ firstIndex: 1, lastIndex: 5 });
    grow(again, 1);
    again.close();
    expect(decodedFile(again, 4).entries).toHaveLength(3);
  });
});

test('an installed snapshot leaves one empty file, named by the next entry', () => {
  const dataDir = new RefusingDataDir(temporaryFolder());
  const log = openLogStore(dataDir.root, { dataDir });
  grow(log, 8, { term: 3 });
  log.clear(50, nowMs);
  expect(segmentsOf(log)).toEqual([50]);
  expect(log).toMatchObject({ firstIndex: 50, lastIndex: 49, lastTerm: 0, closedSegments: [] });
  grow(log, 1, { term: 4 });
  expect(textsIn(log)).toEqual(['50']);
  expect(log.termAt(50)).toBe(4);
  expect(dataDir.openFiles.size).toBe(1);
});
