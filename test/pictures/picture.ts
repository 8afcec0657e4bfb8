import type { Browser } from 'playwright-core';

/** A picture for the documentation, taken of the real thing. */
export interface Picture {
  /** Name in docs/pictures/, without an ending. */
  readonly name: string;
  /** Brings about what is to be seen, and takes it: a PNG. */
  readonly take: (browser: Browser) => Promise<Buffer>;
}
