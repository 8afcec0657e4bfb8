import * as fs from 'node:fs';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { deletedEvent } from '../../../server/formats/deleted-event.ts';
import { decodeSegmentIndex } from '../../../server/formats/segment-index.ts';
import type { EventStore } from '../../../server/stores/event-store.ts';
import { indexEvents } from '../../../server/stores/transaction.ts';
import {
  append,
  decodedFile,
  domainEvent,
  eventOfLength,
  eventsIn,
  fileOf,
  nowMs,
  openEventStore,
} from '../../support/event-stores.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

interface Rules {
  readonly segmentSizeBytes: number;
  readonly overflow: 'exact-fit' | 'strict';
  readonly hasVersions: true;
}

/** What an event store is, in memory. */
interface Model {
  readonly rules: Rules;
  /** In hexadecimal. */
  events: string[];
  /** Their first tokens; the last one is open. */
  segments: number[];
  closedCount: number;
  /** The last one that a segment got, and those that each has on disk. */
  version: number;
  readonly versions: Map<number, number[]>;
  /** End of the open file's transactions, and its length. */
  position: number;
  sizeBytes: number;
  /** What of it a process that is killed now leaves. */
  flushed: { readonly events: number; readonly position: number };
}

interface Real {
  store: EventStore;
  root: string;
  readonly newFolder: () => string;
}

function flush(model: Model): void {
  model.flushed = { events: model.events.length, position: model.position };
}

function beginSegment(model: Model, sizeBytes: number): void {
  const nextToken = model.events.length;
  if (model.segments.at(-1) !== nextToken) model.segments.push(nextToken);
  model.position = 5;
  model.sizeBytes = Math.max(model.rules.segmentSizeBytes, sizeBytes);
  flush(model);
}

/** What a start does with the files: all but the open one are closed. */
function start(model: Model): void {
  model.closedCount = model.segments.length - 1;
}

function checkAgainst(model: Model, { store }: Real): void {
  const segments = model.segments.map(BigInt);
  expect(store.nextToken).toBe(BigInt(model.events.length));
  expect(store.openSegment).toBe(segments.at(-1));
  expect(store.closedAfter(-1n)).toEqual(segments.slice(0, model.closedCount));
  expect(store.activeSegments()).toEqual(segments.slice(model.closedCount));
  for (const [ordinal, segment] of model.segments.entries()) {
    expect(store.versionsOf(BigInt(segment))).toEqual(model.versions.get(segment) ?? [0]);
    const next = model.segments[ordinal + 1];
    const { transactions, nextToken, endsIn, endPosition } = decodedFile(store, segment);
    expect(transactions.every(({ isChecksumGood }) => isChecksumGood)).toBe(true);
    expect(nextToken).toBe(BigInt(next ?? model.flushed.events));
    expect(endsIn).toBe(next === undefined ? 'zero' : 'end-marker');
    expect(fs.existsSync(fileOf(store, segment, '.index'))).toBe(ordinal < model.closedCount);
    if (next === undefined) expect(endPosition).toBe(model.flushed.position);
  }
  expect(fs.statSync(fileOf(store, store.openSegment)).size).toBe(model.sizeBytes);
}

abstract class Step implements fc.Command<Model, Real> {
  check(): boolean {
    return true;
  }

  run(model: Model, real: Real): void {
    this.change(model, real);
    checkAgainst(model, real);
  }

  abstract change(model: Model, real: Real): void;
}

class Append extends Step {
  readonly sizes: readonly number[];

  constructor(sizes: readonly number[]) {
    super();
    this.sizes = sizes;
  }

  override change(model: Model, { store }: Real): void {
    const events = this.sizes.map((size, ordinal) => {
      const text = String(model.events.length + ordinal);
      if (size < 20) return eventOfLength(size, text);
      return domainEvent({ messageIdentifier: text.padEnd(size - 17, '.'), aggregateIdentifier: `a-${size % 3}` });
    });
    const lengthBytes = events.reduce((sum, event) => sum + 4 + event.length, 11);
    const spareBytes = model.sizeBytes - (model.position + lengthBytes + 4);
    const fits = model.rules.overflow === 'exact-fit' ? spareBytes >= 0 : spareBytes > 0;
    if (!fits) beginSegment(model, lengthBytes + 9);
    append(store, events);
    model.position += lengthBytes;
    model.events.push(...events.map((event) => event.toString('hex')));
  }

  override toString(): string {
    return `append(${this.sizes.join()})`;
  }
}

class CloseNext extends Step {
  override change(model: Model, { store }: Real): void {
    const isFull = model.closedCount < model.segments.length - 1;
    expect(store.closeNext(nowMs)).toBe(isFull ? BigInt(model.segments[model.closedCount] ?? -1) : null);
    if (isFull) model.closedCount += 1;
  }

  override toString(): string {
    return 'closeNext';
  }
}

class Roll extends Step {
  override change(model: Model, { store }: Real): void {
    const open = model.segments.at(-1) ?? -1;
    const isEmpty = open === model.events.length;
    expect(store.roll(nowMs)).toBe(isEmpty ? null : BigInt(open));
    if (isEmpty) return;
    beginSegment(model, 0);
    start(model);
  }

  override toString(): string {
    return 'roll';
  }
}

class Transform extends Step {
  readonly place: number;

  constructor(place: number) {
    super();
    this.place = place;
  }

  override change(model: Model, { store }: Real): void {
    if (model.closedCount === 0) return;
    const ordinal = this.place % model.closedCount;
    const segment = model.segments[ordinal] ?? 0;
    const count = (model.segments[ordinal + 1] ?? 0) - segment;
    const deleted = segment + (this.place % count);
    model.version += 1;
    const change = (token: bigint, event: Buffer): Buffer => (token === BigInt(deleted) ? deletedEvent(event) : event);
    store.transform(BigInt(segment), model.version, change, nowMs);
    model.events[deleted] = deletedEvent(Buffer.from(model.events[deleted] ?? '', 'hex')).toString('hex');
    model.versions.set(segment, [...(model.versions.get(segment) ?? [0]), model.version]);
  }

  override toString(): string {
    return `transform(${this.place})`;
  }
}

class Compact extends Step {
  override change(model: Model, { store }: Real): void {
    let old = 0;
    for (const [segment, versions] of model.versions) {
      old += versions.length - 1;
      model.versions.set(segment, versions.slice(-1));
    }
    expect(store.compactVersions()).toBe(3 * old);
  }

  override toString(): string {
    return 'compact';
  }
}

class Settle extends Step {
  readonly isTorn: boolean;

  constructor(isTorn: boolean) {
    super();
    this.isTorn = isTorn;
  }

  override change(model: Model, { store }: Real): void {
    store.settle(this.isTorn);
    flush(model);
  }

  override toString(): string {
    return this.isTorn ? 'settle torn' : 'settle';
  }
}

class Read extends Step {
  override change(model: Model, { store }: Real): void {
    flush(model);
    expect(eventsIn(store)).toEqual(model.events);
    for (const segment of model.segments.slice(0, model.closedCount)) {
      const indexed = decodedFile(store, segment).transactions.flatMap(({ position, events }) =>
        indexEvents(events).map(({ key, offset }) => `${key}@${position + offset}`),
      );
      const index = decodeSegmentIndex(fs.readFileSync(fileOf(store, segment, '.index'))) ?? [];
      const found = [...index].flatMap(([key, { positions }]) => positions.map((position) => `${key}@${position}`));
      expect(found.toSorted()).toEqual(indexed.toSorted());
    }
  }

  override toString(): string {
    return 'read';
  }
}

class Restart extends Step {
  readonly how: 'close' | 'crash' | 'kill';

  constructor(how: 'close' | 'crash' | 'kill') {
    super();
    this.how = how;
  }

  override change(model: Model, real: Real): void {
    if (this.how === 'kill') {
      const left = real.newFolder();
      fs.cpSync(real.root, left, { recursive: true });
      real.root = left;
      model.events.length = model.flushed.events;
      model.position = model.flushed.position;
    }
    if (this.how === 'crash') real.store.crash();
    else real.store.close(nowMs);
    flush(model);
    start(model);
    real.store = openEventStore(real.root, model.rules);
  }

  override toString(): string {
    return `${this.how} and restart`;
  }
}

test('an event store is what a list of events and segment boundaries is, through restarts, crashes and kills', () => {
  const newFolder = temporaryFolders();
  const sizes = fc.array(fc.integer({ min: 2, max: 90 }), { minLength: 1, maxLength: 4 });
  const commands = fc.commands(
    [
      sizes.map((all) => new Append(all)),
      fc.integer({ min: 2, max: 40 }).map((size) => new Append([size])),
      fc.constant(new CloseNext()),
      fc.constant(new Roll()),
      fc.boolean().map((isTorn) => new Settle(isTorn)),
      fc.constant(new Read()),
      fc.nat(1000).map((place) => new Transform(place)),
      fc.constant(new Compact()),
      fc.constantFrom('close', 'crash', 'kill').map((how) => new Restart(how)),
    ],
    { maxCommands: 60, size: 'max' },
  );
  const rules = fc.record<Rules>({
    segmentSizeBytes: fc.integer({ min: 60, max: 300 }),
    overflow: fc.constantFrom('exact-fit', 'strict'),
    hasVersions: fc.constant(true),
  });
  fc.assert(
    fc.property(rules, commands, (ruled, steps) => {
      const root = newFolder();
      const real: Real = { store: openEventStore(root, ruled), root, newFolder };
      const flushed = { events: 0, position: 5 };
      const sizeBytes = ruled.segmentSizeBytes;
      const unversioned = { version: 0, versions: new Map<number, number[]>() };
      const written = { events: [], segments: [0], closedCount: 0, position: 5, sizeBytes, flushed };
      const model: Model = { rules: ruled, ...written, ...unversioned };
      try {
        fc.modelRun(() => ({ model, real }), steps);
        new Read().run(model, real);
      } finally {
        real.store.close(nowMs);
      }
    }),
    { numRuns: 100, interruptAfterTimeLimit: 60_000 },
  );
});
