import path from 'node:path';
import { UNLISTED_SEGMENT } from '../journal/evidence.ts';
import type { ListedStore, StoreAtAnswer } from '../journal/recording/listed-files.ts';
import { parseSegmentFileName, segmentOfDataFile } from '../journal/segment-file-name.ts';

/**
 * What a listing tells of its store, and nothing but that: a segment is closed where an index of it is listed, or where the
 * client knows it for closed by its cursor; the highest of the others is the one that is written. Null of an empty list of
 * everything: so a node answers that does not have the context.
 */
export function storeAsListed({ type, cursor, names }: ListedStore): StoreAtAnswer | null {
  if (names.length === 0 && (cursor ?? -1n) < 0n) return null;
  const files = names.map((name) => path.basename(name));
  const data = files.flatMap((name) => segmentOfDataFile(name, type) ?? []);
  const indexes = files.filter((name) => segmentOfDataFile(name, type) === null);
  const indexed = new Set(indexes.flatMap((name) => parseSegmentFileName(name)?.segment ?? []));
  const closed = data.filter((segment) => indexed.has(segment));
  const lastClosedSegment = highest([cursor ?? -1n, ...closed]);
  const open = data.filter((segment) => segment > lastClosedSegment);
  return { lastClosedSegment, openSegment: open.length === 0 ? UNLISTED_SEGMENT : highest(open) };
}

/** Whether the segment that is written is in the list. */
export function listsOpenSegment({ openSegment }: StoreAtAnswer, { type, names }: ListedStore): boolean {
  return names.some((name) => segmentOfDataFile(path.basename(name), type) === openSegment);
}

function highest(segments: readonly bigint[]): bigint {
  return segments.reduce((most, next) => (next > most ? next : most));
}
