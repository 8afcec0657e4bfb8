import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  decodeEventSegment,
  encodeEventSegmentHeader,
  encodeTransaction,
} from '../../../server/formats/event-segment.ts';
import { AppendFile } from '../../../server/stores/append-file.ts';
import { nowMs } from '../../support/event-stores.ts';
import { failureOf } from '../../support/failure-of.ts';
import { runKilled } from '../../support/killed-process.ts';
import { RefusingDataDir } from '../../support/refusing-data-dir.ts';
import { temporaryFolder, temporaryFolders } from '../../support/temporary-folder.ts';

const header = encodeEventSegmentHeader();

/** A record with one event of the text; it takes 15 bytes more than the text. */
function recordOf(text: string): Buffer {
  return encodeTransaction([Buffer.from(text)]);
}

interface Segment {
  readonly dataDir: RefusingDataDir;
  readonly path: string;
  readonly file: AppendFile;
}

function newSegment(root = temporaryFolder(), sizeBytes = 200): Segment {
  const dataDir = new RefusingDataDir(root);
  const options = { dataDir, path: path.join(root, 'segment') };
  return { ...options, file: AppendFile.create(options, sizeBytes, header, nowMs) };
}

function reopened(segment: Segment, position: number): AppendFile {
  return AppendFile.reopen({ dataDir: segment.dataDir, path: segment.path }, position, header);
}

/** What a reader finds in the file: the texts of its records, and the bytes behind their end. */
function contentOf(segment: Segment): { texts: string[]; endsIn: string; behind: Buffer } {
  const bytes = fs.readFileSync(segment.path);
  const { transactions, endPosition, endsIn } = decodeEventSegment(bytes, 0n);
  const texts = transactions.map(({ events }) => events.join());
  return { texts, endsIn, behind: bytes.subarray(endPosition) };
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}

describe('a segment file that is written', () => {
  test('has its full length from birth and holds nothing but its header', () => {
    const segment = newSegment();
    expect(fs.readFileSync(segment.path)).toEqual(Buffer.concat([header, Buffer.alloc(195)]));
    expect(segment.file.position).toBe(5);
    expect(segment.file.sizeBytes).toBe(200);
  });

  test('gathers its records in memory until it is flushed', () => {
    const segment = newSegment();
    segment.file.append(recordOf('one'), nowMs + 1);
    segment.file.append(recordOf('two'), nowMs + 2);
    expect(segment.file.position).toBe(41);
    expect(contentOf(segment).texts).toEqual([]);
    segment.file.flush();
    expect(contentOf(segment)).toEqual({ texts: ['one', 'two'], endsIn: 'zero', behind: Buffer.alloc(159) });
    expect(fs.statSync(segment.path).mtime.getTime()).toBe(nowMs + 2);
  });

  test('gets the size of the first new record last, so that a batch appears as a whole', () => {
    const { dataDir, file } = newSegment();
    const batch = Buffer.concat([recordOf('one'), recordOf('two')]);
    file.append(recordOf('one'), nowMs);
    file.append(recordOf('two'), nowMs);
    file.flush();
    const withoutSize = Buffer.concat([Buffer.alloc(4), batch.subarray(4)]);
    expect(dataDir.written).toEqual([
      { position: 5, bytes: withoutSize },
      { position: 5, bytes: batch.subarray(0, 4) },
    ]);
  });

  test('is written without being asked once more than a mebibyte waits', () => {
    const segment = newSegment(temporaryFolder(), 4 << 20);
    const big = 'x'.repeat(600_000);
    segment.file.append(recordOf(big), nowMs);
    expect(contentOf(segment).texts).toEqual([]);
    segment.file.append(recordOf('next'.padEnd(600_000)), nowMs);
    expect(contentOf(segment).texts).toEqual([big]);
  });

  test('ends in its marker and zeros when it is sealed, at the virtual time of that', () => {
    const segment = newSegment();
    segment.file.append(recordOf('one'), nowMs);
    segment.file.seal(nowMs + 7);
    segment.file.close();
    const behind = Buffer.alloc(177);
    behind.writeInt32BE(-1, 0);
    expect(contentOf(segment)).toEqual({ texts: ['one'], endsIn: 'end-marker', behind });
    expect(fs.statSync(segment.path).mtime.getTime()).toBe(nowMs + 7);
  });

  test('goes on where it was closed, with zeros in place of what lay behind, and keeps its length and time', () => {
    const segment = newSegment();
    segment.file.append(recordOf('one'), nowMs);
    segment.file.seal(nowMs);
    segment.file.close();
    const file = reopened(segment, 23);
    expect(contentOf(segment)).toEqual({ texts: ['one'], endsIn: 'zero', behind: Buffer.alloc(177) });
    expect(fs.statSync(segment.path).mtime.getTime()).toBe(nowMs);
    file.append(recordOf('two'), nowMs);
    file.close();
    expect(contentOf(segment).texts).toEqual(['one', 'two']);
    expect(fs.statSync(segment.path).size).toBe(200);
  });

  test('loses what lies behind a cut, whether it was written already or not, torn bytes included', () => {
    const segment = newSegment();
    for (const text of ['one', 'two', 'three']) segment.file.append(recordOf(text), nowMs);
    segment.file.cut(41, nowMs);
    segment.file.tear();
    expect(contentOf(segment).texts).toEqual(['one', 'two']);
    expect(isZero(contentOf(segment).behind)).toBe(false);
    segment.file.cut(23, nowMs + 1);
    expect(contentOf(segment)).toEqual({ texts: ['one'], endsIn: 'zero', behind: Buffer.alloc(177) });
    expect(fs.statSync(segment.path).mtime.getTime()).toBe(nowMs + 1);
    segment.file.append(recordOf('four'), nowMs);
    segment.file.close();
    expect(contentOf(segment).texts).toEqual(['one', 'four']);
  });
});

describe('a torn record', () => {
  function torn(text = 'a long record that is torn'): Segment {
    const segment = newSegment();
    segment.file.append(recordOf(text), nowMs);
    segment.file.tear();
    return segment;
  }

  test('is the beginning of a record behind a size of 0: a reader does not see it', () => {
    const { texts, endsIn, behind } = contentOf(torn());
    expect(texts).toEqual(['a long record that is torn']);
    expect(endsIn).toBe('zero');
    expect(behind.subarray(4, 25)).toEqual(recordOf('a long record that is torn').subarray(4, 25));
    expect(isZero(behind.subarray(25))).toBe(true);
  });

  test('becomes zeros behind the next record, however short that is', () => {
    const segment = torn();
    segment.file.append(recordOf('x'), nowMs);
    segment.file.flush();
    expect(contentOf(segment).texts).toEqual(['a long record that is torn', 'x']);
    expect(isZero(contentOf(segment).behind)).toBe(true);
  });

  test('becomes zeros behind the end marker', () => {
    const segment = torn();
    segment.file.seal(nowMs);
    expect(contentOf(segment).endsIn).toBe('end-marker');
    expect(isZero(contentOf(segment).behind.subarray(4))).toBe(true);
  });

  test('never reaches into the room of the end marker', () => {
    const segment = newSegment(temporaryFolder(), 60);
    segment.file.append(recordOf('x'.repeat(30)), nowMs);
    segment.file.tear();
    expect(isZero(contentOf(segment).behind)).toBe(true);
  });

  test('is not there where nothing was written yet', () => {
    const segment = newSegment();
    segment.file.tear();
    expect(isZero(contentOf(segment).behind)).toBe(true);
  });

  test('that the disk took only in part is zeroed by the next record all the same', () => {
    const segment = newSegment();
    segment.file.append(recordOf('a long record that is torn'), nowMs);
    segment.file.flush();
    segment.dataDir.refuse('setModified');
    expect(failureOf(() => segment.file.tear()).kind).toBe('data-file-write');
    segment.file.append(recordOf('x'), nowMs);
    segment.file.flush();
    expect(isZero(contentOf(segment).behind)).toBe(true);
  });
});

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
  const fd = dataDir.createPreallocated(other, 100, header, nowMs);
  file.append(recordOf('one'), nowMs);
  expect(failureOf(() => file.flush()).kind).toBe('data-file-write');
  expect(failureOf(() => file.close()).message).toContain('out of range');
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
