import type { Node } from '../../server/index.ts';

/** What one backup run is told. */
export interface Invocation {
  /** 1, 2, 3… within the scenario. */
  readonly run: number;
  /** Base URL of the node to back up. */
  readonly url: string;
  readonly nodes: readonly Node[];
  /** Those whose files are pulled. */
  readonly contexts: readonly string[];
  /** Contexts with a dynamic consistency boundary, whose backups the server writes; absent where there are none. */
  readonly dcbContexts?: readonly string[];
  readonly groups: readonly string[];
  /** Where the files of the node to back up lie that the server names otherwise: a line `SERVER=LOCAL` for each folder. */
  readonly pathMap?: string;
  /** The folder around all that the run is told of: cluster, backup, state and temporary files. For who mounts it elsewhere. */
  readonly dataDir?: string;
  /** Only where access control is on. */
  readonly token: string | null;
  readonly backupDir: string;
  readonly stateDir: string;
  /** For the client's temporary files; kept between the runs of a scenario. */
  readonly temporaryDir: string;
  /** Real milliseconds; then SIGTERM, and a while later SIGKILL. */
  readonly timeoutMs: number;
  /** No file that the client writes can have more bytes than this: a copy breaks off there, as on a full disk. No limit unless given. */
  readonly fileLimitBytes?: number;
  /** Ends the client at once and without warning, as a power cut does. */
  readonly kill: AbortSignal;
  /** Asks the client to end, as whoever stops a job does: SIGTERM, and a while later SIGKILL. Nobody asks unless given. */
  readonly askToEnd?: AbortSignal;
}

/** How a run ended. */
export interface RunResult {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly hasTimedOut: boolean;
  /** The limit of its files, where the run was given one; null where that could not be set. */
  readonly fileLimitBytes?: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Whatever can be asked to make one backup: a command, or a function in this process. */
export interface ClientDriver {
  /** What the report shows as the client. */
  readonly argv: readonly string[];
  run(invocation: Invocation): Promise<RunResult>;
}
