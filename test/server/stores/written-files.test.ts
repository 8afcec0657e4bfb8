import * as fs from 'node:fs';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { WrittenFile } from '../../../server/stores/written-files.ts';
import { DataDir } from '../../../server/stores/data-dir.ts';
import { nowMs } from '../../support/event-stores.ts';
import { newSegment, recordOf, reopened, type Segment } from '../../support/segment-files.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function writtenOf({ dataDir, path }: Segment): WrittenFile {
  const written = dataDir.writtenFiles.of(path);
  if (written === null || typeof written === 'string') throw new Error(`${path} is ${written ?? 'not known'}`);
  return written;
}

/** Holds a file against what is said of it: every byte, and the time of modification. */
function expectTrue(segment: Segment): void {
  const written = writtenOf(segment);
  const bytes = fs.readFileSync(segment.path);
  const end = written.endBytes + written.behindBytes;
  expect(bytes.length).toBe(written.sizeBytes);
  expect(crc32(bytes.subarray(0, written.endBytes))).toBe(written.checksum);
  expect(crc32(bytes.subarray(written.endBytes, end))).toBe(written.behindChecksum);
  expect(bytes.subarray(end).every((byte) => byte === 0)).toBe(true);
  expect(Math.round(fs.statSync(segment.path).mtimeMs)).toBe(written.modifiedAtMs);
}

describe('what the stores have written into a segment file', () => {
  test('is told through its life, to the byte', () => {
    const segment = newSegment();
    const steps = [
      () => segment.file.append(recordOf('one'), nowMs + 1),
      () => segment.file.flush(),
      () => segment.file.append(recordOf('two, which is longer'), nowMs + 2),
      () => segment.file.tear(),
      () => segment.file.append(recordOf('three'), nowMs + 3),
      () => segment.file.flush(),
      () => segment.file.tear(),
      () => segment.file.cut(5 + recordOf('one').length, nowMs + 4),
      () => segment.file.append(recordOf('four'), nowMs + 5),
      () => segment.file.flush(),
      () => segment.file.seal(nowMs + 6),
    ];
    expectTrue(segment);
    for (const step of steps) {
      step();
      expectTrue(segment);
    }
  });

  test('is told of a file that is gone on with', () => {
    const segment = newSegment();
    segment.file.append(recordOf('one'), nowMs);
    segment.file.tear();
    segment.file.close();
    reopened(segment, 5 + recordOf('one').length);
    expectTrue(segment);
  });

  test('is not what somebody else has made of it before it was gone on with', () => {
    const segment = newSegment();
    segment.file.append(recordOf('one'), nowMs);
    segment.file.close();
    const before = writtenOf(segment).checksum;
    const bytes = fs.readFileSync(segment.path);
    bytes.write('x', 12);
    fs.writeFileSync(segment.path, bytes);
    reopened(segment, 5 + recordOf('one').length);
    expect(writtenOf(segment).checksum).toBe(before);
  });

  test('is forgotten with the file', () => {
    const segment = newSegment();
    segment.file.remove();
    expect(segment.dataDir.writtenFiles.of(segment.path)).toBeNull();
  });
});

test('folders are known with those around them, and go with all that is in them', () => {
  const dataDir = new DataDir(temporaryFolder());
  const folder = dataDir.folder('node-1', 'events', 'default');
  dataDir.write(`${folder}/one`, Buffer.from('one'), nowMs);
  dataDir.rename(`${folder}/one`, `${folder}/two`);
  const known = (): string[] => [...dataDir.writtenFiles].map(([file]) => file.slice(dataDir.root.length)).toSorted();
  expect(known()).toEqual(['/node-1', '/node-1/events', '/node-1/events/default', '/node-1/events/default/two']);
  dataDir.removeFolder(`${dataDir.root}/node-1/events`);
  expect(known()).toEqual(['/node-1']);
});
