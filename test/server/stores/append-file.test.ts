import * as fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { nowMs } from '../../support/event-stores.ts';
import { failureOf } from '../../support/failure-of.ts';
import {
  contentOf,
  isZero,
  newSegment,
  recordOf,
  reopened,
  segmentHeader,
  type Segment,
} from '../../support/segment-files.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A segment with one record, and the beginning of the same behind it. */
function torn(): Segment {
  const segment = newSegment();
  segment.file.append(recordOf('a long record that is torn'), nowMs);
  segment.file.tear();
  return segment;
}

describe('a segment file that is written', () => {
  test('has its full length from birth and holds nothing but its header', () => {
    const segment = newSegment();
    expect(fs.readFileSync(segment.path)).toEqual(Buffer.concat([segmentHeader, Buffer.alloc(195)]));
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

  test('is empty again behind a cut at its beginning', () => {
    const segment = newSegment();
    for (const text of ['one', 'two']) segment.file.append(recordOf(text), nowMs);
    segment.file.flush();
    segment.file.cut(5, nowMs);
    expect(contentOf(segment)).toEqual({ texts: [], endsIn: 'zero', behind: Buffer.alloc(195) });
    expect(segment.file.position).toBe(5);
  });
});

describe('a torn record', () => {
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
