import type { EventType } from '../../../server/index.ts';
import { AggregatePlaces } from './aggregate-places.ts';
import type { EventScan } from './event-scan.ts';
import { EventScanner } from './event-scanner.ts';
import { walkSizes, type ReadAt } from './size-walk.ts';
import { checkIndex, glanceAtIndex, needsPlaces, type CheckedIndex, type Companion } from './index-check.ts';
import { LogScanner, type LogScan, type LogScanOptions } from './log-scanner.ts';

/** A data file, read from its start to its end, and what lies beside it held against it. */
export interface ScannedSegment {
  readonly scan: EventScan;
  readonly index: CheckedIndex;
}

export interface SegmentToScan {
  readonly segment: bigint;
  readonly type: EventType;
  /** Each gone with the next. */
  readonly pieces: Iterable<Buffer>;
  readonly companions: readonly Companion[];
  readonly keepsBlocks?: boolean;
  /** Set: not the pieces are read, but the sizes in so many bytes (size-walk.ts). */
  readonly walk?: { readonly sizeBytes: number; readonly readAt: ReadAt } | undefined;
}

/** Told of the bytes of each piece; others may have their turn. May fail, and then so does the scan. */
export type BetweenPieces = (bytes: number) => Promise<void>;

/** Reads a segment of events or snapshots once, whatever its size, in constant memory. Fails as `pieces` do. */
export async function scanSegment(
  { segment, type, pieces, companions, keepsBlocks = false, walk }: SegmentToScan,
  between: BetweenPieces,
): Promise<ScannedSegment> {
  if (walk !== undefined) {
    const scan = await walkSizes(segment, walk.sizeBytes, walk.readAt, between);
    return { scan, index: glanceAtIndex(companions, type) };
  }
  const places = needsPlaces(companions, type) ? new AggregatePlaces() : null;
  const seen =
    places === null
      ? {}
      : {
          seeEvent: (bytes: Buffer, start: number, end: number, position: number): void =>
            places.add(bytes, start, end, position),
          missEvents: (): void => places.giveUp(),
        };
  const scanner = new EventScanner(segment, { keepsBlocks, ...seen });
  for (const piece of pieces) {
    scanner.push(piece);
    await between(piece.length);
  }
  const scan = scanner.finish();
  const isSound = scan.end !== 'broken' && scan.badChecksums.length === 0;
  return { scan, index: checkIndex(companions, type, isSound ? (places?.places ?? null) : null) };
}

/** The same of a segment of a log. */
export async function scanLog(
  pieces: Iterable<Buffer>,
  options: LogScanOptions,
  between: BetweenPieces,
): Promise<LogScan> {
  const scanner = new LogScanner(options);
  for (const piece of pieces) {
    scanner.push(piece);
    await between(piece.length);
    if (scanner.isDone) break;
  }
  return scanner.finish();
}
