import { crc32 } from 'node:zlib';
import { changeBytes, fileAt, filesOf } from '../backup-tree.ts';
import { edgeValues, mutator, pick, writeNumber, type Mutator } from '../step.ts';

/*
 * Fields of event and log segments with other values, and with their checksums made good again: what damage to the memory
 * of a server or of a client leaves, or whoever means harm.
 */

interface Field {
  readonly at: number;
  readonly widthBytes: number;
}

/** Offsets in a record; what stands behind `data` is covered by the checksum. */
const eventFields: Readonly<Record<string, Field>> = {
  size: { at: 0, widthBytes: 4 },
  version: { at: 4, widthBytes: 1 },
  count: { at: 5, widthBytes: 2 },
  'first event length': { at: 7, widthBytes: 4 },
  'first event': { at: 11, widthBytes: 4 },
  message: { at: 12, widthBytes: 1 },
};
const logFields: Readonly<Record<string, Field>> = {
  size: { at: 0, widthBytes: 4 },
  version: { at: 4, widthBytes: 1 },
  term: { at: 5, widthBytes: 8 },
  type: { at: 13, widthBytes: 4 },
  data: { at: 17, widthBytes: 4 },
  message: { at: 18, widthBytes: 1 },
};

const HEADER_BYTES = 5;
const segments = /\.(?:events|snapshots|log)$/;

export const segmentMutators: readonly Mutator[] = [
  mutator<{ file: string; record: number; field: string; value: string; mends: boolean }>({
    name: 'segment-field',
    draw: (tree, random) => {
      const files = filesOf(tree, segments);
      if (files.length === 0) return null;
      const file = pick(random, files);
      const count = recordsOf(fileAt(tree, file)?.bytes ?? Buffer.alloc(0), isLog(file)).length;
      return {
        file,
        record: random.integer(0, Math.max(0, count)),
        field: pick(random, Object.keys(isLog(file) ? logFields : eventFields)),
        value: pick(random, [...edgeValues, 3n, 4n, 12n, 40n]).toString(),
        mends: random.fraction() < 0.8,
      };
    },
    apply: (tree, { file, record, field, value, mends }) =>
      changeBytes(tree, file, (bytes) => {
        const log = isLog(file);
        const records = recordsOf(bytes, log);
        // The one behind the last is where the next would begin.
        const at = records[record] ?? endOf(bytes, records, log);
        const { at: offset, widthBytes } = (log ? logFields : eventFields)[field] ?? { at: 0, widthBytes: 4 };
        writeNumber(bytes, at + offset, widthBytes, BigInt(value));
        if (mends) mendChecksum(bytes, at, log);
        return bytes;
      }),
  }),
  mutator<{ file: string; record: number; at: number; mask: number }>({
    name: 'segment-data',
    draw: (tree, random) => {
      const files = filesOf(tree, segments);
      if (files.length === 0) return null;
      const file = pick(random, files);
      const count = recordsOf(fileAt(tree, file)?.bytes ?? Buffer.alloc(0), isLog(file)).length;
      if (count === 0) return null;
      return {
        file,
        record: random.integer(0, count - 1),
        at: random.integer(0, 300),
        mask: 1 << random.integer(0, 7),
      };
    },
    apply: (tree, { file, record, at, mask }) =>
      changeBytes(tree, file, (bytes) => {
        const log = isLog(file);
        const start = recordsOf(bytes, log)[record];
        if (start === undefined) return bytes;
        const from = start + (log ? 17 : 7);
        const size = bytes.readInt32BE(start);
        const place = from + (at % Math.max(1, size));
        if (place < bytes.length) bytes[place] = (bytes[place] ?? 0) ^ mask;
        mendChecksum(bytes, start, log);
        return bytes;
      }),
  }),
];

function isLog(file: string): boolean {
  return file.endsWith('.log');
}

/** Where each record begins, as far as their sizes lead. */
function recordsOf(bytes: Buffer, log: boolean): number[] {
  const overhead = log ? 21 : 11;
  const found: number[] = [];
  for (let at = HEADER_BYTES; at + 4 <= bytes.length;) {
    const size = bytes.readInt32BE(at);
    if (size <= 0 || at + size + overhead > bytes.length) break;
    found.push(at);
    at += size + overhead;
  }
  return found;
}

function endOf(bytes: Buffer, records: readonly number[], log: boolean): number {
  const last = records.at(-1);
  return last === undefined ? HEADER_BYTES : last + bytes.readInt32BE(last) + (log ? 21 : 11);
}

function mendChecksum(bytes: Buffer, at: number, log: boolean): void {
  if (at + 4 > bytes.length) return;
  const start = at + (log ? 17 : 7);
  const end = start + bytes.readInt32BE(at);
  if (end <= start || end + 4 > bytes.length) return;
  bytes.writeUInt32BE(crc32(bytes.subarray(start, end)), end);
}
