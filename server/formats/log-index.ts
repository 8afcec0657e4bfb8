/**
 * The index of a closed log segment: **a stand-in**. The real one is a MapDB file with a hash map from entry indexes to
 * offsets (docs/backup-endpoints.md, section 3.1), whose bytes nobody can reproduce; so ours begins like it and says
 * what it is. Its name may be that of an event segment's index: what it says of itself is what tells the two apart.
 *
 *     4A 03 | "log stand-in" | crc i32 of the rest | entries, each: index i64, position i32
 */
import { crc32 } from 'node:zlib';

const SIGNATURE = Buffer.concat([Buffer.from([0x4a, 0x03]), Buffer.from('log stand-in', 'latin1')]);
const CONTENT_START = SIGNATURE.length + 4;
const ENTRY_BYTES = 12;

/** `positions` has for each entry's index the offset of its length field in the file of its segment. */
export function encodeLogIndex(positions: ReadonlyMap<number, number>): Buffer {
  const bytes = Buffer.alloc(CONTENT_START + ENTRY_BYTES * positions.size);
  bytes.set(SIGNATURE, 0);
  let at = CONTENT_START;
  for (const [index, position] of positions) {
    at = bytes.writeBigInt64BE(BigInt(index), at);
    at = bytes.writeInt32BE(position, at);
  }
  bytes.writeUInt32BE(crc32(bytes.subarray(CONTENT_START)), SIGNATURE.length);
  return bytes;
}

/** Null where the bytes are no whole index: the server then builds the index anew. */
export function decodeLogIndex(bytes: Buffer): Map<number, number> | null {
  if (!isLogIndex(bytes) || (bytes.length - CONTENT_START) % ENTRY_BYTES !== 0) return null;
  if (crc32(bytes.subarray(CONTENT_START)) !== bytes.readUInt32BE(SIGNATURE.length)) return null;
  const positions = new Map<number, number>();
  for (let at = CONTENT_START; at < bytes.length; at += ENTRY_BYTES) {
    const index = Number(bytes.readBigInt64BE(at));
    if (!Number.isSafeInteger(index) || positions.has(index)) return null;
    positions.set(index, bytes.readInt32BE(at + 8));
  }
  return positions;
}

/** Whether the bytes begin as a log's index of ours does, whatever has become of the rest. */
export function isLogIndex(bytes: Buffer): boolean {
  return bytes.length >= CONTENT_START && bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE);
}
