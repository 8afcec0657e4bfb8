/*
 * The global index of a context with jump-skip indexes: **a stand-in**. The real one, whose layout is not public, holds the last
 * token of each aggregate over all segments and is changed in place whenever a segment closes. Ours changes then, too, at a size
 * that stays, and says how far it has come:
 *
 *     4A 03 | "stand-in" | closed segments i64 | the highest of them i64, -1 for none | zeros to 4096
 */

const SIZE_BYTES = 4096;
const SIGNATURE = Buffer.concat([Buffer.from([0x4a, 0x03]), Buffer.from('stand-in', 'latin1')]);

/** What a global index of ours tells. */
export interface GlobalIndex {
  readonly closedSegments: number;
  /** -1 where none is closed. */
  readonly lastClosedSegment: bigint;
}

export function encodeGlobalIndex({ closedSegments, lastClosedSegment }: GlobalIndex): Buffer {
  const bytes = Buffer.alloc(SIZE_BYTES);
  const at = SIGNATURE.copy(bytes);
  bytes.writeBigInt64BE(BigInt(closedSegments), at);
  bytes.writeBigInt64BE(lastClosedSegment, at + 8);
  return bytes;
}
