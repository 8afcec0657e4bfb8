import { bytesOf, int64Of, readFields, textOf, WireError, WireWriter, type WireField } from './wire.ts';

/** `SerializedObject`: 1 type, 2 revision, 3 data. */
export interface SerializedObject {
  readonly type: string;
  readonly revision: string;
  readonly data: Uint8Array;
}

/** `MetaDataValue`, a oneof: it is written even where it holds its type's default. */
export type MetaDataValue =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: bigint }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'double'; readonly value: number }
  | { readonly kind: 'bytes'; readonly value: SerializedObject };

/** The protobuf `Event` of events and snapshots alike (docs/event-segment-format.md, section 3). */
export interface EventMessage {
  readonly messageIdentifier: string;
  readonly aggregateIdentifier: string;
  readonly aggregateSequenceNumber: bigint;
  /** Empty where the event is not a domain event; such events are in no index. */
  readonly aggregateType: string;
  /** Milliseconds since 1970. */
  readonly timestampMs: bigint;
  readonly payload: SerializedObject | null;
  /** In the order of the bytes: the server keeps the order in which it received them. */
  readonly metaData: ReadonlyArray<readonly [key: string, value: MetaDataValue]>;
  readonly snapshot: boolean;
}

const writer = new WireWriter();

/** Fields ascend, defaults are omitted: the form that the server stores from 4.5 on. */
export function encodeEventMessage(event: EventMessage): Buffer {
  if (event.messageIdentifier !== '') writer.string(1, event.messageIdentifier);
  if (event.aggregateIdentifier !== '') writer.string(2, event.aggregateIdentifier);
  if (event.aggregateSequenceNumber !== 0n) writer.int64(3, event.aggregateSequenceNumber);
  if (event.aggregateType !== '') writer.string(4, event.aggregateType);
  if (event.timestampMs !== 0n) writer.int64(5, event.timestampMs);
  const { payload } = event;
  if (payload !== null) writer.message(6, () => writeSerializedObject(payload));
  for (const [key, value] of event.metaData) {
    writer.message(7, () => {
      writer.string(1, key);
      writer.message(2, () => writeMetaDataValue(value));
    });
  }
  if (event.snapshot) writer.int64(8, 1);
  return writer.finish();
}

/** Throws a WireError where the bytes are not an `Event`. Fields that this version does not know are passed over. */
export function decodeEventMessage(bytes: Buffer): EventMessage {
  let messageIdentifier = '';
  let aggregateIdentifier = '';
  let aggregateSequenceNumber = 0n;
  let aggregateType = '';
  let timestampMs = 0n;
  let payload: SerializedObject | null = null;
  let snapshot = false;
  const metaData: Array<readonly [string, MetaDataValue]> = [];
  for (const field of readFields(bytes)) {
    if (field.number === 1) messageIdentifier = textOf(field);
    else if (field.number === 2) aggregateIdentifier = textOf(field);
    else if (field.number === 3) aggregateSequenceNumber = int64Of(field);
    else if (field.number === 4) aggregateType = textOf(field);
    else if (field.number === 5) timestampMs = int64Of(field);
    else if (field.number === 6) payload = decodeSerializedObject(bytesOf(field));
    else if (field.number === 7) metaData.push(decodeMetaDataEntry(bytesOf(field)));
    else if (field.number === 8) snapshot = int64Of(field) !== 0n;
  }
  return {
    messageIdentifier,
    aggregateIdentifier,
    aggregateSequenceNumber,
    aggregateType,
    timestampMs,
    payload,
    metaData,
    snapshot,
  };
}

/**
 * The aggregate identifier under which the event is indexed, or null where it is not a domain event. The event stands in `bytes`
 * from `start` to `end`. Throws a WireError where the bytes are not an `Event`. Millions of events are asked: what all real ones
 * are like is read without a look at anything else.
 */
export function readIndexKey(bytes: Buffer, start = 0, end = bytes.length): string | null {
  let identifierAt = -1;
  let identifierEnd = -1;
  let typeBytes = -1;
  for (let at = start; at < end;) {
    const tag = bytes[at++] ?? 0;
    const number = tag >> 3;
    const wireType = tag & 7;
    let byte = 0x80;
    let value = 0;
    for (let shift = 0; byte >= 0x80 && at < end && shift <= 21; shift += 7) {
      byte = bytes[at++] ?? 0;
      value |= (byte & 0x7f) << shift;
    }
    const isText = number === 2 || number === 4;
    const isPlain = tag < 0x80 && number > 0 && byte < 0x80;
    if (isPlain && wireType === 0 && !isText) continue;
    if (!isPlain || wireType !== 2 || at + value > end) return readAnyIndexKey(bytes.subarray(start, end));
    if (number === 2) {
      identifierAt = at;
      identifierEnd = at + value;
    }
    if (number === 4) typeBytes = value;
    if (identifierAt >= 0 && typeBytes >= 0) break;
    at += value;
  }
  if (typeBytes <= 0) return null;
  return identifierAt < 0 ? '' : bytes.toString('utf8', identifierAt, identifierEnd);
}

/** The same of bytes of any kind. */
function readAnyIndexKey(bytes: Buffer): string | null {
  let aggregateIdentifier: string | null = null;
  let aggregateType: string | null = null;
  for (const field of readFields(bytes)) {
    if (field.number === 2) aggregateIdentifier = textOf(field);
    if (field.number === 4) aggregateType = textOf(field);
    if (aggregateIdentifier !== null && aggregateType !== null) break;
  }
  return aggregateType === null || aggregateType === '' ? null : (aggregateIdentifier ?? '');
}

export function decodeSerializedObject(bytes: Buffer): SerializedObject {
  let type = '';
  let revision = '';
  let data: Uint8Array = Buffer.alloc(0);
  for (const field of readFields(bytes)) {
    if (field.number === 1) type = textOf(field);
    else if (field.number === 2) revision = textOf(field);
    else if (field.number === 3) data = bytesOf(field);
  }
  return { type, revision, data };
}

function writeSerializedObject(value: SerializedObject): void {
  if (value.type !== '') writer.string(1, value.type);
  if (value.revision !== '') writer.string(2, value.revision);
  if (value.data.length > 0) writer.bytes(3, value.data);
}

function writeMetaDataValue(value: MetaDataValue): void {
  switch (value.kind) {
    case 'text':
      return writer.string(1, value.value);
    case 'number':
      return writer.sint64(2, value.value);
    case 'boolean':
      return writer.int64(3, value.value ? 1 : 0);
    case 'double':
      return writer.double(4, value.value);
    case 'bytes':
      return writer.message(5, () => writeSerializedObject(value.value));
  }
}

function decodeMetaDataEntry(bytes: Buffer): readonly [string, MetaDataValue] {
  let key = '';
  let value: MetaDataValue | null = null;
  for (const field of readFields(bytes)) {
    if (field.number === 1) key = textOf(field);
    else if (field.number === 2) value = decodeMetaDataValue(bytesOf(field));
  }
  if (value === null) throw new WireError(`meta data entry "${key}" has no value`);
  return [key, value];
}

function decodeMetaDataValue(bytes: Buffer): MetaDataValue {
  for (const field of readFields(bytes)) return metaDataValueOf(field);
  throw new WireError('a meta data value is empty');
}

function metaDataValueOf(field: WireField): MetaDataValue {
  switch (field.number) {
    case 1:
      return { kind: 'text', value: textOf(field) };
    case 2: {
      const raw = BigInt.asUintN(64, int64Of(field));
      return { kind: 'number', value: BigInt.asIntN(64, (raw >> 1n) ^ -(raw & 1n)) };
    }
    case 3:
      return { kind: 'boolean', value: int64Of(field) !== 0n };
    case 4:
      if (field.type !== 'double') throw new WireError('field 4 is not a double');
      return { kind: 'double', value: field.value };
    case 5:
      return { kind: 'bytes', value: decodeSerializedObject(bytesOf(field)) };
    default:
      throw new WireError(`a meta data value has no field ${field.number}`);
  }
}
