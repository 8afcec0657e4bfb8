import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { nowMs } from '../../support/event-stores.ts';
import { failureOf } from '../../support/failure-of.ts';
import { runKilled } from '../../support/killed-process.ts';
import { contentOf, isZero, newSegment, recordOf, reopened, segmentHeader } from '../../support/segment-files.ts';
import { temporaryFolder, temporaryFolders } from '../../support/temporary-folder.ts';

describe('a disk that refuses', () => {
  test.each([1, 2])('write %i of a flush leaves the file as before, and the next flush brings the records', (nth) => {
    const segment = newSegment();
    segment.file.append(recordOf('one'), nowMs);
    segment.file.flush();
    for (const text of ['two', 'three']) segment.file.append(recordOf(text), nowMs);
    segment.dataDir.refuse('writeAt', nth);
    expect(failureOf(() => segment.file.flush()).kind).toBe('data-file-write');
    expect(contentOf(segment).texts).toEqual(['one']);
    segment.file.flush();
    expect(contentOf(segment).texts).toEqual(['one', 'two', 'three']);
    expect(isZero(contentOf(segment).behind)).toBe(true);
  });

  test('a flush leaves nothing behind that a shorter record would not cover', () => {
    const segment = newSegment();
    for (const text of ['one', 'x'.repeat(100)]) segment.file.append(recordOf(text), nowMs);
    segment.dataDir.refuse('writeAt', 2);
    failureOf(() => segment.file.flush());
    segment.file.cut(23, nowMs);
    segment.file.flush();
    expect(contentOf(segment)).toEqual({ texts: ['one'], endsIn: 'zero', behind: Buffer.alloc(177) });
  });

  // A caller that is told of a failure tries again; the record must not be there twice then.
  test('a record never takes it in by half: it is there once when it is given again', () => {
    const segment = newSegment(temporaryFolder(), 4 << 20);
    const big = 'x'.repeat(1 << 20);
    segment.file.append(recordOf(big), nowMs);
    const { position } = segment.file;
    segment.dataDir.refuse('writeAt');
    expect(failureOf(() => segment.file.append(recordOf('next'), nowMs)).kind).toBe('data-file-write');
    expect(segment.file.position).toBe(position);
    segment.file.append(recordOf('next'), nowMs);
    segment.file.flush();
    expect(contentOf(segment).texts).toEqual([big, 'next']);
  });

  test('the end marker lets the file be sealed again, or be gone on with', () => {
    const segment = newSegment();
    segment.file.append(recordOf('one'), nowMs);
    segment.dataDir.refuse('writeAt', 3);
    expect(failureOf(() => segment.file.seal(nowMs)).kind).toBe('data-file-write');
    expect(contentOf(segment)).toMatchObject({ texts: ['one'], endsIn: 'zero' });
    segment.file.seal(nowMs);
    expect(contentOf(segment)).toMatchObject({ texts: ['one'], endsIn: 'end-marker' });
    segment.file.append(recordOf('two'), nowMs);
    segment.file.flush();
    expect(contentOf(segment)).toMatchObject({ texts: ['one', 'two'], endsIn: 'zero' });
  });

  test.each(['writeAt', 'zeroFrom', 'setModified'] as const)(
    '%s when a file is reopened leaves none open',
    (operation) => {
      const segment = newSegment();
      segment.file.close();
      segment.dataDir.refuse(operation);
      expect(failureOf(() => reopened(segment, 5)).kind).toBe('data-file-write');
      expect(segment.dataDir.openFiles.size).toBe(0);
    },
  );

  test('the last records does not keep the file open', () => {
    const segment = newSegment();
    segment.file.append(recordOf('one'), nowMs);
    segment.dataDir.refuse('writeAt');
    expect(failureOf(() => segment.file.close()).kind).toBe('data-file-write');
    expect(segment.dataDir.openFiles.size).toBe(0);
  });
});

// The system gives the number of a closed file to the next one that is opened.
test('a write that comes too late never reaches the file that has the number of the closed one', () => {
  const { file, dataDir } = newSegment();
  file.close();
  const other = path.join(dataDir.root, 'other');
  const fd = dataDir.createPreallocated(other, 100, segmentHeader, nowMs);
  file.append(recordOf('one'), nowMs);
  expect(failureOf(() => file.flush()).kind).toBe('data-file-write');
  file.close();
  expect(isZero(fs.readFileSync(other).subarray(5))).toBe(true);
  dataDir.close(fd);
});

describe('a process that is killed', () => {
  test('between the two writes of a flush leaves the earlier records alone', () => {
    const segment = newSegment();
    segment.file.append(recordOf('one'), nowMs);
    segment.file.flush();
    segment.file.append(recordOf('two'), nowMs);
    segment.dataDir.refuse('writeAt', 2);
    failureOf(() => segment.file.flush());
    const { texts, behind } = contentOf(segment);
    expect(texts).toEqual(['one']);
    expect(isZero(behind)).toBe(false);

    const file = reopened(segment, 23);
    expect(isZero(contentOf(segment).behind)).toBe(true);
    file.append(recordOf('x'), nowMs);
    file.close();
    expect(contentOf(segment).texts).toEqual(['one', 'x']);
  });

  test('anywhere while it reopens a file leaves all records, and the file its length', () => {
    const newFolder = temporaryFolders();
    for (const moment of ['before', 'half-way'] as const) {
      let isKilled = true;
      for (let nth = 1; isKilled; nth++) {
        const segment = newSegment(newFolder());
        segment.file.append(recordOf('one'), nowMs);
        segment.file.seal(nowMs);
        segment.file.close();
        isKilled = runKilled(nth, moment, () => reopened(segment, 23).close());
        expect(contentOf(segment).texts).toEqual(['one']);
        expect(fs.statSync(segment.path).size).toBe(200);
      }
    }
  });
});
