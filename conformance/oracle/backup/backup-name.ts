import type { EventType } from '../../../server/index.ts';

/** A file's name taken apart: `<20 digits>[_<5 digits>].<suffix>`. */
export interface SegmentFileName {
  /** Token of the first event, or index of the first log entry. */
  readonly number: bigint;
  /** 0 unless the name has a marker: event transformations (2023 and later) write whole new versions. */
  readonly version: number;
  /** With its dot. */
  readonly suffix: string;
}

/** Null where the name is no segment's, and no companion's of one. Suffixes that nobody has heard of are fine. */
export function parseBackupName(name: string): SegmentFileName | null {
  const match = /^(?<number>\d{20})(?:_(?<version>\d{5}))?(?<suffix>\.[A-Za-z0-9]+)$/.exec(name);
  if (match?.groups === undefined) return null;
  const { number = '', version = '0', suffix = '' } = match.groups;
  return { number: BigInt(number), version: Number(version), suffix };
}

const typesBySuffix: Readonly<Record<string, EventType>> = {
  '.events': 'EVENT',
  '.index': 'EVENT',
  '.bloom': 'EVENT',
  '.nindex': 'EVENT',
  '.xref': 'EVENT',
  '.snapshots': 'SNAPSHOT',
  '.sindex': 'SNAPSHOT',
  '.sbloom': 'SNAPSHOT',
  '.snindex': 'SNAPSHOT',
  '.sxref': 'SNAPSHOT',
};

/** Null for a suffix that is not known. */
export function typeOfSuffix(suffix: string): EventType | null {
  return typesBySuffix[suffix] ?? null;
}
