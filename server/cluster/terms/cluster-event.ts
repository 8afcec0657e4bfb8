import type { ExactNumber } from '../../formats/exact-number.ts';
import type { EventType } from '../../formats/event-type.ts';

/** What happens in the cluster, as the live page, the journal and the judge are told of it. */
export type ClusterEvent = { readonly atMs: number } & (
  | { readonly kind: 'leader-elected'; readonly group: string; readonly node: string; readonly term: number }
  | { readonly kind: 'leader-lost'; readonly group: string; readonly node: string }
  | SegmentEvent<'segment-created'>
  | SegmentEvent<'segment-full'>
  | SegmentEvent<'segment-closed'>
  | (SegmentEvent<'segment-transformed'> & { readonly version: number })
  | {
      readonly kind: 'segment-versions-compacted';
      readonly node: string;
      readonly context: string;
      readonly type: EventType;
      /** How many files of old versions were deleted. */
      readonly deletedFiles: number;
    }
  | { readonly kind: 'log-segment-created'; readonly node: string; readonly group: string; readonly firstIndex: number }
  | {
      readonly kind: 'log-cleaned';
      readonly node: string;
      readonly group: string;
      /** First indexes of the segments that were deleted. */
      readonly removed: readonly number[];
      readonly firstIndex: number;
    }
  | {
      /** By POST /v2/backup: it has begun; the server was asked for what it does not do; it broke off. */
      readonly kind: 'dcb-backup-started' | 'dcb-backup-refused' | 'dcb-backup-failed';
      readonly node: string;
      readonly context: string;
      /** As the caller gave it, in its first few hundred characters. */
      readonly location: string;
      /** Empty where it was refused. */
      readonly id: string;
      /** Why it was refused, or broke off; empty where it has begun. */
      readonly message: string;
      /** Whether the location is in, or around, the folders that the nodes live in. */
      readonly isLive: boolean;
    }
  | {
      readonly kind: 'dcb-backup-finished';
      readonly node: string;
      readonly context: string;
      readonly location: string;
      readonly id: string;
      readonly fileCount: number;
      /** All that was written, below the folder of the context in the location; empty where nobody needs to know. */
      readonly files: readonly PushedFile[];
    }
  | { readonly kind: 'control-db-backup'; readonly node: string; readonly file: string }
  | {
      readonly kind: 'snapshot-installed';
      readonly node: string;
      readonly group: string;
      readonly lastIncludedIndex: number;
    }
  | { readonly kind: 'apply-failed'; readonly node: string; readonly group: string; readonly message: string }
  | { readonly kind: 'group-failed'; readonly node: string; readonly group: string; readonly message: string }
  | { readonly kind: 'log-lost'; readonly node: string; readonly group: string; readonly message: string }
  | { readonly kind: 'node-started' | 'node-stopped' | 'node-crashed'; readonly node: string }
  | { readonly kind: 'configuration-changed'; readonly change: string; readonly name: string }
  | { readonly kind: 'workload-paused' | 'workload-resumed'; readonly reason: string }
);

/** A file that the server has written as a part of a backup. */
export interface PushedFile {
  /** With `/`, below the folder of the context: `index/00000000000000000000.sst`. */
  readonly path: string;
  readonly sizeBytes: number;
  /** SHA-256 in hex. */
  readonly checksum: string;
}

interface SegmentEvent<Kind extends string> {
  readonly kind: Kind;
  readonly node: string;
  readonly context: string;
  readonly type: EventType;
  /** Token of the segment's first event. */
  readonly segment: ExactNumber;
}

/** Takes an event as it happens; must not call back into the cluster. */
export type Announce = (event: ClusterEvent) => void;
