import { AxonError } from '../errors.ts';
import { decodeEventSegment, type DecodedEventSegment } from '../formats/event-segment.ts';
import { areIndexFilesGood, encodeIndexFiles, indexSuffixes, type StoredIndexFormat } from '../formats/index-format.ts';
import {
  eventStoreSuffixes,
  formatSegmentName,
  formatSegmentPath,
  globalIndexName,
  parseSegmentName,
  suffixesOf,
} from '../formats/segment-name.ts';
import type { EventStoreOptions, OpenIndex } from './event-store-options.ts';
import { indexSegment } from './index-segment.ts';
import { SegmentVersions } from './segment-versions.ts';

/** Numbers of segments are int64. */
const HIGHEST_NUMBER = 2n ** 63n - 1n;
const OLD_NAME = /^(?<number>\d{14})(?<suffix>\.[a-z]+)$/;

/** What start-up has made of the files. */
export interface RecoveredEventStore {
  /** Ascending. */
  readonly closed: bigint[];
  /** Closed segments that have no index and will get none. */
  readonly unindexed: Set<bigint>;
  readonly versions: SegmentVersions;
  readonly nextToken: bigint;
  /** The segment to go on with, or null where a new one begins at the next token. */
  readonly open: { readonly number: bigint; readonly position: number; readonly index: OpenIndex } | null;
}

/** The store's options, and what its folder has shown. */
type Recovery = EventStoreOptions & { readonly versions: SegmentVersions };

/**
 * Start-up of an event store (docs/event-segment-format.md, section 8): the highest file is the open one, from 4.4.3 on
 * unless its index and bloom filter are good; the lower ones are closed whatever they hold; missing
 * indexes are built from the newest segment down to the first good one; the newest segments are validated. Of a segment with versions the highest one counts.
 */
export function recoverEventStore(given: EventStoreOptions, nowMs: number): RecoveredEventStore {
  const { segments, versions } = listSegments(given);
  const highest = segments.at(-1);
  if (highest === undefined)
    return { closed: [], unindexed: new Set(), versions, nextToken: given.firstToken ?? 0n, open: null };

  const options = { ...given, versions };
  const decoded = decodeSegment(options, highest);
  // A segment without events has the number of the next one: it can only be gone on with.
  const isHighestClosed =
    options.closesIndexedHighest && decoded.transactions.length > 0 && hasGoodIndex(options, highest);
  const closed = isHighestClosed ? segments : segments.slice(0, -1);
  // Behind a closed highest segment a new one begins; it is there before anything is validated, so it counts.
  const validated = options.validatedSegments - (isHighestClosed ? 1 : 0);
  validate(options, segments.slice(Math.max(0, segments.length - validated)), highest, decoded);
  if (!isHighestClosed) removeIndex(options, highest);
  const unindexed = rebuildIndexes(options, closed, nowMs);
  const open = isHighestClosed
    ? null
    : { number: highest, position: decoded.endPosition, index: indexSegment(decoded) };
  return { closed, unindexed, versions, nextToken: decoded.nextToken, open };
}

/** The segments in the folder, ascending, and their versions; what a killed process has left half done is swept up. */
function listSegments(options: EventStoreOptions): {
  readonly segments: bigint[];
  readonly versions: SegmentVersions;
} {
  const { data } = eventStoreSuffixes[options.type];
  const own = [...suffixesOf(options.type), globalIndexName(options.type)];
  const segments: bigint[] = [];
  const versioned = new Map<bigint, number[]>();
  const names = new Set<string>();
  for (const found of options.dataDir.list(options.folder)) {
    const name = adoptOldName(options, found);
    if (name.endsWith('.temp')) {
      // Left by a process that was killed; each store sweeps up after itself, since both types share the folder.
      if (own.some((suffix) => name.endsWith(`${suffix}.temp`))) {
        options.dataDir.remove(`${options.folder}/${name}`);
      }
      continue;
    }
    names.add(name);
    if (!name.endsWith(data)) continue;
    const parsed = parseSegmentName(name);
    if (parsed === null || (parsed.version > 0 && !options.hasVersions) || parsed.number > HIGHEST_NUMBER) {
      throw new AxonError('other', `For input string: "${name}": not the name of a segment in ${options.folder}`);
    }
    if (parsed.version === 0) segments.push(parsed.number);
    else versioned.set(parsed.number, [...(versioned.get(parsed.number) ?? []), parsed.version]);
  }
  if (options.hasVersions) sweepIndexes(options, names);
  for (const [segment, versions] of versioned) {
    if (names.has(formatSegmentName(segment, data))) versions.push(0);
    else segments.push(segment);
  }
  return { segments: segments.toSorted((a, b) => (a < b ? -1 : 1)), versions: new SegmentVersions(versioned) };
}

/** A version begins with its index and ends with its data file; what has no data file was never one, or is one no more. */
function sweepIndexes(options: EventStoreOptions, names: ReadonlySet<string>): void {
  const { data } = eventStoreSuffixes[options.type];
  const indexes = suffixesOf(options.type).filter((suffix) => suffix !== data);
  for (const name of names) {
    if (!indexes.some((suffix) => name.endsWith(suffix))) continue;
    const parsed = parseSegmentName(name);
    if (parsed === null || names.has(formatSegmentName(parsed.number, data, parsed.version))) continue;
    options.dataDir.remove(`${options.folder}/${name}`);
  }
}

/** Release 4.0 named its files with 14 digits; every later one renames them at start-up (section 1). */
function adoptOldName(options: EventStoreOptions, name: string): string {
  const { number, suffix = '' } = OLD_NAME.exec(name)?.groups ?? {};
  if (number === undefined || !suffixesOf(options.type).includes(suffix)) return name;
  const newName = formatSegmentName(BigInt(number), suffix);
  options.dataDir.rename(`${options.folder}/${name}`, `${options.folder}/${newName}`);
  return newName;
}

function decodeSegment(options: Recovery, segment: bigint): DecodedEventSegment {
  return decodeEventSegment(
    options.dataDir.read(pathOf(options, segment, eventStoreSuffixes[options.type].data)),
    segment,
  );
}

function hasGoodIndex(options: Recovery, segment: bigint): boolean {
  return areIndexFilesGood(options.type, formatOf(options), (suffix) => {
    const file = pathOf(options, segment, suffix);
    return options.dataDir.exists(file) ? options.dataDir.read(file) : null;
  });
}

function removeIndex(options: Recovery, segment: bigint): void {
  for (const suffix of indexSuffixes(options.type, formatOf(options))) {
    options.dataDir.remove(pathOf(options, segment, suffix));
  }
}

/** Section 8.4. Closed segments are compared with their checksums too, as the Enterprise edition does. */
function validate(
  options: Recovery,
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

function decodeForValidation(options: Recovery, segment: bigint): DecodedEventSegment {
  try {
    return decodeSegment(options, segment);
  } catch (error) {
    if (error instanceof AxonError) throw new AxonError('validation-failed', error.message, { cause: error });
    throw error;
  }
}

/** Section 8.3: from the newest down to the first segment with a good index; returns those that stay without one. */
function rebuildIndexes(options: Recovery, closed: readonly bigint[], nowMs: number): Set<bigint> {
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
    const index = indexSegment(decodeSegment(options, segment));
    for (const { suffix, bytes } of encodeIndexFiles(options.type, formatOf(options), index)) {
      options.dataDir.write(pathOf(options, segment, suffix), bytes, nowMs);
    }
  }
  const older = closed.slice(0, Math.max(0, newestGood));
  if (older.length === 0) return new Set();
  const present = new Set(options.dataDir.list(options.folder));
  const [index = ''] = indexSuffixes(options.type, formatOf(options));
  return new Set(
    older.filter((segment) => !present.has(formatSegmentName(segment, index, options.versions.currentOf(segment)))),
  );
}

function formatOf({ indexFormat = 'BLOOM_FILTER_INDEX' }: EventStoreOptions): StoredIndexFormat {
  return indexFormat;
}

function pathOf({ folder, versions }: Recovery, segment: bigint, suffix: string): string {
  return `${folder}/${formatSegmentPath(segment, suffix, versions.currentOf(segment))}`;
}
