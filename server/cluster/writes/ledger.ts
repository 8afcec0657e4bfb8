import { encodeTransaction } from '../../formats/event-segment.ts';
import type { EventType } from '../../formats/log-entry-data.ts';
import type { LogPayload } from '../terms/log-payload.ts';

/** One acknowledged transaction of events or snapshots. */
export interface AcknowledgedTransaction {
  readonly firstToken: bigint;
  readonly eventCount: number;
  /** Virtual milliseconds since 1970 at which a majority held it and the leader had applied it. */
  readonly atMs: number;
  /** Index of its entry in the log of the context's replication group. */
  readonly logIndex: number;
  /** CRC-32 of the transaction's events, as it stands in the segment files. */
  readonly checksum: number;
}

/** What a transaction has become since it was acknowledged. */
export interface TransactionVersion {
  readonly version: number;
  readonly checksum: number;
  /** Virtual milliseconds since 1970 from which on no node had an older version; null while one may still have it. */
  readonly everywhereSinceMs: number | null;
}

/** One acknowledged change of the configuration, an entry of `_admin`. */
export interface AcknowledgedChange {
  readonly logIndex: number;
  readonly atMs: number;
  readonly type: string;
  readonly name: string;
}

/**
 * What the cluster has acknowledged, and when: the truth that a restore is compared with. It begins with the process;
 * what an existing data folder held before that was acknowledged too, and lies below `firstToken`.
 */
export class Ledger {
  readonly #transactions = new Map<string, TransactionLedger>();
  readonly #changes: AcknowledgedChange[] = [];
  readonly #firstTokens: ReadonlyMap<string, bigint>;

  /** `firstTokens` says by context where stores begin; at 0 unless given. */
  constructor(firstTokens: ReadonlyMap<string, bigint> = new Map()) {
    this.#firstTokens = firstTokens;
  }

  /** The token at which the stores of a context begin: what would lie below it was never there. */
  firstTokenOf(context: string): bigint {
    return this.#firstTokens.get(context) ?? 0n;
  }

  /** The ledger of one context and type, empty where nothing was acknowledged. */
  of(context: string, type: EventType): TransactionLedger {
    const key = `${type}/${context}`;
    let ledger = this.#transactions.get(key);
    if (ledger === undefined) {
      ledger = new TransactionLedger();
      this.#transactions.set(key, ledger);
    }
    return ledger;
  }

  get changes(): readonly AcknowledgedChange[] {
    return this.#changes;
  }

  /** Notes an entry of a log that was acknowledged now. */
  noteEntry(logIndex: number, atMs: number, payload: LogPayload): void {
    if (payload.kind === 'append') {
      const { firstToken, eventCount, bytes } = payload.transaction;
      const checksum = bytes.readUInt32BE(bytes.length - 4);
      this.of(payload.context, payload.type).note({ firstToken, eventCount, atMs, logIndex, checksum });
    } else if (payload.kind === 'configuration') {
      const { type, name } = payload.change;
      this.#changes.push({ logIndex, atMs, type, name });
    }
  }
}

const FIELDS = 5;
const NO_VERSIONS: readonly TransactionVersion[] = [];

/** The acknowledged transactions of one context and type, ascending; a day of a busy cluster takes some 35 MB. */
export class TransactionLedger {
  #numbers = new Float64Array(FIELDS * 64);
  /** Of the first transaction: tokens are kept as distances from it, which numbers hold exactly. */
  #base = 0n;
  #length = 0;
  /** What transformations have made of transactions, by place and version: checksums. */
  readonly #versions = new Map<number, Map<number, number>>();
  readonly #everywhereSinceMs = new Map<number, number>();

  get length(): number {
    return this.#length;
  }

  /** Token behind the last acknowledged event, or null where nothing was acknowledged in this process. */
  get nextToken(): bigint | null {
    const last = this.#length === 0 ? null : this.at(this.#length - 1);
    return last === null ? null : last.firstToken + BigInt(last.eventCount);
  }

  note(transaction: AcknowledgedTransaction): void {
    const start = this.#length * FIELDS;
    if (start === this.#numbers.length) {
      const larger = new Float64Array(this.#numbers.length * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    const { firstToken, eventCount, atMs, logIndex, checksum } = transaction;
    if (this.#length === 0) this.#base = firstToken;
    this.#numbers[start] = Number(firstToken - this.#base);
    this.#numbers[start + 1] = eventCount;
    this.#numbers[start + 2] = atMs;
    this.#numbers[start + 3] = logIndex;
    this.#numbers[start + 4] = checksum;
    this.#length++;
  }

  /** The transaction at a place from 0 to `length - 1`. */
  at(place: number): AcknowledgedTransaction {
    if (place < 0 || place >= this.#length) throw new RangeError(`No transaction ${place} of ${this.#length}`);
    const numbers = this.#numbers.subarray(place * FIELDS, (place + 1) * FIELDS);
    const [distance = 0, eventCount = 0, atMs = 0, logIndex = 0, checksum = 0] = numbers;
    return { firstToken: this.#base + BigInt(distance), eventCount, atMs, logIndex, checksum };
  }

  /** The transaction that holds a token, by its place; -1 where there is none. */
  placeOf(token: bigint): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.at(middle).firstToken <= token) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return -1;
    const { firstToken, eventCount } = this.at(low - 1);
    return token < firstToken + BigInt(eventCount) ? low - 1 : -1;
  }

  /** A transformation has written a block of a transaction anew; the last block's checksum is the transaction's. */
  noteVersion(version: number, firstToken: bigint, events: readonly Uint8Array[]): void {
    const place = this.placeOf(firstToken);
    if (place < 0) return;
    const transaction = this.at(place);
    const isLastBlock = firstToken + BigInt(events.length) === transaction.firstToken + BigInt(transaction.eventCount);
    if (!isLastBlock) return;
    const bytes = encodeTransaction(events);
    const versions = this.#versions.get(place) ?? new Map<number, number>();
    this.#versions.set(place, versions.set(version, bytes.readUInt32BE(bytes.length - 4)));
  }

  /** From now on every node has the version. */
  noteEverywhere(version: number, atMs: number): void {
    this.#everywhereSinceMs.set(version, atMs);
  }

  /** What transformations have made of the transaction at a place, ascending; nothing of most. */
  versionsAt(place: number): readonly TransactionVersion[] {
    const versions = this.#versions.get(place);
    if (versions === undefined) return NO_VERSIONS;
    return [...versions].map(([version, checksum]) => ({
      version,
      checksum,
      everywhereSinceMs: this.#everywhereSinceMs.get(version) ?? null,
    }));
  }
}
