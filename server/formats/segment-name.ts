/** What a segment file is named: `<20 digits>[_<5 digits>].<suffix>`. */
export interface SegmentName {
  /** Token of the first event, or index of the first log entry. */
  readonly number: bigint;
  /** 0 has no marker in the name; n > 0 comes from an event transformation (2023 and later). */
  readonly version: number;
  /** With its dot: `.events`. */
  readonly suffix: string;
}

/** Suffixes of the files of one type of event store. */
export interface EventStoreSuffixes {
  readonly data: string;
  readonly index: string;
  readonly bloom: string;
}

export const eventStoreSuffixes = {
  EVENT: { data: '.events', index: '.index', bloom: '.bloom' },
  SNAPSHOT: { data: '.snapshots', index: '.sindex', bloom: '.sbloom' },
} as const satisfies Record<string, EventStoreSuffixes>;

/** Of contexts with jump-skip indexes (docs/event-segment-format.md, section 6.3): of a segment, and of all of them together. */
export const jumpSkipSuffixes = {
  EVENT: { segment: '.nindex', global: '.xref' },
  SNAPSHOT: { segment: '.snindex', global: '.sxref' },
} as const;

/** Of all files that a segment may have. */
export function suffixesOf(type: keyof typeof eventStoreSuffixes): readonly string[] {
  return [...Object.values(eventStoreSuffixes[type]), jumpSkipSuffixes[type].segment];
}

/** The only one that a store has here. */
export function globalIndexName(type: keyof typeof jumpSkipSuffixes): string {
  return formatGlobalIndexName(0, jumpSkipSuffixes[type].global);
}

/** `0, '.xref'` → `global-index-00000.xref`. */
function formatGlobalIndexName(number: number, suffix: string): string {
  return `global-index-${String(number).padStart(5, '0')}${suffix}`;
}

/** What stands for the index of a closed segment of a context with a dynamic consistency boundary, in a folder of its own (stores/dcb-parts.ts). */
export const DCB_INDEX_SUFFIX = '.sst';

/** Where the file of a segment lies in the folder of its context. */
export function formatSegmentPath(number: bigint, suffix: string, version = 0): string {
  return `${suffix === DCB_INDEX_SUFFIX ? 'index/' : ''}${formatSegmentName(number, suffix, version)}`;
}

export const LOG_SUFFIX = '.log';
/** Of closed log segments, up to 4.5.17 (docs/backup-endpoints.md, section 3.1). */
export const LOG_INDEX_SUFFIX = '.index';

/** `42n, '.events'` → `00000000000000000042.events`: the name is the first token that the segment holds. */
export function formatSegmentName(number: bigint, suffix: string, version = 0): string {
  const marker = version === 0 ? '' : `_${String(version).padStart(5, '0')}`;
  return `${String(number).padStart(20, '0')}${marker}${suffix}`;
}

/** Null where the name is not a segment's: a temporary file, a stranger. */
export function parseSegmentName(name: string): SegmentName | null {
  const match = /^(?<number>\d{20})(?:_(?!0{5})(?<version>\d{5}))?(?<suffix>\.[a-z]+)$/.exec(name);
  if (match?.groups === undefined) return null;
  const { number = '', version = '0', suffix = '' } = match.groups;
  return { number: BigInt(number), version: Number(version), suffix };
}
