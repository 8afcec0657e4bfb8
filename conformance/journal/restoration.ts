import type { EventType } from '../../server/index.ts';

/** Events that were acknowledged in time and are not there after the restore. */
export interface Loss {
  readonly context: string;
  readonly type: EventType;
  readonly events: number;
  /** First and last token that are missing. */
  readonly firstToken: bigint;
  readonly lastToken: bigint;
  /** When the first missing event was written, virtual milliseconds since 1970. */
  readonly fromMs: number;
  /** Virtual milliseconds between the first and the last missing event. */
  readonly virtualMs: number;
}

/** Where a restored node stands in one group. */
export interface RestoredGroup {
  readonly group: string;
  /** As the control database of the backup has them. */
  readonly contexts: readonly string[];
  /** 0 where the backup has no log of the group. */
  readonly firstIndex: number;
  readonly lastIndex: number;
  /** As the control database of the backup has them. */
  readonly commitIndex: number;
  readonly appliedIndex: number;
  /** Entries that are in no file, of those from the first one needed or held to the last one committed or held. */
  readonly missingEntries: number;
}

/** What a restore takes of a backup that may hold several copies of everything. Places are folders and archives, the newest first. */
export interface RestoreChoice {
  /** Why it is these, in a sentence. */
  readonly why: string;
  /** Path of the zip in the backup; null where there is none. */
  readonly controlDb: string | null;
  readonly logs: ReadonlyArray<{ readonly group: string; readonly from: readonly PlaceOfFiles[] }>;
  /** Events and snapshots of each context. */
  readonly stores: ReadonlyArray<{
    readonly context: string;
    readonly type: EventType;
    readonly from: readonly PlaceOfFiles[];
  }>;
}

/** A folder or archive of a backup, and how many segments are taken from it. */
export interface PlaceOfFiles {
  readonly place: string;
  readonly segments: number;
}

/** What a restore of a backup comes to. */
export interface Restoration {
  readonly choice: RestoreChoice;
  /** Why the node does not start, does not apply its log, or does not converge; empty where it is well. */
  readonly problems: readonly AnyRestoreProblem[];
  readonly groups: readonly RestoredGroup[];
  /** Next tokens after the log was applied. */
  readonly stores: ReadonlyArray<{
    readonly context: string;
    readonly type: EventType;
    readonly firstToken: bigint;
    readonly nextToken: bigint;
  }>;
  /** Acknowledged before the run's POST (before the run, where there was none) and not there. */
  readonly losses: readonly Loss[];
  /**
   * Lost beside those, with the node or the log: a node that does not start has nothing, and a log that cannot be applied
   * brings none of what it holds, nor of what lies before it.
   */
  readonly stranded: readonly Loss[];
  /** Acknowledged changes of `_admin` before the POST that are not there. */
  readonly lostChanges: number;
}

/** What can stand in the way of a restore. */
export const restoreProblemKinds = [
  'not-unpacked',
  'no-control-db',
  'control-db-unreadable',
  'no-log',
  'log-starts-too-late',
  'log-ends-too-early',
  'log-unreadable',
  'log-gap',
  'event-gap',
  'bad-checksum',
  'events-unreadable',
  'events-behind-control-db',
  'does-not-start',
  'apply-stopped',
  'diverges',
] as const;

/** One thing that stands in the way, with where it was seen. */
export interface RestoreProblem {
  readonly kind: (typeof restoreProblemKinds)[number];
  /** A context, a group, or a file. */
  readonly where: string;
  readonly message: string;
}

/** What is missing of a backup that the server writes itself, of a context with a dynamic consistency boundary. */
export interface PushedProblem extends Omit<RestoreProblem, 'kind'> {
  readonly kind: 'no-dcb-backup' | 'dcb-not-whole';
}

export type AnyRestoreProblem = RestoreProblem | PushedProblem;
