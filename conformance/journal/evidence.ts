import type { ClusterEvent, EventType } from '../../server/index.ts';
import type { RunResult } from '../driver/client-driver.ts';
import type { BackupInventory } from './inventory.ts';
import type { Happened, Span } from './order-of-happening.ts';
import type { Restoration } from './restoration.ts';

/** A file as an answer named it, and as it was on the server's disk when the answer left. */
export interface ListedFile {
  /** As listed, to the letter, behind the folder of the cluster: `node-1/events/default/./000….events`. */
  readonly path: string;
  /** Last part of the path. */
  readonly name: string;
  /** Null where the server listed a file that did not exist. */
  readonly sizeBytes: number | null;
  /** Virtual milliseconds since 1970, as its modification time had it; null where it did not exist. */
  readonly modifiedAtMs: number | null;
  /** SHA-256 in hex, of the bytes at that moment; null where it did not exist. */
  readonly checksum: string | null;
  /** True for the segment that was being written. */
  readonly isOpen: boolean;
  /** Present where the server's names are not the client's, and the file lies in no mount that the client is told of. */
  readonly outsideMounts?: true;
}

/** Stands for the open segment of a real server that does not list it: there is one, and its number is above all that are known. */
export const UNLISTED_SEGMENT = 2n ** 63n - 1n;

/** What a request was about and what it was answered, as far as a rule can care. */
export type Answer =
  | { readonly kind: 'control-db-backup'; readonly file: ListedFile }
  | {
      readonly kind: 'segments';
      readonly context: string;
      readonly type: EventType;
      /** The cursor that the client sent; null where it sent none. */
      readonly cursor: bigint | null;
      /** The segment that was open on that node then; null for a context that is not there. */
      readonly openSegment: bigint | null;
      /** The highest closed segment then, -1 where none was. */
      readonly lastClosedSegment: bigint;
      /** What the answer says that it is, where that is less: it was counted before the list was made. */
      readonly countedSegment?: bigint;
      /** Where snapshots were listed under the names of events: the files here are those that were meant. */
      readonly isNamedAsEvents?: true;
      readonly files: readonly ListedFile[];
    }
  | { readonly kind: 'log'; readonly group: string; readonly files: readonly ListedFile[] }
  /** An error status, a broken-off connection, a body that a planned fault has spoilt. */
  | { readonly kind: 'failure'; readonly about: 'control-db-backup' | 'segments' | 'log' | 'other' }
  | { readonly kind: 'other'; readonly pushes?: readonly ToldPush[] };

/** What an answer tells of a backup that the server writes itself. */
export interface ToldPush {
  readonly id: string;
  /** `FINISHED`, or another one; null where the answer is that it has begun. */
  readonly state: string | null;
}

/** What shows that the files of an answer were copied. */
export type CopyingSign =
  /** A copy of one of them lay in the client's folder of that name. */
  | { readonly kind: 'file'; readonly name: string; readonly folder: string }
  /** Something of another name had grown there: an archive, a store. */
  | { readonly kind: 'growth'; readonly folder: string }
  /** The server's files had been read, and others not before them. */
  | { readonly kind: 'reading' }
  /** Nothing: by the end of the run it has to be done. */
  | { readonly kind: 'end' };

/** When the files of an answer were copied, as far as the client's folders tell (journal/recording/copying-account.ts). */
export interface Copying {
  /** Its place in the order in which the run copied, from 1. */
  readonly place: number;
  /** Virtual milliseconds that it took. */
  readonly tookMs: number;
  /** From the answer to its end, of the run's own doing: what the scenario lets happen meanwhile is not in it. */
  readonly afterMs: number;
  readonly shownBy: CopyingSign;
  /** The request before whose answer this was seen, by its ordinal; null where the run had ended. */
  readonly seenAtRequest: number | null;
}

/** One request of the client under test, with its place among all that happened when it was answered. Times are virtual milliseconds since 1970. */
export interface RequestRecord extends Happened {
  readonly run: number;
  /** From 1 within the scenario, in the order of arrival. */
  readonly ordinal: number;
  readonly atMs: number;
  readonly node: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly hasToken: boolean;
  readonly status: number;
  readonly fault: string | null;
  readonly answer: Answer;
  /** Absent where the answer names no files, or where they were all listed once more before any was copied. */
  readonly copying?: Copying;
}

/** Where the log of one group on one node stood at a moment. */
export interface LogPosition {
  readonly node: string;
  readonly group: string;
  readonly lastIndex: number;
  readonly commitIndex: number;
}

/** The same with all that moves in a log. Times are virtual milliseconds since 1970. */
export interface LogSample extends LogPosition {
  readonly atMs: number;
  readonly firstIndex: number;
  readonly appliedIndex: number;
  readonly nextCleaningMs: number | null;
}

/** Something that happened in the cluster, with its place among all that happened. */
export type OrderedEvent = ClusterEvent & Happened;

/** A call of the control API, which is the kit's own: it was answered 403. */
export interface RefusedControlCall {
  /** Virtual milliseconds since 1970. */
  readonly atMs: number;
  readonly node: string;
  readonly method: string;
  readonly path: string;
}

export interface RefusedControlCalls {
  /** All of them. */
  readonly count: number;
  /** The first few, in the order of arrival. */
  readonly first: readonly RefusedControlCall[];
}

/** A segment that was in no part of a list, though the server had it: neither closed nor still written. */
export interface LeftOutSegment {
  readonly context: string;
  readonly type: EventType;
  readonly segment: bigint;
}

/** A file of the server that nobody can read for a while. */
export interface FileOutOfReach {
  readonly node: string;
  readonly context: string;
  readonly name: string;
}

/** A moment of a run that did not come, and how many requests there were of those that it counts. */
export interface MissedMoment {
  readonly at: {
    readonly method?: string;
    readonly path: string;
    readonly query?: Readonly<Record<string, string>>;
    /** 1 unless given. */
    readonly nth?: number;
    /** Of what `is-answered`, answers with 200 count alone. */
    readonly when: 'arrives' | 'is-answered';
  };
  readonly matched: number;
}

/** One run of the client, from start to what it left. */
export interface RunRecord extends Span {
  readonly run: number;
  /** The node whose URL the client was given. */
  readonly node: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly result: RunResult;
  /** Contexts with a dynamic consistency boundary that the node had, and the client was told of; absent where there were none. */
  readonly dcbContexts?: readonly string[];
  /** Of all nodes, when the run began. */
  readonly logPositions: readonly LogPosition[];
  /** What the client said last on stderr, where the run ended badly by itself, fit for every artefact; absent elsewhere. */
  readonly stderrTail?: readonly string[];
  /** A folder that the kit had made for the client, and that the system denied it: it ran as another user. Absent where there was none. */
  readonly deniedFolder?: string;
  /** True where the scenario ended the client, without warning or by asking for it. */
  readonly wasKilled: boolean;
  /**
   * Present where it asked the client to end: `finished` where that ended with 0, and the control database that the run had
   * asked for was in the backup. Such a run has not been killed.
   */
  readonly wasAskedToEnd?: 'finished' | 'unfinished';
  /** Names of files that were half-written when the client was told of them, or of the control database beside them. */
  readonly halfWritten: readonly string[];
  readonly requests: readonly RequestRecord[];
  /** What lists kept from it; absent where they kept nothing. */
  readonly leftOut?: readonly LeftOutSegment[];
  /** What was to happen in the midst of it, and has not; absent where all has. */
  readonly missed?: readonly MissedMoment[];
  /** Absent where there was no control API to close. */
  readonly refusedControl?: RefusedControlCalls;
  /** The backup folder as the run found it, and as it left it. */
  readonly before: BackupInventory;
  readonly after: BackupInventory;
  /** Files of the server that are not as the server left them, by name (ServerFiles), each with what is wrong. */
  readonly sourceDamage: readonly string[];
  /** Closed segments that were out of reach when the run ended, by no fault of the client. */
  readonly outOfReach: readonly FileOutOfReach[];
  /** Where the token was found: `stdout`, `stderr`, or a file of the backup. */
  readonly tokenSightings: readonly string[];
  /** What a restore of the folder, as the run left it, comes to. */
  readonly restoration: Restoration;
  /**
   * What is left of the last good backup, taken by itself, and what a restore of that comes to. Null where the run is good,
   * where there was no good one before it, where the folder as it is restores without a flaw, and where half of a newer one
   * is what would be restored.
   */
  readonly lastGoodAlone: LastGoodAlone | null;
  /** Half of a newer backup beside it, a folder or a file, which nothing tells from a finished one; absent where there is none. */
  readonly unmarkedHalf?: string;
}

export interface LastGoodAlone {
  readonly after: BackupInventory;
  readonly restoration: Restoration;
}

/** Which files that are still written a release lists (server/versions/behaviours.ts). */
export interface ListedWhileWritten {
  /** Open event and snapshot segments: from 4.5.17 on. */
  readonly openSegments: boolean;
  /** The current segment of a log: likewise. */
  readonly currentLog: boolean;
  /** Logs at all: a server that is no member of a cluster has none. */
  readonly log: boolean;
}

/** Everything that one scenario has left: what rules judge. */
export interface Evidence {
  readonly contexts: readonly string[];
  readonly groups: readonly string[];
  /** Contexts of which a node has no event store, by the node's name. */
  readonly absentContexts: ReadonlyMap<string, readonly string[]>;
  /** What the emulated release lists of the files that are still written; what it does not list is to be had from no endpoint. */
  readonly lists: ListedWhileWritten;
  /** Whether the manual of the release asks for the logs; that of 2026.0 does not, and restores without them. */
  readonly asksForLog: boolean;
  /** Present where the server names its files otherwise than they lie, and the client is told where that is. */
  readonly isPathMapped?: true;
  /** What every path of the server has before it, and every URL that the client is told: `/axonserver-1`, or empty. */
  readonly basePath: string;
  /** Whether TMPDIR lay on another file system than BACKUP_DIR. */
  readonly isTmpdirElsewhere: boolean;
  /** The token that the client was given, as a fact; never the token itself. */
  readonly hasAccessControl: boolean;
  /** What must not show up in any artefact. No rule looks at it. */
  readonly secrets: readonly string[];
  /** What the client declares not to do: `no-open-segment`, `no-snapshots`, `in-place`. */
  readonly capabilities: readonly string[];
  readonly runs: readonly RunRecord[];
  /** What happened in the cluster, in order. */
  readonly events: readonly OrderedEvent[];
  /** Where all logs stood at the beginning and the end of each run and at its requests, in order. No rule looks at it. */
  readonly samples: readonly LogSample[];
}
