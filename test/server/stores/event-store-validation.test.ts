import * as fs from 'node:fs';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { AxonError } from '../../../server/errors.ts';
import type { EventStore } from '../../../server/stores/event-store.ts';
import { damage, damages, doDamage } from '../../support/damaged-files.ts';
import {
  append,
  decodedFile,
  domainEvent,
  eventsIn,
  eventStoreOptions,
  fileOf,
  grow,
  nowMs,
  numberedEvents,
  openEventStore,
} from '../../support/event-stores.ts';
import { failureOf } from '../../support/failure-of.ts';
import { RefusingDataDir } from '../../support/refusing-data-dir.ts';
import { temporaryFolder, temporaryFolders } from '../../support/temporary-folder.ts';

/* Which damage a start notices, and which it lives with: sections 8.4 and 8.5 of docs/event-segment-format.md. */

/** A stopped store with the closed segments 0, 3, 6 and 9, and the open segment 12 of two events. */
let stopped: EventStore;
let dataDir: RefusingDataDir;

beforeEach(() => {
  dataDir = new RefusingDataDir(temporaryFolder());
  stopped = openEventStore(dataDir.root);
  grow(stopped, 14);
  stopped.close(nowMs);
});

function restarted(validatedSegments: 2 | 10 = 2): EventStore {
  return openEventStore(dataDir.root, { dataDir, validatedSegments });
}

/** Makes a byte of a segment's first event another one. */
function spoil(segment: number): void {
  damage(fileOf(stopped, segment), (bytes) => void bytes.writeUInt8(0x7a, 18));
}

/** Renames a segment with its index, as if it were another one. */
function move(segment: number, to: number): void {
  for (const suffix of ['.events', '.index', '.bloom']) {
    const file = fileOf(stopped, segment, suffix);
    if (fs.existsSync(file)) fs.renameSync(file, fileOf(stopped, to, suffix));
  }
}

function remove(segment: number): void {
  for (const suffix of ['.events', '.index', '.bloom']) fs.rmSync(fileOf(stopped, segment, suffix), { force: true });
}

describe('a bad checksum', () => {
  test.each([
    ['the open segment', 12, 13],
    ['the newest closed segment', 9, 10],
  ])('in %s stops the start and names the token behind the transaction', (_, segment, token) => {
    spoil(segment);
    const failure = failureOf(restarted);
    expect(failure.message).toBe(`[AXONIQ-9200] [AXONIQ-9200] Invalid checksum at ${token}`);
    expect(failure).toMatchObject({ kind: 'validation-failed', code: 'AXONIQ-9200', status: 500 });
    expect(dataDir.openFiles.size).toBe(0);
  });

  test('of a transaction of several events names the token behind all of them', () => {
    const store = restarted();
    store.roll(nowMs);
    append(store, [domainEvent(), domainEvent(), domainEvent()]);
    store.close(nowMs);
    spoil(14);
    expect(failureOf(restarted).message).toBe('[AXONIQ-9200] [AXONIQ-9200] Invalid checksum at 17');
  });

  test('further back is noticed after an unclean stop alone', () => {
    spoil(6);
    expect(restarted().nextToken).toBe(14n);
    expect(failureOf(() => restarted(10)).message).toBe('[AXONIQ-9200] [AXONIQ-9200] Invalid checksum at 7');
  });
});

describe('a closed segment that cannot be read', () => {
  test('stops the start where it is validated', () => {
    damage(fileOf(stopped, 9), (bytes) => bytes.subarray(0, 60));
    expect(failureOf(restarted).message).toBe('[AXONIQ-9200] [AXONIQ-9000] Failed to read event: 10');
  });

  test('shows only when it is read where it is not', () => {
    damage(fileOf(stopped, 3), (bytes) => bytes.subarray(0, 60));
    const store = restarted();
    expect(store.nextToken).toBe(14n);
    expect([...store.transactionsFrom(6n)]).toHaveLength(8);
    expect(failureOf(() => eventsIn(store)).message).toBe('[AXONIQ-9000] Failed to read event: 4');
  });

  test('stops the start where its index has to be built', () => {
    damage(fileOf(stopped, 3), (bytes) => bytes.subarray(0, 60));
    for (const segment of [3, 6, 9]) fs.rmSync(fileOf(stopped, segment, '.index'));
    expect(failureOf(restarted).message).toBe('[AXONIQ-9000] Failed to read event: 4');
    expect(dataDir.openFiles.size).toBe(0);
  });

  test('because it is gone, or is a folder, fails as reading', () => {
    const store = restarted();
    fs.rmSync(fileOf(stopped, 3));
    expect(failureOf(() => eventsIn(store)).kind).toBe('data-file-read');
    fs.mkdirSync(fileOf(stopped, 3));
    expect(failureOf(() => eventsIn(store)).kind).toBe('data-file-read');
  });
});

describe('a gap', () => {
  test('between the newest two segments stops the start', () => {
    remove(9);
    expect(failureOf(restarted).message).toBe(
      '[AXONIQ-9200] Validation exception: segment 6 ending at token, 8, next segment starts at token 12',
    );
    expect(dataDir.openFiles.size).toBe(0);
  });

  test('that is an overlap stops the start too', () => {
    move(12, 11);
    expect(failureOf(restarted).message).toBe(
      '[AXONIQ-9200] Validation exception: segment 9 ending at token, 11, next segment starts at token 11',
    );
  });

  test('further back is noticed after an unclean stop alone', () => {
    remove(6);
    const store = restarted();
    expect(store.nextToken).toBe(14n);
    expect(store.closedAfter(-1n)).toEqual([0n, 3n, 9n]);
    expect([...store.transactionsFrom(7n)][0]?.firstToken).toBe(9n);
    store.close(nowMs);
    expect(failureOf(() => restarted(10)).message).toBe(
      '[AXONIQ-9200] Validation exception: segment 3 ending at token, 5, next segment starts at token 9',
    );
  });

  // The new open file is one of the two that are validated.
  test('below a highest segment that is closed goes unnoticed', () => {
    fs.rmSync(fileOf(stopped, 12));
    remove(6);
    const store = restarted();
    expect(store.closedAfter(-1n)).toEqual([0n, 3n, 9n]);
    expect(store.openSegment).toBe(12n);
    store.close(nowMs);
    fs.rmSync(fileOf(stopped, 12));
    expect(failureOf(() => restarted(10)).kind).toBe('validation-failed');
  });

  test('at the beginning is the beginning: the store starts at its lowest segment', () => {
    remove(0);
    const store = restarted(10);
    expect(store).toMatchObject({ firstToken: 3n, nextToken: 14n });
    expect([...store.transactionsFrom(3n)]).toHaveLength(11);
    expect([...store.transactionsFrom(2n)]).toEqual([]);
  });

  test('at the end is none: a new file begins behind the last closed segment, and tokens are given again', () => {
    fs.rmSync(fileOf(stopped, 12));
    const store = restarted();
    expect(store).toMatchObject({ openSegment: 12n, nextToken: 12n, lastClosedSegment: 9n });
    grow(store, 1);
    store.settle(false);
    expect(eventsIn(store)).toEqual(numberedEvents(13));
    expect(decodedFile(store, 12).nextToken).toBe(13n);
  });
});

test('whatever happens to the files, a start succeeds or fails as the server does, and leaves no file open', () => {
  const newFolder = temporaryFolders();
  fc.assert(
    fc.property(damages, fc.constantFrom(2, 10), (all, validatedSegments) => {
      const root = newFolder();
      fs.cpSync(dataDir.root, root, { recursive: true });
      const copy = new RefusingDataDir(root);
      const options = eventStoreOptions(root, { dataDir: copy, validatedSegments });
      for (const one of all) doDamage(options.folder, one);
      try {
        const store = openEventStore(root, options);
        try {
          grow(store, 4);
          const read = [...store.transactionsFrom(store.firstToken)];
          expect(read.at(-1)?.firstToken).toBe(store.nextToken - 1n);
        } finally {
          store.close(nowMs);
        }
      } catch (error) {
        if (!(error instanceof AxonError)) throw error;
      }
      expect(copy.openFiles.size).toBe(0);
      fs.rmSync(root, { recursive: true });
    }),
    { numRuns: 200, interruptAfterTimeLimit: 60_000 },
  );
});
