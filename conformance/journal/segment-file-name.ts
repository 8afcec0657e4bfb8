import type { EventType } from '../../server/index.ts';

/** What the name of a segment's file says: `<20 digits>[_<5 digits>].<suffix>`. */
export interface SegmentFileName {
  readonly segment: bigint;
  /** 0 has no marker in the name. */
  readonly version: number;
  /** With its dot. */
  readonly suffix: string;
}

/** Suffixes of the files that the manual knows. */
const indexSuffixes: ReadonlySet<string> = new Set(['.index', '.bloom', '.sindex', '.sbloom']);
const dataSuffixes = { EVENT: '.events', SNAPSHOT: '.snapshots' } as const satisfies Record<EventType, string>;
const dataFiles: ReadonlySet<string> = new Set(Object.values(dataSuffixes));
const LOG_SUFFIX = '.log';

/** Null where the name is that of no segment: a global index, a stranger. */
export function parseSegmentFileName(name: string): SegmentFileName | null {
  const match = /^(?<segment>\d{20})(?:_(?<version>\d{5}))?(?<suffix>\..+)$/.exec(name);
  if (match?.groups === undefined) return null;
  const { segment = '', version = '0', suffix = '' } = match.groups;
  return { segment: BigInt(segment), version: Number(version), suffix };
}

/**
 * Of each segment whose data are among these files, the lowest version of them. Indexes say nothing: a server goes on naming those
 * of a version that it has deleted.
 */
export function lowestVersionsOf(files: ReadonlyArray<{ readonly name: string }>): ReadonlyMap<bigint, number> {
  const lowest = new Map<bigint, number>();
  for (const { name } of files) {
    const parsed = parseSegmentFileName(name);
    if (parsed === null || !dataFiles.has(parsed.suffix)) continue;
    lowest.set(parsed.segment, Math.min(parsed.version, lowest.get(parsed.segment) ?? Infinity));
  }
  return lowest;
}

/** `26n, 'EVENT'` → `00000000000000000026.events`. */
export function dataFileName(segment: bigint, type: EventType): string {
  return `${String(segment).padStart(20, '0')}${dataSuffixes[type]}`;
}

/** The segment whose events or snapshots the file holds, or null where it holds none. */
export function segmentOfDataFile(name: string, type: EventType): bigint | null {
  const parsed = parseSegmentFileName(name);
  return parsed?.suffix === dataSuffixes[type] ? parsed.segment : null;
}

export function isIndexFile(name: string): boolean {
  return indexSuffixes.has(lastSuffixOf(name));
}

/** Whether a file is the index or bloom filter of a segment of events, or of snapshots; jump-skip indexes are. */
export function isIndexOf(type: EventType, name: string): boolean {
  return (type === 'EVENT' ? /\.(?:n?index|bloom)$/ : /\.s(?:n?index|bloom)$/).test(name);
}

/** Of such a context, for all segments together: the server changes it in place whenever one closes. */
export function isGlobalIndexName(name: string): boolean {
  return /^global-index-\d{5}\.s?xref$/.test(name);
}

/** Whether a file is of a kind that no manual speaks of. */
export function hasUnknownSuffix(name: string): boolean {
  const suffix = lastSuffixOf(name);
  return (
    suffix !== dataSuffixes.EVENT && suffix !== dataSuffixes.SNAPSHOT && suffix !== LOG_SUFFIX && !isIndexFile(name)
  );
}

/** Empty where the name has no dot. */
function lastSuffixOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot);
}
