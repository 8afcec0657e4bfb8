import type { StoredBlock } from '../../../server/index.ts';

/** What one data file comes to, read from its start to its end; plain data. */
export interface EventScan {
  /** Token behind the last event that could be read. */
  readonly nextToken: bigint;
  /** How the events end; `broken` where the bytes break off or make no sense. */
  readonly end: 'end-marker' | 'zero' | 'broken';
  /** True where the beginning of an unfinished write lies behind the end. */
  readonly isTorn: boolean;
  /** First tokens of the transactions whose checksum is wrong; of very many the first `MOST_NAMED`. */
  readonly badChecksums: readonly bigint[];
  /** Token behind the last event by the sizes alone, also where what they hold makes no sense; null where they lead astray. */
  readonly endBySizes: bigint | null;
  /** Of the segment; null where it is empty. */
  readonly version: number | null;
  /** The first transaction with a version that nobody knows. */
  readonly oddTransaction: { readonly token: bigint; readonly version: number } | null;
  /** When the last event happened, milliseconds since 1970; null where it does not say. */
  readonly lastEventMs: number | null;
  /** All that is sound; empty unless asked for. */
  readonly blocks: readonly StoredBlock[];
}

/** Sees each event of a segment. `bytes` are gone with the next; `position` is that of the event's length field in the file. */
export type SeeEvent = (bytes: Buffer, start: number, end: number, position: number) => void;

export interface EventScanOptions {
  readonly keepsBlocks?: boolean;
  readonly seeEvent?: SeeEvent;
  /** Called where events came by that were too large to be seen. */
  readonly missEvents?: () => void;
  /** Transactions of more bytes are not taken into memory; 32 MiB unless given. */
  readonly mostWholeBytes?: number;
  /** False leaves the checksums out: nothing is said of them then. */
  readonly checksChecksums?: boolean;
}

/** 1 in 4.0, 2 since (docs/event-segment-format.md, section 2). */
export const eventVersions: ReadonlySet<number> = new Set([1, 2]);
/** So many wrong checksums of one file are named. */
export const MOST_NAMED = 10_000;
