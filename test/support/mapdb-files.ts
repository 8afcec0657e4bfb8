/*
 * Files of MapDB as a real server writes the index of a segment (conformance/oracle/segments/mapdb-file.ts draws them), as small as they
 * can be: the names, one leaf for each aggregate, one list of positions for each leaf.
 */

const MEBIBYTE = 1024 ** 2;
const HEAD_END = 0x8060;
const FIRST_PLACE = HEAD_END + 16;
const SUM_SEED = 1_142_099_053;

/** An index that lists the positions of each aggregate. */
export function encodeMapDb(positions: ReadonlyMap<string, readonly number[]>): Buffer {
  const names = [
    ['aggregateMap#keySerializer', 'org.mapdb.Serializer#STRING'],
    ['aggregateMap#type', 'HashMap'],
    ['aggregateMap#valueInline', 'false'],
  ].flat();
  const records = [Buffer.concat([packed(names.length / 2), ...names.map(text)]), packed(0)];
  for (const [key, list] of positions) {
    const leafNumber = records.length + 1;
    records.push(Buffer.concat([packed(3), text(key), packed(leafNumber + 1), packed(0)]));
    records.push(Buffer.concat([packed(list.length), packed(0), ...list.map(packed)]));
  }
  return layOut(records);
}

function layOut(records: readonly Buffer[]): Buffer {
  const bytes = Buffer.alloc(2 * MEBIBYTE);
  let end = MEBIBYTE;
  for (const [place, record] of records.entries()) {
    const at = FIRST_PLACE + place * 8;
    bytes.writeUInt16BE(record.length, at);
    if (record.length <= 5) {
      record.copy(bytes, at + 7 - record.length);
      continue;
    }
    bytes.writeUIntBE(end, at + 2, 6);
    record.copy(bytes, end);
    end += Math.ceil(record.length / 16) * 16;
  }
  bytes.writeUInt32BE(0x4a03_0000, 0);
  bytes.writeBigUInt64BE(1n, 8);
  bytes.writeBigUInt64BE(BigInt(end), 24);
  bytes.writeBigUInt64BE(BigInt(records.length * 8), 32);
  bytes.writeBigUInt64BE(BigInt(bytes.length), 40);
  return sealed(bytes);
}

/** The bytes with the checksum of their header. */
function sealed(bytes: Buffer): Buffer {
  let sum = SUM_SEED;
  for (let at = 24; at < HEAD_END; at += 4) sum = (sum + bytes.readInt32BE(at)) | 0;
  bytes.writeInt32BE(1, 16);
  bytes.writeInt32BE(sum, 20);
  return bytes;
}

function packed(value: number): Buffer {
  const bytes = [(value % 128) | 0x80];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift(rest % 128);
  return Buffer.from(bytes);
}

function text(value: string): Buffer {
  const units = Array.from({ length: value.length }, (_, place) => packed(value.charCodeAt(place)));
  return Buffer.concat([packed(value.length), ...units]);
}
