import * as fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ClusterEvent } from '../../../server/cluster/terms/cluster-event.ts';
import { HostedEventStore } from '../../../server/cluster/member/hosted-event-store.ts';
import { VirtualClock } from '../../../server/time-and-chance/clock.ts';
import { DataDir } from '../../../server/stores/data-dir.ts';
import type { EventStore } from '../../../server/stores/event-store.ts';
import { prepareTransaction } from '../../../server/stores/transaction.ts';
import { startMs } from '../../support/clusters.ts';
import { domainEvent, openEventStore } from '../../support/event-stores.ts';
import { RefusingDataDir } from '../../support/refusing-data-dir.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/* Segments of 100 bytes hold three transactions of 30 bytes each. */

interface Hosting {
  readonly hosted: HostedEventStore;
  readonly store: EventStore;
  readonly clock: VirtualClock;
  /** What was announced since the last look: kind, segment, and milliseconds since the start. */
  readonly news: () => (readonly [kind: string, segment: number, elapsedMs: number])[];
  readonly append: (transactions: number) => void;
}

function host(dataDir = new DataDir(temporaryFolder())): Hosting {
  const clock = new VirtualClock(startMs);
  const events: ClusterEvent[] = [];
  const store = openEventStore(dataDir.root, { dataDir }, startMs);
  const announce = (event: ClusterEvent): void => void events.push(event);
  const hosted = new HostedEventStore(store, { node: 'node-1', context: 'default', clock, announce });
  return {
    hosted,
    store,
    clock,
    news: () =>
      events.splice(0).map((event) => {
        const segment = 'segment' in event ? Number(event.segment) : -1;
        return [event.kind.replace('segment-', ''), segment, event.atMs - startMs] as const;
      }),
    append: (transactions) => {
      for (let count = 0; count < transactions; count++) {
        hosted.append(prepareTransaction(store.nextToken, [domainEvent()]));
      }
    },
  };
}

describe('the segments of a running node', () => {
  test('are full when the next one begins, and closed at the next tick of a second', () => {
    const { clock, news, append, store } = host();
    clock.runUntil(startMs + 2300);
    append(4);
    expect(news()).toEqual([
      ['full', 0, 2300],
      ['created', 3, 2300],
    ]);
    expect(store.lastClosedSegment).toBe(-1n);
    clock.runUntil(startMs + 2999);
    expect(news()).toEqual([]);
    clock.runUntil(startMs + 3000);
    expect(news()).toEqual([['closed', 0, 3000]]);
    expect([store.lastClosedSegment, store.hasFullSegments]).toEqual([0n, false]);
  });

  test('close one a tick, lowest first', () => {
    const { clock, news, append } = host();
    append(13);
    news();
    clock.runUntil(startMs + 10_000);
    expect(news()).toEqual([
      ['closed', 0, 1000],
      ['closed', 3, 2000],
      ['closed', 6, 3000],
      ['closed', 9, 4000],
    ]);
  });

  test('are all closed by a roll, and each is announced', () => {
    const { clock, hosted, news, append } = host();
    append(8);
    news();
    expect(hosted.roll()).toBe(6n);
    const [full, created, ...closed] = news();
    expect([full, created]).toEqual([
      ['full', 6, 0],
      ['created', 8, 0],
    ]);
    expect(closed).toEqual([
      ['closed', 0, 0],
      ['closed', 3, 0],
      ['closed', 6, 0],
    ]);
    expect(hosted.roll()).toBeNull();
    clock.runUntil(startMs + 5000);
    expect(news()).toEqual([]);
  });

  test('that are full are closed by a clean stop, and left as they are by a crash', () => {
    const stopped = host();
    stopped.append(8);
    stopped.news();
    stopped.hosted.close();
    expect(stopped.news().map(([kind, segment]) => [kind, segment])).toEqual([
      ['closed', 0],
      ['closed', 3],
    ]);

    const crashed = host();
    crashed.append(8);
    crashed.news();
    crashed.hosted.crash();
    crashed.clock.runUntil(startMs + 5000);
    expect(crashed.news()).toEqual([]);
    expect(fs.readdirSync(crashed.store.folder).filter((name) => !name.endsWith('.events'))).toEqual([]);
  });

  test('stay full where the disk refuses the index, and are closed at a later tick', () => {
    const dataDir = new RefusingDataDir(temporaryFolder());
    const { clock, news, append } = host(dataDir);
    append(4);
    news();
    dataDir.refuse('write');
    expect(() => clock.runUntil(startMs + 1000)).toThrow('The disk refuses');
    clock.runUntil(startMs + 2000);
    expect(news()).toEqual([['closed', 0, 2000]]);
  });

  test('carry virtual times as modification times', () => {
    const { clock, hosted, store, append } = host();
    clock.runUntil(startMs + 1500);
    append(4);
    clock.runUntil(startMs + 7200);
    append(1);
    hosted.close();
    const times = fs
      .readdirSync(store.folder)
      .map((name) => [name.slice(19), fs.statSync(`${store.folder}/${name}`).mtimeMs - startMs]);
    expect(Object.fromEntries(times)).toEqual({ '0.events': 1500, '0.index': 2000, '0.bloom': 2000, '3.events': 7200 });
  });
});

describe('reading a store again', () => {
  test('gives one stored transaction after the other, or any other, and null behind the last', () => {
    const { hosted, append } = host();
    append(8);
    const tokens = [0n, 1n, 2n, 3n, 7n, 2n, 3n, 8n, 0n].map((token) => hosted.transactionAt(token)?.firstToken ?? null);
    expect(tokens).toEqual([0n, 1n, 2n, 3n, 7n, 2n, 3n, null, 0n]);
  });

  test('sees what was appended in between', () => {
    const { hosted, append } = host();
    append(2);
    expect(hosted.transactionAt(1n)?.firstToken).toBe(1n);
    append(1);
    expect(hosted.transactionAt(2n)?.firstToken).toBe(2n);
    expect(hosted.transactionAt(3n)).toBeNull();
    append(1);
    expect(hosted.transactionAt(3n)?.firstToken).toBe(3n);
  });
});
