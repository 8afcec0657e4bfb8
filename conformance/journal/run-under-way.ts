import type { Surprise } from '../scenarios/scenario.ts';
import type { LeftOutSegment, RequestRecord } from './evidence.ts';
import { RefusedCalls } from './refused-calls.ts';

/** A surprise that a run may still come to. */
export interface PendingSurprise {
  readonly surprise: Surprise;
  matched: number;
}

/** A run of a client that is not over yet: what it has asked, and what is still to come. */
export class RunUnderWay {
  /** By what name this run knows the nodes: with two runs at a time, it tells their requests apart. */
  readonly hostName: string;
  readonly surprises: readonly PendingSurprise[];
  /** In the order of their answers. */
  readonly requests: Array<Omit<RequestRecord, 'run'>> = [];
  /** Segments that lists have kept from it. */
  readonly leftOut: LeftOutSegment[] = [];
  /** Files of which a copy would have been one of half a write. */
  readonly halfWritten = new Set<string>();
  /** What it asked of the control API, and was not given. */
  readonly refusedCalls = new RefusedCalls();
  /** Of the files that it was told of and has not had the time to copy. */
  uncopiedBytes = 0;
  /** Resolves with its first request. */
  readonly firstRequest: Promise<void>;
  #noteRequest: () => void = () => undefined;
  #gate: Promise<void> = Promise.resolve();

  constructor(hostName: string, surprises: readonly Surprise[]) {
    this.hostName = hostName;
    this.surprises = surprises.map((surprise) => ({ surprise, matched: 0 }));
    this.firstRequest = new Promise((resolve) => {
      this.#noteRequest = resolve;
    });
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
