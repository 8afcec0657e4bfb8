import { AxonError } from '../errors.ts';
import { encodeBloomFilter, isBloomFilter } from '../formats/bloom-filter.ts';
import { decodeEventSegment, type DecodedEventSegment } from '../formats/event-segment.ts';
import { decodeSegmentIndex, encodeSegmentIndex } from '../formats/segment-index.ts';
import { eventStoreSuffixes, formatSegmentName, parseSegmentName } from '../formats/segment-name.ts';
import type { EventStoreOptions, OpenIndex } from './event-store-options.ts';
import { indexEvents } from './transaction.ts';

/** What start-up has made of the files. */
export interface RecoveredEventStore {
  /** Ascending. */
  readonly closed: bigint[];
  /** Closed segments that have no index and will get none. */
  readonly unindexed: Set<bigint>;
  readonly nextToken: bigint;
  /** The segment to go on with, or null where a new one begins at the next token. */
  readonly open: { readonly number: bigint; readonly position: number; readonly index: OpenIndex } | null;
}

/**
 * Start-up of an event store as releases from 4.4.3 on do it (dossier "event segment format", section 8): the highest
 * file is the open one unless its index and bloom filter are good; the lower ones are closed whatever they hold; missing
 * indexes are built from the newest segment down to the first good one; the newest segments are validated.
 */
export function recoverEventStore(options: EventStoreOptions, nowMs: number): RecoveredEventStore {
  const segments = listSegments(options);
  const highest = segments.at(-1);
  if (highest === undefined) return { closed: [], unindexed: new Set(), nextToken: 0n, open: null };

  const decoded = decodeSegment(options, highest);
  const isHighestClosed = hasGoodIndex(options, highest);
  const closed = isHighestClosed ? segments : segments.slice(0, -1);
  validate(options, segments.slice(-options.validatedSegments), highest, decoded);
  if (!isHighestClosed) removeIndex(options, highest);
  const unindexed = rebuildIndexes(options, closed, nowMs);
  const open = isHighestClosed
    ? null
    : { number: highest, position: decoded.endPosition, index: indexSegment(decoded) };
  return { closed, unindexed, nextToken: decoded.nextToken, open };
}

function listSegments(options: EventStoreOptions): bigint[] {
  const { data, index, bloom } = eventStoreSuffixes[options.type];
  const segments: bigint[] = [];
  for (const name of options.dataDir.list(options.folder)) {
    if (name.endsWith('.temp')) {
      // Left by a process that was killed; each store sweeps up after itself, since both types share the folder.
      if ([data, index, bloom].some((suffix) => name.endsWith(`${suffix}.temp`))) {
        options.dataDir.remove(`${options.folder}/${name}`);
      }
      continue;
    }
    if (!name.endsWith(data)) continue;
    const parsed = parseSegmentName(name);
    if (parsed === null) {
      throw new AxonError('other', `For input string: "${name}": not the name of a segment in ${options.folder}`);
    }
    segments.push(parsed.number);
  }
  return segments.sort((a, b) => (a < b ? -1 : 1));
}

function decodeSegment(options: EventStoreOptions, segment: bigint): DecodedEventSegment {
  return decodeEventSegment(options.dataDir.read(pathOf(options, segment, 'data')), segment);
}

function hasGoodIndex(options: EventStoreOptions, segment: bigint): boolean {
  const index = pathOf(options, segment, 'index');
  const bloom = pathOf(options, segment, 'bloom');
  if (!options.dataDir.exists(index) || !options.dataDir.exists(bloom)) return false;
  return isBloomFilter(options.dataDir.read(bloom)) && decodeSegmentIndex(options.dataDir.read(index)) !== null;
}

function removeIndex(options: EventStoreOptions, segment: bigint): void {
  options.dataDir.remove(pathOf(options, segment, 'index'));
  options.dataDir.remove(pathOf(options, segment, 'bloom'));
}

/** Section 8.4. Closed segments are compared with their checksums too, as the Enterprise edition does. */
function validate(
  options: EventStoreOptions,
  segments: readonly bigint[],
  highest: bigint,
  highestDecoded: DecodedEventSegment,
): void {
  let previous: { readonly segment: bigint; readonly nextToken: bigint } | null = null;
  for (const segment of segments) {
    if (previous !== null && previous.nextToken !== segment) {
      throw new AxonError(
        'validation-failed',
        `Validation exception: segment ${previous.segment} ending at token, ${previous.nextToken - 1n}, next segment starts at token ${segment}`,
      );
    }
    const decoded: DecodedEventSegment = segment === highest ? highestDecoded : decodeForValidation(options, segment);
    for (const { isChecksumGood, firstToken, events } of decoded.transactions) {
      if (isChecksumGood) continue;
      const inner = new AxonError('validation-failed', `Invalid checksum at ${firstToken + BigInt(events.length)}`);
      throw new AxonError('validation-failed', inner.message, { cause: inner });
    }
    previous = { segment, nextToken: decoded.nextToken };
  }
}

function decodeForValidation(options: EventStoreOptions, segment: bigint): DecodedEventSegment {
  try {
    return decodeSegment(options, segment);
  } catch (error) {
    if (error instanceof AxonError) throw new AxonError('validation-failed', error.message, { cause: error });
    throw error;
  }
}

/** Section 8.3: from the newest down to the first segment with a good index; returns those that stay without one. */
function rebuildIndexes(options: EventStoreOptions, closed: readonly bigint[], nowMs: number): Set<bigint> {
  const missing: bigint[] = [];
  let newestGood = -1;
  for (let at = closed.length - 1; at >= 0; at--) {
    const segment = closed[at] as bigint;
    if (hasGoodIndex(options, segment)) {
      newestGood = at;
      break;
    }
    missing.unshift(segment);
  }
  for (const segment of missing) {
    const index = indexSegment(decodeForValidation(options, segment));
    options.dataDir.write(pathOf(options, segment, 'index'), encodeSegmentIndex(index), nowMs);
    options.dataDir.write(pathOf(options, segment, 'bloom'), encodeBloomFilter(new Set(index.keys())), nowMs);
  }
  const older = closed.slice(0, Math.max(0, newestGood));
  if (older.length === 0) return new Set();
  const present = new Set(options.dataDir.list(options.folder));
  const { index } = eventStoreSuffixes[options.type];
  return new Set(older.filter((segment) => !present.has(formatSegmentName(segment, index))));
}

function indexSegment(decoded: DecodedEventSegment): OpenIndex {
  const index: OpenIndex = new Map();
  for (const { position, events } of decoded.transactions) {
    for (const { key, sequenceNumber, offset } of indexEvents(events)) {
      const entry = index.get(key);
      if (entry === undefined) index.set(key, { firstSequenceNumber: sequenceNumber, positions: [position + offset] });
      else entry.positions.push(position + offset);
    }
  }
  return index;
}

function pathOf(options: EventStoreOptions, segment: bigint, kind: 'data' | 'index' | 'bloom'): string {
  return `${options.folder}/${formatSegmentName(segment, eventStoreSuffixes[options.type][kind])}`;
}
