import { encodeEventMessage } from '../formats/event-message.ts';
import type { EventType } from '../formats/log-entry-data.ts';
import type { RandomStream } from '../sim/random.ts';
import type { IndexKey } from '../stores/transaction.ts';

/** Events of one transaction, ready to be proposed. */
export interface SyntheticTransaction {
  readonly type: EventType;
  readonly events: readonly Buffer[];
  readonly keys: readonly IndexKey[];
}

export interface SyntheticOptions {
  readonly context: string;
  readonly random: RandomStream;
  /** Begins every aggregate identifier, so that two sources never write to one aggregate. */
  readonly prefix: string;
}

/** An aggregate as it was at one of its events. */
interface AggregateAt {
  readonly key: string;
  readonly sequenceNumber: bigint;
}

interface Aggregate {
  readonly key: string;
  /** Of its next event: it has those before. */
  sequenceNumber: bigint;
  /** Up to here there are snapshots of it, one for each of its events at most. */
  nextSnapshot: bigint;
}

const MOST_LIVE_AGGREGATES = 500;
const NEW_AGGREGATE_EVERY = 20;
const FILLER_BYTES = 1 << 16;

/**
 * Makes events that a reader of a backup can trace: each carries its context, the node that wrote it and the virtual
 * time in its meta data. Aggregates live for a while, their sequence numbers run without a gap. A snapshot is of an
 * aggregate, and as it was at one of its events, which no other snapshot is of: what a server takes. Where more of them are
 * asked for than there are events, the others are of aggregates that have none; no two are of the same.
 */
export class SyntheticEvents {
  readonly #options: SyntheticOptions;
  readonly #filler: Buffer;
  readonly #live: Aggregate[] = [];
  #created = 0;
  /** Many events share one instant, and writing it out costs as much as a field or two. */
  #lastTime = { atMs: Number.NaN, text: '' };

  constructor(options: SyntheticOptions) {
    this.#options = options;
    this.#filler = Buffer.alloc(FILLER_BYTES);
    for (let at = 0; at < FILLER_BYTES; at += 4) this.#filler.writeUInt32LE(options.random.uint32(), at);
  }

  /** A transaction of `eventCount` events of one aggregate, each with `payloadBytes` of payload. */
  transaction(node: string, nowMs: number, eventCount: number, payloadBytes: number): SyntheticTransaction {
    const aggregate = this.#pickAggregate();
    const events: Buffer[] = [];
    const keys: IndexKey[] = [];
    for (let ordinal = 0; ordinal < eventCount; ordinal++) {
      const at = { key: aggregate.key, sequenceNumber: aggregate.sequenceNumber++ };
      events.push(this.#encode(node, nowMs, at, payloadBytes, 'EVENT'));
      keys.push(at);
    }
    return { type: 'EVENT', events, keys };
  }

  /** `count` snapshots, each of one aggregate as it was at one of its events. */
  snapshots(node: string, nowMs: number, count: number, payloadBytes: number): SyntheticTransaction {
    const events: Buffer[] = [];
    const keys: IndexKey[] = [];
    for (let ordinal = 0; ordinal < count; ordinal++) {
      const at = this.#pickForSnapshot();
      events.push(this.#encode(node, nowMs, at, payloadBytes, 'SNAPSHOT'));
      keys.push(at);
    }
    return { type: 'SNAPSHOT', events, keys };
  }

  #pickAggregate(): Aggregate {
    const { random } = this.#options;
    const place = random.integer(0, MOST_LIVE_AGGREGATES - 1);
    const picked = this.#live[place % Math.max(1, this.#live.length)];
    if (picked !== undefined && random.integer(1, NEW_AGGREGATE_EVERY) > 1) return picked;
    const created = { key: this.#newKey(), sequenceNumber: 0n, nextSnapshot: 0n };
    if (this.#live.length < MOST_LIVE_AGGREGATES) this.#live.push(created);
    else this.#live[place] = created;
    return created;
  }

  #pickForSnapshot(): AggregateAt {
    const first = this.#options.random.integer(0, MOST_LIVE_AGGREGATES - 1);
    for (let place = 0; place < this.#live.length; place++) {
      const aggregate = this.#live[(first + place) % this.#live.length];
      if (aggregate === undefined || aggregate.nextSnapshot === aggregate.sequenceNumber) continue;
      return { key: aggregate.key, sequenceNumber: aggregate.nextSnapshot++ };
    }
    return { key: this.#newKey(), sequenceNumber: 0n };
  }

  #newKey(): string {
    return `${this.#options.prefix}-${++this.#created}`;
  }

  #encode(node: string, nowMs: number, aggregate: AggregateAt, payloadBytes: number, type: EventType): Buffer {
    const { context, random } = this.#options;
    return encodeEventMessage({
      messageIdentifier: random.uuid(),
      aggregateIdentifier: aggregate.key,
      aggregateSequenceNumber: aggregate.sequenceNumber,
      aggregateType: 'Order',
      timestampMs: BigInt(nowMs),
      payload: {
        type: type === 'EVENT' ? 'OrderChanged' : 'Order',
        revision: '',
        data: this.#payload(payloadBytes),
      },
      metaData: [
        ['context', { kind: 'text', value: context }],
        ['node', { kind: 'text', value: node }],
        ['virtualTime', { kind: 'text', value: this.#timeText(nowMs) }],
      ],
      snapshot: type === 'SNAPSHOT',
    });
  }

  #timeText(atMs: number): string {
    if (this.#lastTime.atMs !== atMs) this.#lastTime = { atMs, text: new Date(atMs).toISOString() };
    return this.#lastTime.text;
  }

  #payload(bytes: number): Buffer {
    if (bytes <= FILLER_BYTES / 2) {
      const start = this.#options.random.integer(0, FILLER_BYTES / 2);
      return this.#filler.subarray(start, start + bytes);
    }
    return Buffer.alloc(bytes, this.#filler);
  }
}
