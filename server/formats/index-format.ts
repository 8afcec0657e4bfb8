import { encodeBloomFilter, isBloomFilter } from './bloom-filter.ts';
import type { EventType } from './log-entry-data.ts';
import { decodeSegmentIndex, encodeSegmentIndex, type IndexEntry } from './segment-index.ts';
import { DCB_INDEX_SUFFIX, eventStoreSuffixes, jumpSkipSuffixes } from './segment-name.ts';

/*
 * What lies beside a closed segment: an index and a bloom filter, or in a context with jump-skip indexes one file of another kind
 * (docs/event-segment-format.md, section 6). How a jump-skip index is laid out is not public: ours is the stand-in of the other one.
 */

/** As the meta data of a context has it. */
export const indexFormats = ['BLOOM_FILTER_INDEX', 'JUMP_SKIP_INDEX'] as const;

export type IndexFormat = (typeof indexFormats)[number];

/** The same, and what stands for the indexes of a context with a dynamic consistency boundary, which nobody chooses. */
export type StoredIndexFormat = IndexFormat | 'DCB';
/** Of the two stores of a context, each of which has its own. */
export type ContextIndexFormats = Readonly<Record<EventType, IndexFormat>>;

/** A file beside a segment. */
export interface IndexFile {
  /** With its dot. */
  readonly suffix: string;
  readonly bytes: Buffer;
}

/** Suffixes of the files beside a segment, in the order in which they are listed and written. */
export function indexSuffixes(type: EventType, format: StoredIndexFormat): readonly string[] {
  if (format === 'DCB') return [DCB_INDEX_SUFFIX];
  const { index, bloom } = eventStoreSuffixes[type];
  return format === 'JUMP_SKIP_INDEX' ? [jumpSkipSuffixes[type].segment] : [index, bloom];
}

/** The files beside a segment with these entries. */
export function encodeIndexFiles(
  type: EventType,
  format: StoredIndexFormat,
  entries: ReadonlyMap<string, IndexEntry>,
): readonly IndexFile[] {
  const [index = '', bloom] = indexSuffixes(type, format);
  const files = [{ suffix: index, bytes: encodeSegmentIndex(entries) }];
  return bloom === undefined ? files : [...files, { suffix: bloom, bytes: encodeBloomFilter(new Set(entries.keys())) }];
}

/** Whether all of them are there and open; `read` gives null for one that is not there. */
export function areIndexFilesGood(
  type: EventType,
  format: StoredIndexFormat,
  read: (suffix: string) => Buffer | null,
): boolean {
  const [index = '', bloom] = indexSuffixes(type, format);
  // The bloom filter first: it is small.
  const filter = bloom === undefined ? null : read(bloom);
  if (bloom !== undefined && (filter === null || !isBloomFilter(filter))) return false;
  const bytes = read(index);
  return bytes !== null && decodeSegmentIndex(bytes) !== null;
}
