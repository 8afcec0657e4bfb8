import type { StoredIndexFormat } from '../formats/index-format.ts';
import type { EventType } from '../formats/log-entry-data.ts';
import type { DataDir } from './data-dir.ts';

/** Where one event store lies and by which rules it lives. */
export interface EventStoreOptions {
  readonly dataDir: DataDir;
  /** Absolute path of the folder that holds the files of one context. */
  readonly folder: string;
  readonly type: EventType;
  readonly segmentSizeBytes: number;
  /** Where a store begins whose folder is empty; at 0 unless given. */
  readonly firstToken?: bigint;
  /**
   * `exact-fit`: the end marker may be the last four bytes of the file (4.6 and later); `strict`: at least one byte
   * stays spare (4.0 to 4.5). Section 2.2 of docs/event-segment-format.md.
   */
  readonly overflow: 'exact-fit' | 'strict';
  /**
   * Whether start-up takes the highest segment for closed where its index and bloom filter are good (4.4.3 and later), or
   * always goes on with it (section 8.1).
   */
  readonly closesIndexedHighest: boolean;
  /**
   * Whether segments may have versions (2023 and later). Older releases take the name of one for a number that is none,
   * and do not start (section 1).
   */
  readonly hasVersions: boolean;
  /** What lies beside a closed segment; index and bloom filter unless given. */
  readonly indexFormat?: StoredIndexFormat;
  /** Segments that start-up checks, newest first: 2, or 10 after an unclean stop. */
  readonly validatedSegments: number;
}

/** The entries that the index of a segment will have once it is closed. */
export type OpenIndex = Map<string, { firstSequenceNumber: bigint; positions: number[] }>;
