/**
 * The index of a closed segment: **a stand-in**. The real one is a MapDB file of 2 MiB whose bytes nobody can reproduce
 * (docs/event-segment-format.md, section 6.1), so ours begins like it and says what it is. Its entries have the real
 * content: for each aggregate its first sequence number and the positions of its events' length fields.
 *
 *     4A 03 | "stand-in" | crc i32 of the rest | entries, each: key length i32, key, first sequence i64,
 *                                                count i32, count x position i32
 */
import { crc32 } from 'node:zlib';

const SIGNATURE = Buffer.concat([Buffer.from([0x4a, 0x03]), Buffer.from('stand-in', 'latin1')]);
const CONTENT_START = SIGNATURE.length + 4;

export interface IndexEntry {
  readonly firstSequenceNumber: bigint;
  /** Offsets in the data file of the events' length fields, ascending. */
  readonly positions: readonly number[];
}

export function encodeSegmentIndex(entries: ReadonlyMap<string, IndexEntry>): Buffer {
  const parts: Buffer[] = [SIGNATURE, Buffer.alloc(4)];
  for (const [key, entry] of entries) {
    const keyBytes = Buffer.from(key, 'utf8');
    const part = Buffer.allocUnsafe(4 + keyBytes.length + 8 + 4 + 4 * entry.positions.length);
    let at = part.writeInt32BE(keyBytes.length, 0);
    at += keyBytes.copy(part, at);
    at = part.writeBigInt64BE(entry.firstSequenceNumber, at);
    at = part.writeInt32BE(entry.positions.length, at);
    for (const position of entry.positions) at = part.writeInt32BE(position, at);
    parts.push(part);
  }
  const bytes = Buffer.concat(parts);
  bytes.writeUInt32BE(crc32(bytes.subarray(CONTENT_START)), SIGNATURE.length);
  return bytes;
}

/** Null where the bytes are no whole index: the server then builds the index anew. */
export function decodeSegmentIndex(bytes: Buffer): Map<string, IndexEntry> | null {
  if (!isSegmentIndex(bytes)) return null;
  if (crc32(bytes.subarray(CONTENT_START)) !== bytes.readUInt32BE(SIGNATURE.length)) return null;
  const entries = new Map<string, IndexEntry>();
  let at = CONTENT_START;
  while (at < bytes.length) {
    const keyLength = at + 4 <= bytes.length ? bytes.readInt32BE(at) : -1;
    const keyEnd = at + 4 + keyLength;
    if (keyLength < 0 || keyEnd + 12 > bytes.length) return null;
    const key = bytes.toString('utf8', at + 4, keyEnd);
    const count = bytes.readInt32BE(keyEnd + 8);
    if (count < 0 || keyEnd + 12 + 4 * count > bytes.length) return null;
    const positions: number[] = [];
    for (let index = 0; index < count; index++) positions.push(bytes.readInt32BE(keyEnd + 12 + 4 * index));
    entries.set(key, { firstSequenceNumber: bytes.readBigInt64BE(keyEnd), positions });
    at = keyEnd + 12 + 4 * count;
  }
  return entries;
}

/** Whether the bytes begin as an index of ours does, whatever has become of the rest. */
export function isSegmentIndex(bytes: Buffer): boolean {
  return bytes.length >= CONTENT_START && bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE);
}
