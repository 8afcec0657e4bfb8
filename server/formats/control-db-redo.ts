import { crc32 } from 'node:zlib';

/*
 * The redo record: what a node needs to come back from a crash, which leaves its live control database torn. A format
 * of the simulator's own, without counterpart in the real server. Numbers are big-endian.
 *
 *   offset  size  content
 *   0       8     "AXREDO 1"
 *   8       4     CRC-32 of the live file that was there when this record was written
 *   12      4     CRC-32 of the live file that is written right after this record
 *   16      4     CRC-32 of the rest
 *   20      …     the consistent image behind the new live file
 */

export interface RedoRecord {
  readonly previousLiveChecksum: number;
  readonly liveChecksum: number;
  readonly image: Uint8Array;
}

const magic = new TextEncoder().encode('AXREDO 1');
const imageAt = 20;

export function encodeRedoRecord({ previousLiveChecksum, liveChecksum, image }: RedoRecord): Uint8Array {
  const bytes = new Uint8Array(imageAt + image.length);
  const view = new DataView(bytes.buffer);
  bytes.set(magic);
  view.setUint32(8, previousLiveChecksum);
  view.setUint32(12, liveChecksum);
  view.setUint32(16, crc32(image));
  bytes.set(image, imageAt);
  return bytes;
}

/** Null for bytes that are no sound record: they say nothing about any live file. */
export function decodeRedoRecord(bytes: Uint8Array): RedoRecord | null {
  if (bytes.length < imageAt || !magic.every((byte, index) => bytes[index] === byte)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const image = bytes.subarray(imageAt);
  if (view.getUint32(16) !== crc32(image)) return null;
  return { previousLiveChecksum: view.getUint32(8), liveChecksum: view.getUint32(12), image };
}
