/**
 * What a timeline is drawn from: plain data that survives JSON, so that a report can be drawn long after its cluster has
 * gone. Times are virtual milliseconds since 1970; tokens, segments and indexes are numbers.
 */
export interface TimelineJournal {
  /** First and last moment of the picture. */
  readonly fromMs: number;
  readonly toMs: number;
  /** The present, where the picture reaches beyond it: what comes behind it is planned, or what would be. */
  readonly nowMs?: number;
  /** The node whose files are shown: segments, logs and cleaning differ from node to node. */
  readonly node: string;
  readonly contexts: readonly string[];
  /** Replication groups, `_admin` among them. */
  readonly groups: readonly string[];
  /** What happened in the cluster, of all nodes, in order. */
  readonly events: readonly TimelineEvent[];
  /** Where the logs of the node stood at some moments, in order of time. */
  readonly samples: readonly LogSample[];
  readonly runs: readonly TimelineRun[];
  readonly requests: readonly TimelineRequest[];
  /** The first moment at which a rule was broken, or null. */
  readonly violation: TimelineViolation | null;
  /** What is missing after a restore: written between these moments. */
  readonly losses: readonly TimelineLoss[];
}

/** An event of the cluster as it announces them; kinds that are not known are not drawn. */
export interface TimelineEvent {
  readonly atMs: number;
  readonly kind: string;
  readonly node?: string;
  readonly context?: string;
  /** `EVENT` or `SNAPSHOT`. */
  readonly type?: string;
  /** First token of the segment that was created, became full or was closed; rounded beyond 2^53. */
  readonly segment?: number;
  readonly group?: string;
  readonly firstIndex?: number;
  /** First indexes of the log segments that were deleted. */
  readonly removed?: readonly number[];
  readonly change?: string;
  readonly name?: string;
  readonly file?: string;
}

/** The log of one group on the shown node at one moment. */
export interface LogSample {
  readonly atMs: number;
  readonly group: string;
  readonly firstIndex: number;
  readonly lastIndex: number;
  readonly commitIndex: number;
  readonly appliedIndex: number;
  readonly nextCleaningMs: number | null;
}

export interface TimelineRun {
  readonly run: number;
  /** The node that the client was given; the shown one unless told otherwise. */
  readonly node?: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly exitCode: number | null;
}

/** A request of the client, and the copying of what it was told of, which ends where the next request arrives. */
export interface TimelineRequest {
  readonly atMs: number;
  /** Where the copying of the listed files was over; `atMs` where nothing was listed. */
  readonly copiedUntilMs: number;
  readonly run: number | null;
  readonly node: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly about: 'control-db-backup' | 'segments' | 'log' | 'other';
  /** Context or group, where the request names one. */
  readonly subject: string | null;
  /** `EVENT` or `SNAPSHOT`, where the request is about segments. */
  readonly type?: string;
  /** Names in the answer. */
  readonly files: number;
}

export interface TimelineViolation {
  readonly atMs: number;
  readonly rule: string;
  readonly run: number | null;
  /** What was found, in one line. */
  readonly message: string;
}

export interface TimelineLoss {
  readonly context: string;
  readonly type: string;
  readonly events: number;
  readonly firstToken: number;
  readonly lastToken: number;
  readonly fromMs: number;
  readonly toMs: number;
}
