import { SEGMENT_HEADER_BYTES, TRANSACTION_OVERHEAD_BYTES } from '../../../server/formats/event-segment.ts';
import type { FoundFile } from './backup-walk.ts';
import { EventScanner } from '../segments/event-scanner.ts';
import type { Leaf, Leaves } from './leaf.ts';
import { piecesOf, readFound, readStart, UnreadableFile } from './read-found.ts';
import { readTraits } from './traits.ts';
import { WithoutRest } from './without-rest.ts';

/** Segments are preallocated: of a larger one the rest, which is zeros, is not taken into memory. */
export const MOST_WITH_REST_BYTES = 8 << 20;
const GLANCE_BYTES = 64 << 10;
/** So much is read for the sake of a first transaction. */
const BEGINNING_BYTES = 4 << 20;

/** The bytes of a segment, but for most of the zeros at its end. Fails with `data-file-read`. */
export function readWithoutRest(found: FoundFile): Buffer {
  if (found.sizeBytes <= MOST_WITH_REST_BYTES) return readFound(found);
  const content = new WithoutRest();
  for (const piece of piecesOf(found)) content.add(piece);
  return content.bytes();
}

/**
 * Of a file with the name of a segment, or of what lies beside one, the beginning alone: enough to tell whose it is. All of
 * it is read when the segments are.
 */
export function glanceAt(name: string, found: FoundFile): Leaves {
  let start = readStart(found, GLANCE_BYTES);
  if (firstRecordEnd(name, start) > start.length) start = readStart(found, BEGINNING_BYTES);
  const traits = readTraits(name, start);
  const leaf: Leaf = {
    source: found,
    within: [],
    wrappings: [],
    sizeBytes: found.sizeBytes,
    checksum: '',
    modifiedNs: found.modifiedNs,
    traits: traits.kind === 'data' ? { ...traits, nextToken: endWhenAsked(found, traits.name.number) } : traits,
    isLazy: true,
    readBytes: () => readWithoutRest(found),
  };
  return { leaves: [leaf], unreadable: [] };
}

/** Where the first transaction of events ends; of other files 0. */
function firstRecordEnd(name: string, start: Buffer): number {
  if (!/\.(?:events|snapshots)$/.test(name) || start.length < SEGMENT_HEADER_BYTES + 4) return 0;
  return SEGMENT_HEADER_BYTES + start.readInt32BE(SEGMENT_HEADER_BYTES) + TRANSACTION_OVERHEAD_BYTES;
}

function endWhenAsked(found: FoundFile, segment: bigint): () => bigint | null {
  let end: bigint | null | undefined;
  return () => {
    if (end !== undefined) return end;
    const scanner = new EventScanner(segment, { checksChecksums: false });
    try {
      for (const piece of piecesOf(found)) scanner.push(piece);
      end = scanner.finish().endBySizes;
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      end = null;
    }
    return end;
  };
}
