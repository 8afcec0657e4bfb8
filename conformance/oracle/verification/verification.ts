import type { EventType } from '../../../server/index.ts';
import type { RestoreProblem } from '../../journal/restoration.ts';
import type { ControlDbFault } from '../backup/h2-control-db.ts';
import type { BloomState, IndexState, JumpSkipState } from '../segments/index-check.ts';

/** What is wrong with a backup that was looked at by itself, beside what stands in the way of a restore. */
export interface VerificationProblem {
  readonly kind:
    | RestoreProblem['kind']
    | ControlDbFault['kind']
    | 'bad-index'
    | 'dcb-pulled'
    | 'live-control-db'
    | 'missing-index'
    | 'newest-not-whole'
    | 'no-events'
    | 'other-cluster'
    | 'unreadable';
  /** A context, a group, or a file. */
  readonly where: string;
  readonly message: string;
}

/** A range of tokens, or of log indexes, both ends included. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** The events, or snapshots, of one context. */
export interface VerifiedStore {
  /** `unknown` where neither bytes nor folders tell. */
  readonly context: string;
  readonly type: EventType;
  readonly segments: number;
  readonly events: number;
  /** Null where there are no events. */
  readonly tokens: Range | null;
  /** Tokens that are in no segment. */
  readonly gaps: readonly Range[];
  /** Tokens that are in two segments. */
  readonly overlaps: readonly Range[];
  /** When its last event happened, by its own word; milliseconds since 1970. Null where there is none, or it does not say. */
  readonly lastEventMs: number | null;
  /** True where the last segment was copied in the middle of a write: the server passes over that. */
  readonly hasTornTail: boolean;
  /** First tokens of transactions with a wrong checksum. */
  readonly badChecksums: readonly number[];
  /** Files that break off or make no sense. */
  readonly unreadable: readonly string[];
  /** How many closed segments have an index, or a bloom filter, in each state. */
  readonly indexes: Readonly<Partial<Record<IndexState, number>>>;
  readonly blooms: Readonly<Partial<Record<BloomState, number>>>;
  /** Of stores that have any `.nindex`; else empty. */
  readonly jumpSkipIndexes: Readonly<Partial<Record<JumpSkipState, number>>>;
}

/** The log of one replication group. */
export interface VerifiedLog {
  readonly group: string;
  readonly segments: number;
  readonly entries: number;
  /** Null where there is no entry. */
  readonly indexes: Range | null;
  readonly gaps: readonly Range[];
  readonly overlaps: readonly Range[];
  readonly badChecksums: readonly number[];
  readonly unreadable: readonly string[];
}

/** One zip of POST createControlDbBackup. */
export interface VerifiedControlDb {
  readonly file: string;
  /** True for the one that a restore would take. */
  readonly isNewest: boolean;
  readonly state: 'opened' | 'unreadable';
  /** Why it cannot be read. */
  readonly message: string | null;
  /** `h2`: a real server's, in format 1 up to 2023.2, then 2 or 3. `sqlite`: a simulated one's. Null where it is not read. */
  readonly engine: { readonly name: 'h2'; readonly format: number } | { readonly name: 'sqlite' } | null;
  readonly groups: ReadonlyArray<{
    readonly group: string;
    readonly commitIndex: number;
    readonly appliedIndex: number;
    /** Its nodes; name and role are null where they are not known. */
    readonly members: ReadonlyArray<{
      readonly nodeId: string;
      readonly nodeName: string | null;
      readonly role: string | null;
    }>;
  }>;
  readonly contexts: readonly VerifiedContext[];
  /** What the last POST noted, by group; of releases from 2024.0 on. */
  readonly lastBackups: ReadonlyArray<{
    readonly group: string;
    readonly appliedIndex: number | null;
    /** Milliseconds since 1970. */
    readonly atMs: number | null;
  }>;
}

/** A context as a control database has it. */
export interface VerifiedContext {
  readonly name: string;
  /** Null where it does not say. */
  readonly group: string | null;
  /** With a dynamic consistency boundary; null where the release does not have that. */
  readonly isDcb: boolean | null;
  /** JUMP_SKIP_INDEX, BLOOM_FILTER_INDEX; null where it does not say. */
  readonly eventIndexFormat: string | null;
  readonly snapshotIndexFormat: string | null;
  readonly replicationIndex: number | null;
}

/** What a node restored from the backup would hold. */
export interface RestoreOutlook {
  /**
   * `node`: one was started on it, and applied its log. `files-and-log`: the database is a real server's, which none can be
   * started on here, or segments are too large for it; what the log would bring is counted. `files`: there was no control database to start one with.
   */
  readonly basis: 'node' | 'files-and-log' | 'files';
  /** Null where none was started. */
  readonly starts: boolean | null;
  readonly stores: ReadonlyArray<{
    readonly context: string;
    readonly type: EventType;
    readonly tokens: Range | null;
    /** Events that the log has brought. */
    readonly fromLog: number;
  }>;
  readonly groups: ReadonlyArray<{ readonly group: string; readonly appliedIndex: number }>;
  /** Null where that is not known. */
  readonly configuration: {
    readonly contexts: readonly string[];
    readonly applications: readonly string[];
    readonly users: readonly string[];
  } | null;
}

/** What a quick look leaves out. */
export const leftOutByQuickLook: readonly string[] = [
  'checksums of events, snapshots and logs',
  'what events hold',
  'indexes and bloom filters: only whether they are there, and not empty',
  'more than 64 KiB behind the end of a segment',
  'a start of a node',
];

/** All that can be said of a finished backup by itself. Plain data, as `verify --json` prints it. */
export interface BackupVerification {
  readonly path: string;
  readonly verdict: 'consistent' | 'inconsistent' | 'nothing-to-verify';
  /** True where it was asked for a quick look: the verdict is of what that sees. */
  readonly isQuick: boolean;
  /** What it left out for that; empty else. */
  readonly notLookedAt: readonly string[];
  readonly problems: readonly VerificationProblem[];
  /** What is worth knowing and not wrong. */
  readonly notes: readonly string[];
  readonly stores: readonly VerifiedStore[];
  readonly logs: readonly VerifiedLog[];
  readonly controlDbs: readonly VerifiedControlDb[];
  /** Null where there was nothing to verify. */
  readonly restored: RestoreOutlook | null;
}
