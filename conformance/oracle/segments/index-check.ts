import { encodeBloomFilter, isBloomFilter, mightContain } from '../../../server/formats/bloom-filter.ts';
import { decodeSegmentIndex, isSegmentIndex } from '../../../server/formats/segment-index.ts';
import { eventStoreSuffixes } from '../../../server/formats/segment-name.ts';
import type { EventType } from '../../../server/index.ts';
import { isMapDb, readMapDb } from './mapdb-file.ts';

/**
 * `exact`: built again from the events it is the same, byte for byte. `usable`: made with other settings, it still lets
 * through all that is there. `wrong`: it hides events. `unchecked`: the events cannot be read here: they are damaged, or
 * encrypted, or too many.
 */
export type BloomState = 'exact' | 'usable' | 'wrong' | 'damaged' | 'missing' | 'unchecked';

/**
 * `exact`: it lists the aggregates of its segment, and of a real server's each place of an event. `sound`: a real server's
 * that is whole, and whose entries are not looked at. `wrong`: it is that of another segment, or empty. `unchecked`: the events
 * cannot be read here, or nobody looked.
 */
export type IndexState = 'exact' | 'sound' | 'wrong' | 'damaged' | 'missing' | 'unchecked';

/** Of jump-skip, in place of the other two: only the beginning and the size are looked at. */
export type JumpSkipState = 'sound' | 'damaged' | 'missing';

/** The files that belong to a closed segment. */
export interface CheckedIndex {
  readonly bloom: BloomState;
  readonly index: IndexState;
  readonly jumpSkip: JumpSkipState;
}

const jumpSkipSuffixes = { EVENT: '.nindex', SNAPSHOT: '.snindex' } as const;
const MEBIBYTE = 1024 ** 2;

/** A file beside a segment. */
export interface Companion {
  readonly suffix: string;
  readonly sizeBytes: number;
  /** All of it, or its beginning; zeros at the end may be missing. Null where it cannot be read any more. */
  readonly read: (mostBytes: number) => Buffer | null;
}

/** Larger indexes are not taken into memory. */
const MOST_INDEX_BYTES = 256 * MEBIBYTE;
const BEGINNING_BYTES = 64;

/** Whether any of them is one that is held against the places of events. */
export function needsPlaces(companions: readonly Companion[], type: EventType): boolean {
  const { bloom, index } = eventStoreSuffixes[type];
  return companions.some(({ suffix }) => suffix === bloom || suffix === index);
}

/** Holds the index and the bloom filter of a segment against the places of its events, null where those are damaged or not known. */
export function checkIndex(
  companions: readonly Companion[],
  type: EventType,
  places: ReadonlyMap<string, readonly number[]> | null,
): CheckedIndex {
  const suffixes = eventStoreSuffixes[type];
  return {
    bloom: bloomStateOf(find(companions, suffixes.bloom), places),
    index: indexStateOf(find(companions, suffixes.index), places),
    jumpSkip: jumpSkipStateOf(find(companions, jumpSkipSuffixes[type])),
  };
}

/** The same by names and sizes alone. */
export function glanceAtIndex(companions: readonly Companion[], type: EventType): CheckedIndex {
  const suffixes = eventStoreSuffixes[type];
  const stateOf = (suffix: string): 'missing' | 'damaged' | 'unchecked' => {
    const found = find(companions, suffix);
    return found === null ? 'missing' : found.sizeBytes === 0 ? 'damaged' : 'unchecked';
  };
  const jumpSkip = stateOf(jumpSkipSuffixes[type]);
  return {
    bloom: stateOf(suffixes.bloom),
    index: stateOf(suffixes.index),
    jumpSkip: jumpSkip === 'unchecked' ? jumpSkipStateOf(find(companions, jumpSkipSuffixes[type])) : jumpSkip,
  };
}

function find(companions: readonly Companion[], suffix: string): Companion | null {
  return companions.find((each) => each.suffix === suffix) ?? null;
}

function bloomStateOf(file: Companion | null, places: ReadonlyMap<string, unknown> | null): BloomState {
  if (file === null) return 'missing';
  if (file.sizeBytes > MOST_INDEX_BYTES) return 'unchecked';
  const bytes = file.read(file.sizeBytes);
  if (bytes === null) return 'missing';
  if (!isBloomFilter(bytes)) return 'damaged';
  if (places === null) return 'unchecked';
  const keys = new Set(places.keys());
  if (encodeBloomFilter(keys).equals(bytes)) return 'exact';
  return [...keys].every((key) => mightContain(bytes, key)) ? 'usable' : 'wrong';
}

function indexStateOf(file: Companion | null, places: ReadonlyMap<string, readonly number[]> | null): IndexState {
  if (file === null) return 'missing';
  if (file.sizeBytes > MOST_INDEX_BYTES) return 'unchecked';
  const bytes = file.read(file.sizeBytes);
  if (bytes === null) return 'missing';
  if (isSegmentIndex(bytes)) {
    const entries = decodeSegmentIndex(bytes);
    if (entries === null) return 'damaged';
    if (places === null) return 'unchecked';
    return entries.size === places.size && [...places.keys()].every((key) => entries.has(key)) ? 'exact' : 'wrong';
  }
  const read = readMapDb(bytes, file.sizeBytes);
  if (read.state === 'damaged') return 'damaged';
  if (places === null) return 'unchecked';
  if (read.positions === null) return 'sound';
  return isSame(read.positions, places) ? 'exact' : 'wrong';
}

function isSame(
  listed: ReadonlyMap<string, readonly number[]>,
  places: ReadonlyMap<string, readonly number[]>,
): boolean {
  if (listed.size !== places.size) return false;
  return [...places].every(([key, own]) => {
    const positions = listed.get(key);
    return positions?.length === own.length && positions.every((position, place) => position === own[place]);
  });
}

/** How it is laid out is not public. */
function jumpSkipStateOf(file: Companion | null): JumpSkipState {
  const bytes = file?.read(BEGINNING_BYTES) ?? null;
  if (file === null || bytes === null) return 'missing';
  if (isSegmentIndex(bytes)) {
    const whole = file.read(MOST_INDEX_BYTES);
    return whole === null || decodeSegmentIndex(whole) === null ? 'damaged' : 'sound';
  }
  const isWhole = isMapDb(bytes) && file.sizeBytes > 0 && file.sizeBytes % MEBIBYTE === 0;
  return isWhole ? 'sound' : 'damaged';
}
