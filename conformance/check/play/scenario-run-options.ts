import type { Edition, ServerVersion } from '../../../server/index.ts';
import type { ClientDriver } from '../../driver/client-driver.ts';
import type { Unpack } from '../../driver/restore-command.ts';
import type { Evidence, RunRecord } from '../../journal/evidence.ts';
import type { Surroundings } from '../selection/surroundings.ts';
import type { Scenario } from '../../scenarios/scenario.ts';

export interface ScenarioRunOptions extends Surroundings {
  readonly scenario: Scenario;
  readonly driver: ClientDriver;
  readonly seed: number;
  readonly serverVersion: ServerVersion;
  readonly edition: Edition;
  /** Below which every public path of the cluster lies, whatever the scenario says; as that says unless given. */
  readonly contextPath?: string;
  /** Real milliseconds that one run of the client may take. */
  readonly timeoutMs: number;
  readonly capabilities: readonly string[];
  /** An empty folder for the cluster, the backup and the client's state; absolute. */
  readonly folder: string;
  /** An empty folder for what nobody but the kit may know of: restores, and what is out of a client's reach; absolute. */
  readonly ownFolder: string;
  /** The client's TMPDIR, an empty folder on another file system; absolute. In `folder` unless given. */
  readonly tmpdir?: string;
  /** What the cluster's control API wants to see: no client has it. Visible ASCII characters. */
  readonly controlKey: string;
  /** Turns a store that needs its own tool into plain files; null where the folder is read as it is. */
  readonly unpack: Unpack | null;
  /** Ends what is at work beside the client: nobody wants to know any more. */
  readonly signal: AbortSignal;
  /** Told of each run when it is over; what it throws ends the scenario. */
  readonly onRun?: (run: RunRecord) => void;
  readonly realTimeMs: () => number;
  /** Resolves after so many real milliseconds, or when `signal` says that nobody waits any more. */
  readonly waitMs: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** What one scenario has left, and what it took. */
export interface ScenarioRun {
  readonly evidence: Evidence;
  /** Real milliseconds of the client's processes alone. */
  readonly clientMs: number;
  /** The scenario as this server plays it: what is to happen to a request happens where the server has that. */
  readonly played: Scenario;
}
