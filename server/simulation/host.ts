/** How the simulation uses the host; the composition root gives it. */
export interface Host {
  /** Lets others have their turn, and comes back. */
  readonly yieldTurn: () => Promise<void>;
  /** Holds something back for so many real milliseconds, or until `signal` is aborted; the end of the process does not wait for it. */
  readonly waitMs: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}
