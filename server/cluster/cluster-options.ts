import type { ControlDbTables } from '../formats/control-db-tables.ts';
import type { ContextIndexFormats } from '../formats/index-format.ts';
import type { SqlEngine } from '../stores/control-db.ts';
import type { DataDir } from '../stores/data-dir.ts';
import type { Announce } from './terms/cluster-event.ts';
import type { CleaningAfterPost } from './member/compaction.ts';
import type { PlannedGroup } from './terms/topology.ts';

/** What a cluster is like, and by which release's rules its nodes keep their files. */
export interface ClusterOptions {
  readonly dataDir: DataDir;
  readonly sqlEngine: SqlEngine;
  readonly seed: number;
  /** Virtual milliseconds since 1970 at which the cluster's time begins, or goes on. */
  readonly startMs: number;
  /** Names of the nodes, in order. */
  readonly nodeNames: readonly string[];
  /** Folder below that of a node in which it keeps snapshots; that of events unless given. */
  readonly snapshotStorage?: string;
  /** `_admin` among them. */
  readonly groups: readonly PlannedGroup[];
  readonly rate: number;
  readonly payloadBytes: number | null;
  readonly maxDiskBytes: number;
  readonly segmentSizeBytes: number;
  /** Nodes whose segments have another size, by name. */
  readonly nodeSegmentSizeBytes: Readonly<Record<string, number>>;
  readonly logSegmentSizeBytes: number;
  /** Where the stores of a context begin, by its name; at 0 unless given. */
  readonly firstTokens?: ReadonlyMap<string, bigint>;
  readonly overflow: 'exact-fit' | 'strict';
  readonly closesIndexedHighest: boolean;
  /** Whether event segments may have versions. */
  readonly hasVersions: boolean;
  /** Whether a transaction must fit into one segment and has at most 32,767 events, as up to 4.5. */
  readonly limitsTransactions: boolean;
  readonly hasLogIndexFiles: boolean;
  /** False for the standard edition: what leaves a node says nothing of groups. */
  readonly isClustered: boolean;
  /** Name of the file of the control database; that of releases before 2024.0 unless given. */
  readonly controlDbFile?: string;
  /** Tables of the control database; those of releases before 2024.0 unless given. */
  readonly controlDbTables?: ControlDbTables;
  /** What a POST of a control database backup means to log cleaning; an hour's rest unless given. */
  readonly cleaningAfterPost?: CleaningAfterPost;
  /** By context; index and bloom filter unless given. */
  readonly indexFormats?: ReadonlyMap<string, ContextIndexFormats>;
  /** Contexts with a dynamic consistency boundary; the cluster adds those that become such. */
  readonly dcbContexts?: Set<string>;
  readonly migratesToDcb?: boolean;
  /** Folders below which backups of such contexts may be written; nowhere unless given. */
  readonly dcbBackupFolders?: readonly string[];
  /** Whether a node does not start on a log that lacks entries; it starts unless given. */
  readonly refusesBrokenLog?: boolean;
  /** Below which the nodes keep each kind of data at a place of its own; all in their data folders unless given. */
  readonly rootApart?: string | null;
  readonly announce: Announce;
}
