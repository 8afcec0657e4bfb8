/** Texts of fewer characters, as nearly all are, are written sooner than a call into the runtime is made; a varint of one byte. */
const SHORT = 0x80;

/**
 * The protobuf wire encoding, as much of it as Axon Server's messages use: varints, 8-byte doubles and
 * length-delimited fields. Scalars at their default are omitted by the callers (proto3).
 *
 *     field = tag varint (number << 3 | wire type) + value;  wire types: 0 varint, 1 eight bytes, 2 length + bytes
 */
export class WireWriter {
  #buffer: Buffer;
  #length = 0;

  constructor(initialBytes = 1024) {
    this.#buffer = Buffer.allocUnsafe(initialBytes);
  }

  /** A copy of what was written since the last `finish`; the writer is empty again. */
  finish(): Buffer {
    const bytes = Buffer.allocUnsafe(this.#length);
    bytes.set(this.#buffer.subarray(0, this.#length));
    this.#length = 0;
    return bytes;
  }

  string(field: number, value: string): void {
    this.#varint(field * 8 + 2);
    if (value.length < SHORT && this.#shortAscii(value)) return;
    const bytes = Buffer.byteLength(value, 'utf8');
    this.#varint(bytes);
    this.#reserve(bytes);
    this.#length += this.#buffer.write(value, this.#length, 'utf8');
  }

  bytes(field: number, value: Uint8Array): void {
    this.#varint(field * 8 + 2);
    this.#varint(value.length);
    this.#reserve(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  /** A length-delimited field whose content `write` writes. */
  message(field: number, write: () => void): void {
    this.#varint(field * 8 + 2);
    this.#reserve(5);
    const start = this.#length + 1;
    this.#length = start;
    write();
    const size = this.#length - start;
    // While #length covers the content: a buffer that grows later, for the size alone, would leave the content behind.
    this.#reserve(8);
    const extra = varintBytes(size) - 1;
    if (extra > 0) this.#buffer.copyWithin(start + extra, start, start + size);
    this.#length = start - 1;
    this.#varint(size);
    this.#length += size;
  }

  /** int32, int64, uint64, bool and enum: negative values take ten bytes, as protobuf has it. */
  int64(field: number, value: bigint | number): void {
    this.#varint(field * 8);
    this.#reserve(10);
    if (value >= 0 && value <= Number.MAX_SAFE_INTEGER) {
      this.#varint(Number(value));
      return;
    }
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest >= 0x80n) {
      this.#buffer[this.#length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#buffer[this.#length++] = Number(rest);
  }

  /** sint64: zig-zag. */
  sint64(field: number, value: bigint): void {
    this.int64(field, BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)));
  }

  double(field: number, value: number): void {
    this.#varint(field * 8 + 1);
    this.#reserve(8);
    this.#length = this.#buffer.writeDoubleLE(value, this.#length);
  }

  /** Length and characters, where each takes one byte; false, and nothing written, where one does not. */
  #shortAscii(value: string): boolean {
    this.#reserve(1 + SHORT);
    const start = this.#length + 1;
    for (let place = 0; place < value.length; place++) {
      const code = value.charCodeAt(place);
      if (code >= 0x80) return false;
      this.#buffer[start + place] = code;
    }
    this.#buffer[this.#length] = value.length;
    this.#length = start + value.length;
    return true;
  }

  #varint(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest >= 0x80) {
      this.#buffer[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[this.#length++] = rest;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + bytes));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}

/** One field as it stands on the wire. */
export type WireField =
  | { readonly number: number; readonly type: 'varint'; readonly value: bigint }
  | { readonly number: number; readonly type: 'double'; readonly value: number }
  | { readonly number: number; readonly type: 'bytes'; readonly value: Buffer };

/** The bytes are no protobuf message. Callers turn it into a failure that names the file and the place. */
export class WireError extends Error {}

/** The fields of one message in the order of the bytes. Throws a WireError where they break off or make no sense. */
export function* readFields(bytes: Buffer): Generator<WireField> {
  let position = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[position++];
      if (byte === undefined) throw new WireError('a varint breaks off');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new WireError('a varint has more than ten bytes');
  };
  const take = (length: number): Buffer => {
    if (position + length > bytes.length) throw new WireError('a field breaks off');
    position += length;
    return bytes.subarray(position - length, position);
  };
  while (position < bytes.length) {
    const tag = Number(varint());
    const number = Math.floor(tag / 8);
    if (number === 0) throw new WireError('field number 0');
    if (tag % 8 === 0) yield { number, type: 'varint', value: varint() };
    else if (tag % 8 === 1) yield { number, type: 'double', value: take(8).readDoubleLE(0) };
    else if (tag % 8 === 2) yield { number, type: 'bytes', value: take(Number(varint())) };
    else throw new WireError(`wire type ${tag % 8} is not used by Axon Server`);
  }
}

/** The value of a text field; the wrong wire type is a WireError. */
export function textOf(field: WireField): string {
  return bytesOf(field).toString('utf8');
}

export function bytesOf(field: WireField): Buffer {
  if (field.type !== 'bytes') throw new WireError(`field ${field.number} is not length-delimited`);
  return field.value;
}

/** The value of an int64 field, sign included. */
export function int64Of(field: WireField): bigint {
  if (field.type !== 'varint') throw new WireError(`field ${field.number} is not a varint`);
  return BigInt.asIntN(64, field.value);
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes++;
  return bytes;
}
