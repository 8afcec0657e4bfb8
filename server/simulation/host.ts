/** How the simulation uses the host; the composition root gives it. */
export interface Host {
  /** Lets others have their turn, and comes back. */
  readonly yieldTurn: () => Promise<void>;
  /** Holds something back for so many real milliseconds. */
  readonly waitMs: (milliseconds: number) => Promise<void>;
}
