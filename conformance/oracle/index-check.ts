import { encodeBloomFilter, isBloomFilter, mightContain } from '../../server/formats/bloom-filter.ts';
import { readIndexKey } from '../../server/formats/event-message.ts';
import { BLOCK_HEADER_BYTES, EVENT_LENGTH_BYTES, type StoredTransaction } from '../../server/formats/event-segment.ts';
import { decodeSegmentIndex, isSegmentIndex } from '../../server/formats/segment-index.ts';
import { eventStoreSuffixes } from '../../server/formats/segment-name.ts';
import { WireError } from '../../server/formats/wire.ts';
import type { EventType } from '../../server/index.ts';
import { readOrNull } from './examine-events.ts';
import { isMapDb, readMapDb } from './mapdb-file.ts';
import type { SelectedSegment } from './select-backup.ts';

/**
 * `exact`: built again from the events it is the same, byte for byte. `usable`: made with other settings, it still lets
 * through all that is there. `wrong`: it hides events. `unchecked`: the events cannot be read here: they are damaged, or
 * encrypted.
 */
export type BloomState = 'exact' | 'usable' | 'wrong' | 'damaged' | 'missing' | 'unchecked';

/**
 * `exact`: it lists the aggregates of its segment, and of a real server's each place of an event. `sound`: a real server's
 * that is whole, and whose entries are not looked at. `wrong`: it is that of another segment, or empty. `unchecked`: the events
 * cannot be read here.
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

/** Holds the index and the bloom filter of a segment against its events, null where those are damaged. */
export function checkIndex(
  { companions }: SelectedSegment,
  type: EventType,
  transactions: readonly StoredTransaction[] | null,
): CheckedIndex {
  const suffixes = eventStoreSuffixes[type];
  const find = (suffix: string): Companion | null => {
    const file = companions.find(({ what }) => what.kind === 'index' && what.suffix === suffix);
    const bytes = file === undefined ? null : readOrNull(file);
    return file === undefined || bytes === null ? null : { bytes, sizeBytes: file.sizeBytes };
  };
  const bloom = find(suffixes.bloom);
  const index = find(suffixes.index);
  const jumpSkip = jumpSkipStateOf(find(jumpSkipSuffixes[type]));
  if (bloom === null && index === null) return { bloom: 'missing', index: 'missing', jumpSkip };
  const places = transactions === null ? null : readPlaces(transactions);
  const keys = places === null ? null : new Set(places.keys());
  return { bloom: bloomStateOf(bloom?.bytes ?? null, keys), index: indexStateOf(index, places), jumpSkip };
}

/** A file beside a segment; its bytes may lack zeros at the end. */
interface Companion {
  readonly bytes: Buffer;
  readonly sizeBytes: number;
}

/** Where the events of each aggregate stand in the segment; null where its events are not what they should be. */
function readPlaces(transactions: readonly StoredTransaction[]): ReadonlyMap<string, readonly number[]> | null {
  const places = new Map<string, number[]>();
  try {
    for (const { events, position } of transactions) {
      let at = position + BLOCK_HEADER_BYTES;
      for (const event of events) {
        const key = readIndexKey(event);
        if (key !== null) {
          const known = places.get(key);
          if (known === undefined) places.set(key, [at]);
          else known.push(at);
        }
        at += EVENT_LENGTH_BYTES + event.length;
      }
    }
    return places;
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  }
}

function bloomStateOf(bytes: Buffer | null, keys: ReadonlySet<string> | null): BloomState {
  if (bytes === null) return 'missing';
  if (!isBloomFilter(bytes)) return 'damaged';
  if (keys === null) return 'unchecked';
  if (encodeBloomFilter(keys).equals(bytes)) return 'exact';
  return [...keys].every((key) => mightContain(bytes, key)) ? 'usable' : 'wrong';
}

function indexStateOf(file: Companion | null, places: ReadonlyMap<string, readonly number[]> | null): IndexState {
  if (file === null) return 'missing';
  const { bytes, sizeBytes } = file;
  if (isSegmentIndex(bytes)) {
    const entries = decodeSegmentIndex(bytes);
    if (entries === null) return 'damaged';
    if (places === null) return 'unchecked';
    return entries.size === places.size && [...places.keys()].every((key) => entries.has(key)) ? 'exact' : 'wrong';
  }
  const read = readMapDb(bytes, sizeBytes);
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
  if (file === null) return 'missing';
  if (isSegmentIndex(file.bytes)) return decodeSegmentIndex(file.bytes) === null ? 'damaged' : 'sound';
  const isWhole = isMapDb(file.bytes) && file.sizeBytes > 0 && file.sizeBytes % MEBIBYTE === 0;
  return isWhole ? 'sound' : 'damaged';
}
