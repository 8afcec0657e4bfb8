import type { ClusterEvent } from '../cluster/terms/cluster-event.ts';
import type { Ledger } from '../cluster/writes/ledger.ts';
import type { EventType, Role } from '../formats/log-entry-data.ts';
import type { ClusterState } from '../http/live/cluster-state.ts';
import type { Fault } from '../simulation/faults.ts';
import type { JournalEntry } from '../simulation/request-journal.ts';
import type { WrittenView } from '../stores/written-files.ts';

/** One node as clients are told of it; paths are absolute. */
export interface Node {
  readonly name: string;
  /** Base URL without a trailing slash, the context path with it where there is one. */
  readonly url: string;
  readonly dataDir: string;
  /** Holds one folder for each context. */
  readonly eventsDir: string;
  /** Where snapshots have a root of their own; absent where they lie in `eventsDir`. */
  readonly snapshotsDir?: string;
  /** Holds one folder for each replication group. */
  readonly logDir: string;
  readonly controlDbDir: string;
  /**
   * Where the server names its files otherwise than they lie: a line `SERVER=LOCAL` for each folder, the longest name of the
   * server's first. Absent where it does not.
   */
  readonly pathMap?: string;
  /** Role in each replication group that the node takes part in. */
  readonly roles: Readonly<Record<string, Role>>;
}

/** One replication group: what lies in it, and who takes part. */
export interface Group {
  readonly name: string;
  readonly contexts: readonly string[];
  readonly members: ReadonlyArray<{ readonly node: string; readonly role: Role }>;
}

/** A running fake cluster. Times are virtual milliseconds since 1970, durations milliseconds. */
export interface Simulator {
  readonly nodes: readonly Node[];
  /** All replication groups, `_admin` first. */
  readonly groups: readonly Group[];
  /** Contexts with a dynamic consistency boundary, at this instant, by name; they are among those of the groups. */
  readonly dcbContexts: readonly string[];
  readonly seed: number;
  readonly clock: {
    readonly nowMs: number;
    /** Runs everything that falls due, in order, and resolves when all files are up to date. */
    advance(byMs: number): Promise<void>;
  };
  readonly control: Control;
  /** What was acknowledged, and when: the truth that a restore is compared with. */
  readonly ledger: Ledger;
  /** Files and folders as the nodes have left them at this instant: what tells whether somebody else was at them. */
  readonly writtenFiles: WrittenView;
  /** Everything that moves, at this instant. */
  state(): ClusterState;
  /** Requests to the public API so far. */
  readonly journal: readonly JournalEntry[];
  /** Calls `listener` for everything that happens in the cluster; the result ends that. */
  onEvent(listener: (event: ClusterEvent) => void): () => void;
  /** Calls `listener` for failures that no caller waits for, such as a full disk while time passes by itself. */
  onTrouble(listener: (error: Error) => void): () => void;
  /**
   * A second port of each node, by its name, opened when it is first asked for: with two callers at a time, an observer tells
   * their requests apart by the port that they call.
   */
  otherPorts(): Promise<ReadonlyMap<string, number>>;
  /** Stops the nodes cleanly; a temporary data folder is removed. */
  close(): Promise<void>;
}

/** The control API in process. Each call resolves when all files are up to date; failures are AxonErrors. */
export interface Control {
  append(
    context: string,
    request?: { transactions?: number; eventsPerTransaction?: number; payloadBytes?: number; type?: EventType },
  ): Promise<{ readonly firstToken: bigint; readonly lastToken: bigint }>;
  /** The closed segment on each node. */
  roll(context: string, type?: EventType): Promise<ReadonlyMap<string, bigint>>;
  /**
   * Deletes the events with these tokens on every node that has the context, as an event transformation does: the
   * segments that hold them get a version (`<number>_00001.events`), the open one closes first. The new version, and the
   * segments by node; a stopped node follows when it has started and caught up. `conflict` before 2023.2.
   */
  transform(
    context: string,
    tokens: { readonly firstToken: bigint; readonly lastToken: bigint },
  ): Promise<{ readonly version: number; readonly segments: ReadonlyMap<string, readonly bigint[]> }>;
  /** Deletes the versions of segments that are not current, on the running nodes: how many files on each. */
  compact(context: string): Promise<ReadonlyMap<string, number>>;
  /** Makes a plain context one with a dynamic consistency boundary; its snapshots go. `conflict` before 2026.0. */
  migrateToDcb(context: string): Promise<void>;
  /** First indexes of the deleted log segments. */
  cleanLog(node: string, group: string, olderThanMs?: number): Promise<readonly number[]>;
  stop(node: string): Promise<void>;
  start(node: string): Promise<void>;
  crash(node: string): Promise<void>;
  /** Slows down what the node gets from its leaders. */
  delayReplication(node: string, lagMs: number): Promise<void>;
  /** Has the node apply nothing of its log for so long: its log runs ahead of its event stores. 0 ends it. */
  stallApply(node: string, forMs: number): Promise<void>;
  planFaults(rules: readonly Fault[]): void;
  reset(): Promise<void>;
}
