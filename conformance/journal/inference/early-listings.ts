import { BackupCopies } from '../in-backup/backup-copies.ts';
import type { BackedUpLog } from '../in-backup/backed-up-logs.ts';
import type { Evidence, ListedFile, RunRecord } from '../evidence.ts';
import { isSameStore } from '../event-store-name.ts';
import type { BackupFile } from '../inventory.ts';
import { logSegmentsAmong } from '../in-backup/log-in-backup.ts';
import {
  logListingsOf,
  segmentListingsOf,
  type ControlDbBackup,
  type LogListing,
  type SegmentListing,
} from '../run-requests.ts';
import { segmentOfDataFile } from '../segment-file-name.ts';

/*
 * A client may list before the POST, to see whether the disk has room, and list it all again behind it. Then the second list
 * is the one that counts, if the backup was made from it.
 */

/** The list behind the POST, the one before it, and what of them the backup has. */
export interface ListedTwice {
  readonly early: LogListing | SegmentListing;
  readonly late: LogListing | SegmentListing;
  /** The copy that the backup has of a listed segment, by its name. */
  readonly copyOf: (name: string) => BackupFile | null;
}

/** Logs that were listed on the same node before the POST as well. */
export function logsListedTwice(
  run: RunRecord,
  { listing: late, copy }: BackedUpLog,
  made: ControlDbBackup,
): ListedTwice[] {
  return logListingsOf(run)
    .filter(({ node, ordinal, answer }) => {
      return node === late.node && answer.group === late.answer.group && ordinal < made.ordinal;
    })
    .map((early) => ({ early, late, copyOf: (name) => copy?.files.get(name) ?? null }));
}

/** The same for an event store. */
export function storesListedTwice(
  { contexts }: Evidence,
  run: RunRecord,
  late: SegmentListing,
  made: ControlDbBackup,
): ListedTwice[] {
  const copies = new BackupCopies(run.after, contexts);
  return segmentListingsOf(run)
    .filter(({ node, ordinal, answer }) => {
      return node === late.node && isSameStore(answer, late.answer) && ordinal < made.ordinal;
    })
    .map((early) => ({ early, late, copyOf: (name) => copies.newest(late.answer, name) }));
}

/**
 * What shows that the backup was made from the early list: segments that the late one alone names are not there, while those
 * of the early one are; or a copy has the bytes of the early list, and the late one had others, for no segment becomes again
 * what it was. Null where nothing shows it: where both lists say the same, they are the same.
 */
export function signOfEarlyCopy({ early, late, copyOf }: ListedTwice): string | null {
  const known = new Map(early.answer.files.map(({ name, checksum }) => [name, checksum]));
  const listed = segmentsOf(late);
  const added = listed.filter(({ name, isOpen }) => !known.has(name) && !(isOpen && late.answer.kind === 'segments'));
  const missing = added.filter(({ name }) => copyOf(name) === null);
  const [first] = missing;
  if (first !== undefined && missing.length === added.length && segmentsOf(early).some(({ name }) => copyOf(name))) {
    return `the backup was made from this list: ${first.name}, which the later one alone names, is not there`;
  }
  const kept = listed.find(({ name, checksum }) => {
    const before = known.get(name);
    return typeof before === 'string' && before !== checksum && copyOf(name)?.checksum === before;
  });
  return kept === undefined
    ? null
    : `the copy of ${kept.name} was made before that: it has the bytes of this list, and the later one had others`;
}

/** Those that exist. */
function segmentsOf({ answer }: LogListing | SegmentListing): readonly ListedFile[] {
  const files = answer.files.filter(({ checksum }) => checksum !== null);
  if (answer.kind === 'log') return logSegmentsAmong(files);
  return files.filter(({ name }) => segmentOfDataFile(name, answer.type) !== null);
}
