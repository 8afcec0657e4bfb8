import * as fs from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppendFile } from '../../../server/stores/append-file.ts';
import { DataDir } from '../../../server/stores/data-dir.ts';
import { DirtyPages } from '../../../server/stores/dirty-pages.ts';
import { nowMs } from '../../support/event-stores.ts';
import { recordOf, segmentHeader } from '../../support/segment-files.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function mappedFile(): { readonly file: AppendFile; readonly modifiedAt: () => number; readonly bytes: () => Buffer } {
  const dataDir = new DataDir(temporaryFolder(), { memoryMapped: true });
  const path = `${dataDir.folder('segments')}/1.log`;
  const file = AppendFile.create({ dataDir, path }, 20_000, segmentHeader, nowMs);
  return { file, modifiedAt: () => fs.statSync(path).mtime.getTime(), bytes: () => fs.readFileSync(path) };
}

describe('a memory-mapped file', () => {
  test('keeps its time while the page that is written to waits for the disk, and changes its bytes all the same', () => {
    const { file, modifiedAt, bytes } = mappedFile();
    const before = bytes();
    file.append(recordOf('one'), nowMs + 29_999);
    file.flush();
    expect(modifiedAt()).toBe(nowMs);
    expect(bytes()).not.toEqual(before);
    expect(bytes()).toHaveLength(before.length);
    file.append(recordOf('two'), nowMs + 30_000);
    file.flush();
    expect(modifiedAt()).toBe(nowMs + 30_000);
  });

  test('has the time of a write that comes to a page that is clean', () => {
    const { file, modifiedAt } = mappedFile();
    file.append(recordOf('x'.repeat(5000)), nowMs + 1);
    file.flush();
    expect(modifiedAt()).toBe(nowMs + 1);
    file.append(recordOf('in the same page'), nowMs + 2);
    file.flush();
    expect(modifiedAt()).toBe(nowMs + 1);
  });

  test('ends under the same time where that is soon', () => {
    const { file, modifiedAt } = mappedFile();
    file.append(recordOf('one'), nowMs + 1);
    file.seal(nowMs + 2);
    expect([modifiedAt(), file.modifiedAtMs]).toEqual([nowMs, nowMs]);
    file.cut(segmentHeader.length, nowMs + 40_000);
    expect(modifiedAt()).toBe(nowMs + 40_000);
  });
});

test('of writes to one page less than half a minute after the first, none but the first moves the time', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ at: fc.integer({ min: 0, max: 4095 }), afterMs: fc.integer({ min: 0, max: 29_999 }) })),
      (writes) => {
        const pages = new DirtyPages();
        expect(pages.write(0, 4096, nowMs)).toBe(true);
        const ordered = writes.toSorted((a, b) => a.afterMs - b.afterMs);
        expect(ordered.some(({ at, afterMs }) => pages.write(at, 4096 - at, nowMs + afterMs))).toBe(false);
        expect(pages.write(4095, 2, nowMs)).toBe(true);
      },
    ),
  );
});
