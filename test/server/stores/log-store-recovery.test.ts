import * as fs from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { AxonError } from '../../../server/errors.ts';
import { logEntryTypes } from '../../../server/formats/log-segment.ts';
import type { LogStore } from '../../../server/stores/log-store.ts';
import { damage, damages, doDamage } from '../../support/damaged-files.ts';
import { failureOf } from '../../support/failure-of.ts';
import {
  appendRecord,
  decodedFile,
  fileOf,
  grow,
  logStoreOptions,
  nowMs,
  numbers,
  openLogStore,
  record,
  recordOfLength,
  segmentsOf,
  textsIn,
} from '../../support/log-stores.ts';
import { RefusingDataDir } from '../../support/refusing-data-dir.ts';
import { temporaryFolder, temporaryFolders } from '../../support/temporary-folder.ts';

/* What a start makes of the files of a log: section 5.3 of docs/backup-endpoints.md. */

/** A stopped log with the closed segments 1 and 4, and the open segment 7 of two entries. */
let stopped: LogStore;
let dataDir: RefusingDataDir;

beforeEach(() => {
  dataDir = new RefusingDataDir(temporaryFolder());
  stopped = openLogStore(dataDir.root);
  grow(stopped, 8);
  stopped.close();
});

function restarted(): LogStore {
  return openLogStore(dataDir.root, { dataDir }, nowMs + 5000);
}

function bytesOf(firstIndex: number): Buffer {
  return fs.readFileSync(fileOf(stopped, firstIndex));
}

describe('the highest file', () => {
  test('is gone on with behind its last entry, at its own time', () => {
    const log = restarted();
    expect(log).toMatchObject({ firstIndex: 1, lastIndex: 8, openSegment: 7 });
    expect(log.closedSegments).toEqual([
      { firstIndex: 1, modifiedAtMs: nowMs },
      { firstIndex: 4, modifiedAtMs: nowMs },
    ]);
    expect(fs.statSync(fileOf(log, 7)).mtime.getTime()).toBe(nowMs);
    grow(log, 2);
    expect(segmentsOf(log)).toEqual([1, 4, 7, 10]);
    expect(textsIn(log)).toEqual(numbers(1, 10));
  });

  test('is open again although it has an end marker', () => {
    fs.rmSync(fileOf(stopped, 7));
    expect(decodedFile(stopped, 4).endsIn).toBe('end-marker');
    const log = restarted();
    expect(log).toMatchObject({ lastIndex: 6, openSegment: 4 });
    expect(decodedFile(log, 4)).toMatchObject({ endPosition: 95, endsIn: 'zero' });
  });

  test('loses a torn entry, whose bytes become zeros', () => {
    const log = restarted();
    grow(log, 1);
    log.truncateAfter(8, nowMs);
    log.crash();
    expect(bytesOf(7).subarray(65).equals(Buffer.alloc(35))).toBe(false);
    expect(restarted().lastIndex).toBe(8);
    expect(bytesOf(7).subarray(65)).toEqual(Buffer.alloc(35));
  });

  test.each([
    ['cut inside an entry', 50, 'failed to read entry: 8'],
    ['cut at the end of an entry', 65, 'failed to read entry: 9'],
    ['cut three bytes behind it', 68, 'failed to read entry: 9'],
    ['cut behind its header', 5, 'failed to read entry: 7'],
    ['of 4 bytes', 4, `4 buffer limit, it looks like it's corrupted. Aborting.`],
    ['of 0 bytes', 0, `0 buffer limit, it looks like it's corrupted. Aborting.`],
  ])('%s stops the start', (_, length, message) => {
    damage(fileOf(stopped, 7), (bytes) => bytes.subarray(0, length));
    expect(failureOf(restarted).message).toBe(`[AXONIQ-9000] ${message}`);
    expect(dataDir.openFiles.size).toBe(0);
  });

  test('may have a bad checksum, at which nobody looks', () => {
    damage(fileOf(stopped, 7), (bytes) => void bytes.writeUInt8(0x7a, 24));
    expect(decodedFile(stopped, 7).entries[0]?.isChecksumGood).toBe(false);
    expect(restarted().lastIndex).toBe(8);
  });

  test.each([
    ['a change', logEntryTypes.serializedObject],
    ['a configuration', logEntryTypes.newConfiguration],
    ['a leader', logEntryTypes.leaderElected],
  ])('stops the start where the payload of %s cannot be read', (_, type) => {
    const log = restarted();
    log.append(record({ type, data: Buffer.from('ffff', 'hex') }), nowMs);
    log.close();
    const failure = failureOf(restarted);
    expect(failure.message).toBe('[AXONIQ-9000] failed to read entry: 9');
    expect(failure).toMatchObject({ kind: 'data-file-read', status: 500 });
  });

  test('stops the start where a term is beyond all terms', () => {
    damage(fileOf(stopped, 7), (bytes) => void bytes.writeUInt8(0x7f, 10));
    expect(failureOf(restarted).message).toBe('[AXONIQ-9000] failed to read entry: 7');
  });
});

describe('a closed file', () => {
  test('that is cut shows only when it is read', () => {
    damage(fileOf(stopped, 4), (bytes) => bytes.subarray(0, 50));
    const log = restarted();
    expect(log).toMatchObject({ firstIndex: 1, lastIndex: 8 });
    expect([log.read(3).index, log.read(7).index]).toEqual([3, 7]);
    expect(failureOf(() => log.read(4)).message).toBe('[AXONIQ-9000] failed to read entry: 5');
  });

  test('with a payload that cannot be read shows only when that entry is read', () => {
    const log = restarted();
    log.append(record({ type: logEntryTypes.serializedObject, data: Buffer.from('ffff', 'hex') }), nowMs);
    log.append(appendRecord(), nowMs);
    log.close();
    const next = restarted();
    expect(next).toMatchObject({ openSegment: 10, lastIndex: 10 });
    expect([next.read(8).type, next.read(10).type]).toEqual([6, 3]);
    expect(failureOf(() => next.read(9)).message).toBe('[AXONIQ-9000] failed to read entry: 9');
  });

  test('of no bytes, or that is gone, shows only when it is read', () => {
    fs.writeFileSync(fileOf(stopped, 1), '');
    const log = restarted();
    expect(failureOf(() => log.read(1)).message).toContain('0 buffer limit');
    fs.rmSync(fileOf(stopped, 4));
    expect(failureOf(() => log.read(4)).kind).toBe('data-file-read');
    expect(log.read(8).index).toBe(8);
  });

  test('that is missing in between leaves a hole that no entry can be read from', () => {
    fs.rmSync(fileOf(stopped, 4));
    const log = restarted();
    expect(log.closedSegments.map(({ firstIndex }) => firstIndex)).toEqual([1]);
    expect(log.read(3).index).toBe(3);
    for (const index of [4, 5, 6]) {
      expect(failureOf(() => log.read(index)).message).toBe(`[AXONIQ-9000] failed to read entry: ${index}`);
    }
  });
});

describe('a name in the folder', () => {
  test('of a temporary file is swept up', () => {
    const file = `${fileOf(stopped, 10)}.temp`;
    fs.writeFileSync(file, 'left by a killed process');
    restarted();
    expect(fs.existsSync(file)).toBe(false);
  });

  test.each(['readme.txt', '9.log', `${'0'.repeat(19)}9.index`, `${'0'.repeat(19)}9_00001.log`])(
    'that is no log segment is passed over: %s',
    (name) => {
      fs.writeFileSync(path.join(stopped.folder, name), 'anything');
      expect(restarted()).toMatchObject({ lastIndex: 8, openSegment: 7 });
    },
  );

  test('with a number beyond all indexes stops the start', () => {
    fs.writeFileSync(path.join(stopped.folder, `${'9'.repeat(20)}.log`), 'anything');
    expect(failureOf(restarted).message).toContain(`For input string: "${'9'.repeat(20)}.log"`);
  });
});

test('a log without any file begins at 1 again', () => {
  for (const firstIndex of segmentsOf(stopped)) fs.rmSync(fileOf(stopped, firstIndex));
  expect(restarted()).toMatchObject({ firstIndex: 1, lastIndex: 0 });
});

test('whatever happens to the files, a start succeeds or fails as the server does, and leaves no file open', () => {
  const newFolder = temporaryFolders();
  fc.assert(
    fc.property(damages, fc.boolean(), (all, hasIndexFiles) => {
      const root = newFolder();
      fs.cpSync(dataDir.root, root, { recursive: true });
      const copy = new RefusingDataDir(root);
      const options = logStoreOptions(root, { dataDir: copy, hasIndexFiles });
      for (const one of all) doDamage(options.folder, one);
      try {
        const log = openLogStore(root, options);
        try {
          log.append(recordOfLength(30), nowMs);
          expect(log.read(log.lastIndex).index).toBe(log.lastIndex);
          textsIn(log);
        } finally {
          log.close();
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
