import * as fs from 'node:fs';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LogStore } from '../../../server/stores/log-store.ts';
import {
  decodedFile,
  indexFilesOf,
  nowMs,
  openLogStore,
  positionsIn,
  recordOfLength,
  segmentsOf,
} from '../../support/log-stores.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

interface Entry {
  readonly term: number;
  readonly lengthBytes: number;
  readonly record: Buffer;
}

type Step =
  | { readonly kind: 'append'; readonly lengthBytes: number; readonly newTerm: boolean }
  | { readonly kind: 'settle'; readonly isTorn: boolean }
  | { readonly kind: 'close-next' }
  | { readonly kind: 'restart'; readonly how: 'close' | 'crash' | 'kill' }
  | { readonly kind: 'truncate' | 'remove' | 'clear'; readonly share: number };

/** What a log is, in memory. */
class Model {
  readonly #segmentSizeBytes: number;
  readonly hasIndexFiles: boolean;
  segments: Array<{ readonly firstIndex: number; entries: Entry[] }> = [{ firstIndex: 1, entries: [] }];
  /** The last entry that a process that is killed now leaves. */
  flushedIndex = 0;
  /** So many segments before the open one are full, and wait for their index. */
  full = 0;

  constructor(segmentSizeBytes: number, hasIndexFiles: boolean) {
    this.#segmentSizeBytes = segmentSizeBytes;
    this.hasIndexFiles = hasIndexFiles;
  }

  get firstIndex(): number {
    return this.segments[0]?.firstIndex ?? 0;
  }

  get entries(): Entry[] {
    return this.segments.flatMap(({ entries }) => entries);
  }

  get lastIndex(): number {
    return this.firstIndex + this.entries.length - 1;
  }

  get closed(): number[] {
    return this.segments.slice(0, -1 - this.full).map(({ firstIndex }) => firstIndex);
  }

  append(entry: Entry): void {
    const open = this.segments.at(-1);
    const usedBytes = open?.entries.reduce((sum, { lengthBytes }) => sum + lengthBytes, 5) ?? 0;
    if (usedBytes + entry.lengthBytes + 4 >= this.#segmentSizeBytes) {
      this.flushedIndex = this.lastIndex;
      this.segments.push({ firstIndex: this.lastIndex + 1, entries: [entry] });
      if (this.hasIndexFiles) this.full += 1;
    } else open?.entries.push(entry);
  }

  truncateAfter(index: number): void {
    if (index >= this.lastIndex) return;
    const endIndex = Math.max(this.firstIndex, index + 1);
    const kept = this.segments.filter(({ firstIndex }) => firstIndex <= endIndex);
    const open = kept.at(-1);
    if (open !== undefined) open.entries = open.entries.slice(0, endIndex - open.firstIndex);
    this.full = Math.max(0, this.full - (this.segments.length - kept.length));
    this.segments = kept;
    this.flushedIndex = Math.min(this.flushedIndex, endIndex - 1);
  }

  clear(nextIndex: number): void {
    this.segments = [{ firstIndex: nextIndex, entries: [] }];
    this.full = 0;
    this.flushedIndex = nextIndex - 1;
  }
}

function check(model: Model, log: LogStore): void {
  expect(log).toMatchObject({ firstIndex: model.firstIndex, lastIndex: model.lastIndex });
  expect(log.closedSegments.map(({ firstIndex }) => firstIndex)).toEqual(model.closed);
  expect(log.hasFullSegments).toBe(model.full > 0);
  const indexes = model.hasIndexFiles ? model.closed.map((each) => [each, positionsIn(log, each)]) : [];
  expect([...indexFilesOf(log)]).toEqual(indexes);
  expect(segmentsOf(log)).toEqual(model.segments.map(({ firstIndex }) => firstIndex));
  for (const [ordinal, { term, record }] of model.entries.entries()) {
    const index = model.firstIndex + ordinal;
    expect(log.termAt(index)).toBe(term);
    expect(log.readRecord(index).equals(record)).toBe(true);
  }
  expect(log.lastTerm).toBe(model.entries.at(-1)?.term ?? 0);
  for (const [ordinal, { firstIndex, entries }] of model.segments.entries()) {
    const isOpen = ordinal === model.segments.length - 1;
    const decoded = decodedFile(log, firstIndex);
    expect(decoded.endsIn).toBe(isOpen ? 'zero' : 'end-marker');
    expect(decoded.entries.every(({ isChecksumGood }) => isChecksumGood)).toBe(true);
    expect(decoded.entries).toHaveLength(isOpen ? model.flushedIndex - firstIndex + 1 : entries.length);
  }
}

const share = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('append'),
      lengthBytes: fc.integer({ min: 22, max: 80 }),
      newTerm: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('settle'), isTorn: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('close-next') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('restart'), how: fc.constantFrom('close', 'crash', 'kill') }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('truncate', 'remove'), share }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('clear'), share: fc.constant(0) }) },
);

const steps = fc.array(step, { maxLength: 60, size: 'max' });

test('a log is what a list of entries is, through restarts, crashes, kills, truncations and cleanings', () => {
  const newFolder = temporaryFolders();
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 300 }), fc.boolean(), steps, (segmentSizeBytes, hasIndexFiles, all) => {
      let root = newFolder();
      let log = openLogStore(root, { segmentSizeBytes, hasIndexFiles });
      let term = 1;
      const model = new Model(segmentSizeBytes, hasIndexFiles);
      const restart = (how: 'close' | 'crash' | 'kill'): void => {
        if (how === 'kill') {
          const left = newFolder();
          fs.cpSync(root, left, { recursive: true });
          root = left;
          model.truncateAfter(model.flushedIndex);
        }
        if (how === 'crash') log.crash();
        else log.close();
        model.flushedIndex = model.lastIndex;
        model.full = 0;
        log = openLogStore(root, { segmentSizeBytes, hasIndexFiles });
      };
      const take = (one: Step): void => {
        if (one.kind === 'append') {
          if (one.newTerm) term += 1;
          const record = recordOfLength(one.lengthBytes, String(model.lastIndex + 1), term);
          model.append({ term, lengthBytes: one.lengthBytes, record });
          log.append(record, nowMs);
        } else if (one.kind === 'settle') {
          log.settle(one.isTorn);
          model.flushedIndex = model.lastIndex;
        } else if (one.kind === 'close-next') {
          const lowest = model.full > 0 ? model.segments.at(-1 - model.full)?.firstIndex : null;
          expect(log.closeNext(nowMs)).toBe(lowest);
          model.full = Math.max(0, model.full - 1);
        } else if (one.kind === 'restart') restart(one.how);
        else if (one.kind === 'truncate') {
          const index = Math.round(model.firstIndex - 1 + one.share * model.entries.length);
          log.truncateAfter(index, nowMs);
          model.truncateAfter(index);
        } else if (one.kind === 'remove') {
          const count = Math.round(one.share * model.closed.length);
          log.remove(log.closedSegments.slice(0, count));
          model.segments = model.segments.slice(count);
        } else {
          const nextIndex = model.lastIndex + 5;
          log.clear(nextIndex, nowMs);
          model.clear(nextIndex);
        }
      };
      try {
        for (const one of all) {
          take(one);
          check(model, log);
        }
      } finally {
        log.close();
      }
    }),
    { numRuns: 100, interruptAfterTimeLimit: 60_000 },
  );
});
