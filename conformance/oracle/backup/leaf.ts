import type { FoundFile } from './backup-walk.ts';
import type { Traits } from './traits.ts';

/** A file of a backup, or of an archive in it, as far as it can be told without its neighbours. */
export interface Leaf {
  readonly source: FoundFile;
  /** Its names in the archives around it, the outermost first; empty for a plain file. */
  readonly within: readonly string[];
  /** For each of those, whether the archive is but the wrapping of that one file. */
  readonly wrappings: readonly boolean[];
  readonly sizeBytes: number;
  /** SHA-256 in hex; empty where it is lazy: in a backup by itself nobody compares it. */
  readonly checksum: string;
  /** Nanoseconds since 1970. */
  readonly modifiedNs: bigint;
  readonly traits: Traits;
  /** True where only its beginning was read, and nobody has looked where its events end. */
  readonly isLazy: boolean;
  readonly readBytes: () => Buffer;
}

export interface Leaves {
  readonly leaves: readonly Leaf[];
  readonly unreadable: readonly string[];
}
