import type { Surprise } from '../../scenarios/scenario.ts';
import { CopyingAccount } from './copying-account.ts';
import type { Copying, LeftOutSegment, MissedMoment, RequestRecord } from '../evidence.ts';
import { FolderGrowth, type ClientFolder } from './folder-growth.ts';
import type { MountName } from './mounts.ts';
import { RefusedCalls } from './refused-calls.ts';

/** A surprise that a run may still come to. */
export interface PendingSurprise {
  readonly surprise: Surprise;
  matched: number;
}

export interface RunUnderWayOptions {
  /** At which it calls the nodes. */
  readonly ports: ReadonlySet<number>;
  readonly surprises: readonly Surprise[];
  /** What of the server's files is mounted nowhere for it; nothing unless given. */
  readonly unmounted?: readonly MountName[];
  /** Those that the client is told of. */
  readonly folders: readonly ClientFolder[];
  /** Contexts with a dynamic consistency boundary: into folders of their names the server writes. */
  readonly dcbContexts: readonly string[];
  /** For how much of segments it matters whether they were copied before a log. */
  readonly longBytes: number;
}

/** A run of a client that is not over yet: what it has asked, and what is still to come. */
export class RunUnderWay {
  /** At which this run calls the nodes: with two runs at a time, they tell their requests apart. */
  readonly ports: ReadonlySet<number>;
  readonly surprises: readonly PendingSurprise[];
  readonly unmounted: readonly MountName[];
  /** In the order of their answers. */
  readonly requests: Array<Omit<RequestRecord, 'run'>> = [];
  /** Segments that lists have kept from it. */
  readonly leftOut: LeftOutSegment[] = [];
  /** Files of which a copy would have been one of half a write. */
  readonly halfWritten = new Set<string>();
  /** What it asked of the control API, and was not given. */
  readonly refusedCalls = new RefusedCalls();
  /** What it has been told of, and has to take the time to copy. */
  readonly account: CopyingAccount;
  /** What it has written into its folders. */
  readonly growth: FolderGrowth;
  /** Virtual milliseconds that its own doing has taken. */
  spentMs = 0;
  /** By ordinal of the request whose answer named what was copied. */
  readonly copyings = new Map<number, Copying>();
  /** Resolves with its first request. */
  readonly firstRequest: Promise<void>;
  #noteRequest: () => void = () => undefined;
  #gate: Promise<void> = Promise.resolve();

  constructor({ ports, surprises, unmounted = [], folders, dcbContexts, longBytes }: RunUnderWayOptions) {
    this.account = new CopyingAccount(longBytes);
    this.growth = new FolderGrowth(folders, dcbContexts);
    this.ports = ports;
    this.unmounted = unmounted;
    this.surprises = surprises.map((surprise) => ({ surprise, matched: 0 }));
    this.firstRequest = new Promise((resolve) => {
      this.#noteRequest = resolve;
    });
  }

  /** Surprises that it has not come to. */
  get missed(): readonly MissedMoment[] {
    return this.surprises.flatMap(({ surprise: { at }, matched }) =>
      matched < (at.nth ?? 1) ? [{ at, matched }] : [],
    );
  }

  /** Its requests wait until `gate` resolves. */
  holdUntil(gate: Promise<void>): void {
    this.#gate = gate;
  }

  /** A request has arrived; resolves when it may go on. */
  async letIn(): Promise<void> {
    this.#noteRequest();
    await this.#gate;
  }
}
