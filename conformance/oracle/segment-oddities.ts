import type { StoredTransaction } from '../../server/formats/event-segment.ts';
import { logEntryTypes, type StoredLogEntry } from '../../server/formats/log-segment.ts';
import type { BackupFile } from '../journal/inventory.ts';
import type { RestoreProblem } from '../journal/restoration.ts';

/*
 * What no server writes, and a server reads over without a word: no checksum covers these bytes. Offset 0 of a segment is its
 * version, offset 4 of a transaction or log entry that of its own.
 */

/** 1 in 4.0, 2 since (docs/event-segment-format.md, section 2). */
const eventVersions: ReadonlySet<number> = new Set([1, 2]);
/** Of log segments and their entries (docs/backup-endpoints.md, section 3.2). */
const LOG_VERSION = 0;
const VERSION_AT = 4;

const knownTypes: ReadonlySet<number> = new Set(Object.values(logEntryTypes));

/** Versions that nobody knows in a segment of events or snapshots. */
export function findOddEvents(
  { path }: Pick<BackupFile, 'path'>,
  bytes: Buffer,
  transactions: readonly StoredTransaction[],
): RestoreProblem[] {
  const say = (message: string): RestoreProblem => ({ kind: 'events-unreadable', where: path, message });
  const odd: RestoreProblem[] = [];
  if (bytes.length > 0 && !eventVersions.has(bytes[0] ?? 0)) {
    odd.push(say(`the segment has version ${bytes[0]}, and nobody knows another than 1 and 2`));
  }
  const first = transactions.find(({ position }) => !eventVersions.has(bytes[position + VERSION_AT] ?? 0));
  if (first !== undefined) {
    const version = bytes[first.position + VERSION_AT];
    odd.push(
      say(`the transaction at token ${first.firstToken} has version ${version}, and nobody knows another than 1 and 2`),
    );
  }
  return odd;
}

/** Versions and types that nobody knows in a segment of a log, and terms that go down; `termBefore` is that of the entry before it. */
export function findOddEntries(
  { path }: Pick<BackupFile, 'path'>,
  bytes: Buffer,
  entries: readonly StoredLogEntry[],
  termBefore: number,
): RestoreProblem[] {
  const say = (message: string): RestoreProblem => ({ kind: 'log-unreadable', where: path, message });
  const odd: RestoreProblem[] = [];
  if (bytes.length > 0 && bytes[0] !== LOG_VERSION) {
    odd.push(say(`the segment has version ${bytes[0]}, and nobody knows another than ${LOG_VERSION}`));
  }
  const strange = entries.find(({ position }) => bytes[position + VERSION_AT] !== LOG_VERSION);
  if (strange !== undefined) {
    const version = bytes[strange.position + VERSION_AT];
    odd.push(say(`entry ${strange.index} has version ${version}, and nobody knows another than ${LOG_VERSION}`));
  }
  const unknown = entries.find(({ type }) => !knownTypes.has(type));
  if (unknown !== undefined) {
    odd.push(say(`entry ${unknown.index} is of type ${unknown.type}, which nobody knows: what it brings is lost`));
  }
  let term = termBefore;
  for (const entry of entries) {
    if (entry.term < term) {
      odd.push(
        say(`entry ${entry.index} has term ${entry.term}, the one before it ${term}: terms never go down in a log`),
      );
      break;
    }
    term = entry.term;
  }
  return odd;
}
