import * as fs from 'node:fs';
import { encodeEventMessage, type EventMessage } from '../../server/formats/event-message.ts';
import { decodeEventSegment, type DecodedEventSegment } from '../../server/formats/event-segment.ts';
import { DataDir } from '../../server/stores/data-dir.ts';
import { EventStore } from '../../server/stores/event-store.ts';
import type { EventStoreOptions } from '../../server/stores/event-store-options.ts';
import { prepareTransaction } from '../../server/stores/transaction.ts';

/* Event stores whose default segment of 100 bytes holds three default transactions of 30 bytes, with one byte to spare. */

export const nowMs = Date.UTC(2024, 4, 5, 6, 7, 8, 90);

/** Bytes of a transaction beside those of its only event. */
const OVERHEAD_BYTES = 15;

/** An event of an aggregate, of 15 bytes unless its values are longer than three letters. */
export function domainEvent(values: Partial<EventMessage> = {}): Buffer {
  return encodeEventMessage({
    messageIdentifier: 'm-1',
    aggregateIdentifier: 'a-1',
    aggregateSequenceNumber: 0n,
    aggregateType: 'T',
    timestampMs: 1n,
    payload: null,
    metaData: [],
    snapshot: false,
    ...values,
  });
}

/** An event of no aggregate that takes exactly `lengthBytes`, at least 2. */
export function eventOfLength(lengthBytes: number, text = ''): Buffer {
  for (const snapshot of [false, true]) {
    for (let letters = lengthBytes; letters >= Math.max(0, lengthBytes - 7); letters--) {
      const messageIdentifier = text.padEnd(letters, '.').slice(0, letters);
      const event = domainEvent({
        messageIdentifier,
        aggregateIdentifier: '',
        aggregateType: '',
        timestampMs: 0n,
        snapshot,
      });
      if (event.length === lengthBytes) return event;
    }
  }
  throw new Error(`No event has ${lengthBytes} bytes`);
}

export function eventStoreOptions(root: string, values: Partial<EventStoreOptions> = {}): EventStoreOptions {
  const dataDir = values.dataDir ?? new DataDir(root);
  return {
    dataDir,
    folder: dataDir.folder('default'),
    type: 'EVENT',
    segmentSizeBytes: 100,
    overflow: 'exact-fit',
    closesIndexedHighest: true,
    hasVersions: false,
    validatedSegments: 2,
    ...values,
  };
}

export function openEventStore(root: string, values: Partial<EventStoreOptions> = {}, atMs = nowMs): EventStore {
  return EventStore.open(eventStoreOptions(root, values), atMs);
}

export function append(store: EventStore, events: readonly Buffer[], atMs = nowMs): void {
  store.append(prepareTransaction(store.nextToken, events), atMs);
}

/** Appends a transaction of one event that takes exactly `lengthBytes` in the file. */
export function appendBytes(store: EventStore, lengthBytes: number, atMs = nowMs): void {
  append(store, [eventOfLength(lengthBytes - OVERHEAD_BYTES, String(store.nextToken))], atMs);
}

/** Appends transactions of 30 bytes, each with one event of one of two aggregates. */
export function grow(store: EventStore, transactions: number, atMs = nowMs): void {
  for (let count = 0; count < transactions; count++) {
    append(store, [numberedEvent(store.nextToken)], atMs);
  }
}

/** The event that `grow` gives a token. */
function numberedEvent(token: bigint): Buffer {
  return domainEvent({
    messageIdentifier: String(token).padStart(3, '0'),
    aggregateIdentifier: `a-${token % 2n}`,
  });
}

/** Appends so that the segments are 0, 3 and 6, of which the first two are full and the last one is open. */
export function growThreeSegments(store: EventStore): EventStore {
  grow(store, 7);
  return store;
}

/** All events, in hexadecimal. */
export function eventsIn(store: EventStore): string[] {
  return [...store.transactionsFrom(0n)].flatMap(({ events }) => events.map((event) => event.toString('hex')));
}

/** What `grow` has given the tokens from 0 up to `nextToken`, in hexadecimal. */
export function numberedEvents(nextToken: number): string[] {
  return Array.from({ length: nextToken }, (_, token) => numberedEvent(BigInt(token)).toString('hex'));
}

export function fileOf(store: EventStore, segment: number | bigint, suffix = '.events'): string {
  return store.pathOf(BigInt(segment), suffix);
}

export function decodedFile(store: EventStore, segment: number | bigint, suffix = '.events'): DecodedEventSegment {
  return decodeEventSegment(fs.readFileSync(fileOf(store, segment, suffix)), BigInt(segment));
}

/** Names in the store's folder, each segment by its number. */
export function filesOf(store: EventStore): string[] {
  const names = fs.readdirSync(store.folder).map((name) => name.replace(/^0{1,19}(?=\d)/, ''));
  return names.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1));
}
