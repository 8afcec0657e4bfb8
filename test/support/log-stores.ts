import * as fs from 'node:fs';
import { encodeAppend } from '../../server/formats/log-entry-data.ts';
import { decodeLogIndex } from '../../server/formats/log-index.ts';
import {
  decodeLogSegment,
  encodeLogEntry,
  logEntryTypes,
  type DecodedLogSegment,
  type LogEntry,
} from '../../server/formats/log-segment.ts';
import { DataDir } from '../../server/stores/data-dir.ts';
import { LogStore, type LogStoreOptions } from '../../server/stores/log-store.ts';

/* Logs whose default segment of 100 bytes holds three default entries of 30 bytes, with one byte to spare. */

export const nowMs = Date.UTC(2024, 4, 5, 6, 7, 8, 90);

/** The whole record of an entry: a dummy of 9 bytes in 30, unless told otherwise. */
export function record(values: Partial<Omit<LogEntry, 'index'>> = {}): Buffer {
  return encodeLogEntry({ term: 1, type: logEntryTypes.dummy, data: Buffer.from('dummydata'), ...values });
}

/** An entry that takes exactly `lengthBytes` in the file. */
export function recordOfLength(lengthBytes: number, text = '', term = 1): Buffer {
  return record({ term, data: Buffer.from(text.padEnd(lengthBytes - 21, '.').slice(0, lengthBytes - 21)) });
}

/** An entry that appends one event, as the leader writes it. */
export function appendRecord(term = 1): Buffer {
  const data = encodeAppend('EVENT', { token: 0n, version: 2, events: [Buffer.from('0a016d', 'hex')], context: '' });
  return record({ term, type: logEntryTypes.serializedObject, data });
}

export function logStoreOptions(root: string, values: Partial<LogStoreOptions> = {}): LogStoreOptions {
  const dataDir = values.dataDir ?? new DataDir(root);
  return { dataDir, folder: dataDir.folder('default'), segmentSizeBytes: 100, hasIndexFiles: false, ...values };
}

export function openLogStore(root: string, values: Partial<LogStoreOptions> = {}, atMs = nowMs): LogStore {
  return LogStore.open(logStoreOptions(root, values), atMs);
}

/** Appends entries of 30 bytes that carry their index. */
export function grow(log: LogStore, entries: number, { term = 1, atMs = nowMs } = {}): void {
  for (let count = 0; count < entries; count++) {
    log.append(recordOfLength(30, String(log.lastIndex + 1), term), atMs);
  }
}

/** The texts of all entries, as `grow` has given them. */
export function textsIn(log: LogStore): string[] {
  const texts: string[] = [];
  for (let index = log.firstIndex; index <= log.lastIndex; index++) {
    texts.push(log.read(index).data.toString('latin1').replaceAll('.', ''));
  }
  return texts;
}

/** `numbers(3, 5)` is what `textsIn` says of a log with the entries 3 to 5. */
export function numbers(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, ordinal) => String(from + ordinal));
}

/** Absolute path of a segment's file. */
export function fileOf(log: LogStore, firstIndex: number): string {
  return `${log.folder}/${String(firstIndex).padStart(20, '0')}.log`;
}

/** First indexes of the segments whose files are in the folder. */
export function segmentsOf(log: LogStore): number[] {
  return fs
    .readdirSync(log.folder)
    .filter((name) => name.endsWith('.log'))
    .map((name) => Number.parseInt(name, 10))
    .toSorted((a, b) => a - b);
}

export function decodedFile(log: LogStore, firstIndex: number): DecodedLogSegment {
  return decodeLogSegment(fs.readFileSync(fileOf(log, firstIndex)), firstIndex);
}

/** What the index file of each segment in the folder says, by first index; null where it is no index. */
export function indexFilesOf(log: LogStore): Map<number, ReadonlyMap<number, number> | null> {
  const names = fs.readdirSync(log.folder).filter((name) => name.endsWith('.index'));
  return new Map(
    names
      .toSorted()
      .map((name) => [Number.parseInt(name, 10), decodeLogIndex(fs.readFileSync(`${log.folder}/${name}`))]),
  );
}

/** What the index of a segment has to say: the place of each entry in its file. */
export function positionsIn(log: LogStore, firstIndex: number): Map<number, number> {
  return new Map(decodedFile(log, firstIndex).entries.map(({ index, position }) => [index, position]));
}

/** Closes all segments that are full, as the job of a running node does over some seconds. */
export function closeAll(log: LogStore, atMs = nowMs): number[] {
  const closed: number[] = [];
  for (let next = log.closeNext(atMs); next !== null; next = log.closeNext(atMs)) closed.push(next);
  return closed;
}
