import type { EventType } from '../../../server/index.ts';
import type { FoundFile } from '../backup/backup-walk.ts';
import { isUnreadable, orNull } from './examine-events.ts';
import { readWithoutRest } from '../backup/glance-at-segment.ts';
import type { Companion } from '../segments/index-check.ts';
import type { LogScan } from '../segments/log-scanner.ts';
import { piecesOf, readStart, withReadAt } from '../backup/read-found.ts';
import { scanLog, scanSegment, type BetweenPieces, type ScannedSegment } from '../segments/scan-segment.ts';

/** A segment that lies on the disk by itself, to be read by whichever thread has time; plain data. */
export type PlainScan = { readonly isQuick: boolean } & (
  | {
      readonly kind: 'segment';
      readonly source: FoundFile;
      readonly segment: bigint;
      readonly type: EventType;
      readonly companions: ReadonlyArray<{ readonly suffix: string; readonly source: FoundFile }>;
    }
  | {
      readonly kind: 'log';
      readonly source: FoundFile;
      readonly firstIndex: number;
      readonly splitBehind: readonly number[];
      readonly mostWholeBytes: number;
    }
);

/** What it comes to; null where the file is not what it was when it was found. */
export async function scanPlain(scan: PlainScan, between: BetweenPieces): Promise<ScannedSegment | LogScan | null> {
  return orNullAsync<ScannedSegment | LogScan>(() => {
    const { source, isQuick } = scan;
    if (scan.kind === 'log') return scanLog(piecesOf(source), { ...scan, checksChecksums: !isQuick }, between);
    const whole = { ...scan, pieces: piecesOf(source), companions: scan.companions.map(companionAt) };
    if (!isQuick) return scanSegment(whole, between);
    const { sizeBytes } = source;
    return withReadAt(source, (readAt) => scanSegment({ ...whole, walk: { sizeBytes, readAt } }, between));
  });
}

function companionAt({ suffix, source }: { readonly suffix: string; readonly source: FoundFile }): Companion {
  const { sizeBytes } = source;
  const read = (mostBytes: number): Buffer | null =>
    orNull(() => (mostBytes < sizeBytes ? readStart(source, mostBytes) : readWithoutRest(source)));
  return { suffix, sizeBytes, read };
}

/** What `read` gives; null where a file cannot be read any more. */
export async function orNullAsync<Result>(read: () => Promise<Result>): Promise<Result | null> {
  try {
    return await read();
  } catch (error) {
    if (isUnreadable(error)) return null;
    throw error;
  }
}
