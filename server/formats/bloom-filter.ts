/**
 * The bloom filter of a closed segment in Guava's serial form, exact to the byte (docs/event-segment-format.md,
 * section 6.2).
 *
 *     +------+------+-----------+------------------------+
 *     | 01   | k u8 | words i32 | words x i64 big-endian |   bit b: word b / 64, bit b mod 64, least significant first
 *     +------+------+-----------+------------------------+
 */

const MASK_64 = (1n << 64n) - 1n;
const MASK_63 = (1n << 63n) - 1n;
const HEADER_BYTES = 6;

/** False positives that the server allows: its 0.03 is a float, widened to double. */
const FALSE_POSITIVE_RATE = Math.fround(0.03);

/** The filter over the distinct aggregate identifiers of one segment. */
export function encodeBloomFilter(keys: ReadonlySet<string>): Buffer {
  const expected = Math.max(1, keys.size);
  const bits = Math.floor((-expected * Math.log(FALSE_POSITIVE_RATE)) / (Math.LN2 * Math.LN2));
  const hashes = Math.max(1, Math.round((bits / expected) * Math.LN2));
  const words = Math.ceil(bits / 64);
  const bytes = Buffer.alloc(HEADER_BYTES + 8 * words);
  bytes[0] = 1;
  bytes[1] = hashes;
  bytes.writeInt32BE(words, 2);
  for (const key of keys) {
    for (const bit of bitsOf(key, hashes, words * 64)) {
      const at = byteOf(bit);
      bytes[at] = (bytes[at] ?? 0) | (1 << (bit % 8));
    }
  }
  return bytes;
}

/**
 * True where `bytes` is a filter at all: the server takes an index whose filter does not load for missing. What stands behind
 * the words is not read: 4.6.11 was seen to write a shorter filter over a longer one.
 */
export function isBloomFilter(bytes: Buffer): boolean {
  return (
    bytes.length > HEADER_BYTES &&
    bytes[0] === 1 &&
    (bytes[1] ?? 0) > 0 &&
    bytes.readInt32BE(2) > 0 &&
    bytes.length >= HEADER_BYTES + 8 * bytes.readInt32BE(2)
  );
}

/** False means: the segment certainly has no event of this aggregate. Bytes that are no filter rule out nothing. */
export function mightContain(bytes: Buffer, key: string): boolean {
  if (!isBloomFilter(bytes)) return true;
  const hashes = bytes[1] ?? 0;
  for (const bit of bitsOf(key, hashes, bytes.readInt32BE(2) * 64)) {
    if (((bytes[byteOf(bit)] ?? 0) & (1 << (bit % 8))) === 0) return false;
  }
  return true;
}

/** Words are big-endian while bits count from the least significant: byte 7 of a word holds its bits 0 to 7. */
function byteOf(bit: number): number {
  const word = Math.floor(bit / 64);
  return HEADER_BYTES + 8 * word + 7 - Math.floor((bit % 64) / 8);
}

function* bitsOf(key: string, hashes: number, bits: number): Generator<number> {
  const [first, second] = murmur128(Buffer.from(key, 'utf8'));
  let combined = first;
  for (let round = 0; round < hashes; round++) {
    yield Number((combined & MASK_63) % BigInt(bits));
    combined = (combined + second) & MASK_64;
  }
}

/** MurmurHash3 x64 128 with seed 0, as two unsigned 64-bit halves. */
function murmur128(bytes: Buffer): readonly [bigint, bigint] {
  const c1 = 0x87c37b91114253d5n;
  const c2 = 0x4cf5ad432745937fn;
  let h1 = 0n;
  let h2 = 0n;
  const tailStart = bytes.length - (bytes.length % 16);
  for (let position = 0; position < tailStart; position += 16) {
    h1 ^= mix(bytes.readBigUInt64LE(position), c1, 31n, c2);
    h1 = ((rotate(h1, 27n) + h2) * 5n + 0x52dce729n) & MASK_64;
    h2 ^= mix(bytes.readBigUInt64LE(position + 8), c2, 33n, c1);
    h2 = ((rotate(h2, 31n) + h1) * 5n + 0x38495ab5n) & MASK_64;
  }
  const tail = Buffer.alloc(16);
  bytes.copy(tail, 0, tailStart);
  if (bytes.length - tailStart > 8) h2 ^= mix(tail.readBigUInt64LE(8), c2, 33n, c1);
  if (bytes.length > tailStart) h1 ^= mix(tail.readBigUInt64LE(0), c1, 31n, c2);
  const length = BigInt(bytes.length);
  h1 = (h1 ^ length) & MASK_64;
  h2 = (h2 ^ length) & MASK_64;
  h1 = (h1 + h2) & MASK_64;
  h2 = (h2 + h1) & MASK_64;
  h1 = finalMix(h1);
  h2 = finalMix(h2);
  h1 = (h1 + h2) & MASK_64;
  h2 = (h2 + h1) & MASK_64;
  return [h1, h2];
}

function mix(value: bigint, before: bigint, turn: bigint, after: bigint): bigint {
  return (rotate((value * before) & MASK_64, turn) * after) & MASK_64;
}

function rotate(value: bigint, turn: bigint): bigint {
  return ((value << turn) | (value >> (64n - turn))) & MASK_64;
}

function finalMix(value: bigint): bigint {
  let mixed = value ^ (value >> 33n);
  mixed = (mixed * 0xff51afd7ed558ccdn) & MASK_64;
  mixed ^= mixed >> 33n;
  mixed = (mixed * 0xc4ceb9fe1a85ec53n) & MASK_64;
  return mixed ^ (mixed >> 33n);
}
