import type { BackupFile } from '../../journal/inventory.ts';
import type { RestoreProblem } from '../../journal/restoration.ts';
import { eventVersions, type EventScan } from './event-scan.ts';
import { LOG_VERSION, type LogScan } from './log-scanner.ts';

/*
 * What no server writes, and a server reads over without a word: no checksum covers these bytes. Offset 0 of a segment is its
 * version, offset 4 of a transaction or log entry that of its own. Events have 1 in 4.0, 2 since
 * (docs/event-segment-format.md, section 2); logs and their entries 0 (docs/backup-endpoints.md, section 3.2).
 */

/** Versions that nobody knows in a segment of events or snapshots. */
export function findOddEvents(
  { path }: Pick<BackupFile, 'path'>,
  { version, oddTransaction }: EventScan,
): RestoreProblem[] {
  const say = (message: string): RestoreProblem => ({ kind: 'events-unreadable', where: path, message });
  const odd: RestoreProblem[] = [];
  if (version !== null && !eventVersions.has(version)) {
    odd.push(say(`the segment has version ${version}, and nobody knows another than 1 and 2`));
  }
  if (oddTransaction !== null) {
    odd.push(
      say(
        `the transaction at token ${oddTransaction.token} has version ${oddTransaction.version}, and nobody knows another than 1 and 2`,
      ),
    );
  }
  return odd;
}

/** Versions and types that nobody knows in a segment of a log, and terms that go down; `termBefore` is that of the entry before it. */
export function findOddEntries(
  { path }: Pick<BackupFile, 'path'>,
  { version, oddVersion, oddType, terms, termDrop }: LogScan,
  firstIndex: number,
  termBefore: number,
): RestoreProblem[] {
  const say = (message: string): RestoreProblem => ({ kind: 'log-unreadable', where: path, message });
  const odd: RestoreProblem[] = [];
  if (version !== null && version !== LOG_VERSION) {
    odd.push(say(`the segment has version ${version}, and nobody knows another than ${LOG_VERSION}`));
  }
  if (oddVersion !== null) {
    odd.push(
      say(`entry ${oddVersion.index} has version ${oddVersion.version}, and nobody knows another than ${LOG_VERSION}`),
    );
  }
  if (oddType !== null) {
    odd.push(say(`entry ${oddType.index} is of type ${oddType.type}, which nobody knows: what it brings is lost`));
  }
  const drop =
    terms !== null && terms.first < termBefore
      ? { index: firstIndex, term: terms.first, before: termBefore }
      : termDrop;
  if (drop !== null) {
    odd.push(
      say(`entry ${drop.index} has term ${drop.term}, the one before it ${drop.before}: terms never go down in a log`),
    );
  }
  return odd;
}
