import { encodeBloomFilter, isBloomFilter, mightContain } from '../../server/formats/bloom-filter.ts';
import { readIndexKey } from '../../server/formats/event-message.ts';
import type { StoredTransaction } from '../../server/formats/event-segment.ts';
import { decodeSegmentIndex } from '../../server/formats/segment-index.ts';
import { eventStoreSuffixes } from '../../server/formats/segment-name.ts';
import { WireError } from '../../server/formats/wire.ts';
import type { EventType } from '../../server/index.ts';
import { readOrNull } from './examine-events.ts';
import type { SelectedSegment } from './select-backup.ts';

/**
 * `exact`: built again from the events it is the same, byte for byte. `usable`: made with other settings, it still lets
 * through all that is there. `wrong`: it hides events. `unchecked`: the events cannot be read here: they are damaged, or
 * encrypted.
 */
export type BloomState = 'exact' | 'usable' | 'wrong' | 'damaged' | 'missing' | 'unchecked';

/** `foreign`: the MapDB file of a real server, of which only the beginning is looked at. */
export type IndexState = 'exact' | 'foreign' | 'wrong' | 'damaged' | 'missing' | 'unchecked';

/** The files that belong to a closed segment. */
export interface CheckedIndex {
  readonly bloom: BloomState;
  readonly index: IndexState;
}

/** Holds the index and the bloom filter of a segment against its events, null where those are damaged. */
export function checkIndex(
  { companions }: SelectedSegment,
  type: EventType,
  transactions: readonly StoredTransaction[] | null,
): CheckedIndex {
  const suffixes = eventStoreSuffixes[type];
  const bytesOf = (suffix: string): Buffer | null => {
    const file = companions.find(({ what }) => what.kind === 'index' && what.suffix === suffix);
    return file === undefined ? null : readOrNull(file);
  };
  const bloom = bytesOf(suffixes.bloom);
  const index = bytesOf(suffixes.index);
  if (bloom === null && index === null) return { bloom: 'missing', index: 'missing' };
  const keys = transactions === null ? null : readKeys(transactions);
  return { bloom: bloomStateOf(bloom, keys), index: indexStateOf(index, keys) };
}

/** The aggregates of a segment; null where its events are not what they should be. */
function readKeys(transactions: readonly StoredTransaction[]): ReadonlySet<string> | null {
  const keys = new Set<string>();
  try {
    for (const { events } of transactions) {
      for (const event of events) {
        const key = readIndexKey(event);
        if (key !== null) keys.add(key);
      }
    }
    return keys;
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

function indexStateOf(bytes: Buffer | null, keys: ReadonlySet<string> | null): IndexState {
  if (bytes === null) return 'missing';
  const isMapDb = bytes.length > 2 && bytes.readUInt16BE(0) === 0x4a03;
  if (!isMapDb) return 'damaged';
  if (bytes.toString('latin1', 2, 10) !== 'stand-in') return 'foreign';
  const entries = decodeSegmentIndex(bytes);
  if (entries === null) return 'damaged';
  if (keys === null) return 'unchecked';
  return entries.size === keys.size && [...keys].every((key) => entries.has(key)) ? 'exact' : 'wrong';
}
