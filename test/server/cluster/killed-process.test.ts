import { expect, test } from 'vitest';
import { decodeEventSegment } from '../../../server/formats/event-segment.ts';
import { decodeEventMessage } from '../../../server/formats/event-message.ts';
import { RandomStream } from '../../../server/time-and-chance/random.ts';
import { disagreements, ledgerOf, logDisagreements, transactionsIn } from '../../support/cluster-files.ts';
import {
  append,
  eventsOfKind,
  HOUR_MS,
  letSettle,
  memberOf,
  MINUTE_MS,
  openCluster,
  startMs,
  type RunningCluster,
  type TestClusterOptions,
} from '../../support/clusters.ts';
import { runKilled } from '../../support/killed-process.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

/*
 * The process is killed at a change of the disk, any one, in the middle of whatever the cluster does. Files are written
 * in batches, so what lies in the folder then is no state that the cluster was ever in.
 */

interface Situation {
  readonly title: string;
  readonly options: TestClusterOptions;
  readonly prepare?: (running: RunningCluster) => void;
  /** What is broken off. */
  readonly run: (running: RunningCluster) => void;
  /** Changes of the disk that it makes, about. */
  readonly changes: number;
}

const situations: Situation[] = [
  {
    title: 'a busy minute',
    options: { rate: 20, segmentSizeBytes: 16 * 1024 },
    run: ({ advance }) => advance(MINUTE_MS),
    changes: 1200,
  },
  {
    title: 'a night in which the logs are cleaned',
    options: { rate: 0.05 },
    run: ({ advance }) => advance(6 * HOUR_MS),
    changes: 2500,
  },
  {
    title: 'a node that gets a snapshot',
    options: { rate: 1 },
    prepare: (running) => {
      running.cluster.stopNode('node-3');
      append(running, 60);
      for (const node of ['node-1', 'node-2']) {
        for (const group of ['default', '_admin']) running.cluster.node(node).cleanLog(group, 0);
      }
    },
    run: ({ cluster, advance }) => {
      cluster.startNode('node-3');
      advance(2 * MINUTE_MS);
    },
    changes: 200,
  },
  {
    title: 'a night in which logs with index files are cleaned',
    options: { rate: 0.05, hasLogIndexFiles: true },
    run: ({ advance }) => advance(6 * HOUR_MS),
    changes: 3000,
  },
  {
    title: 'a node that stops, and one that starts',
    options: { rate: 5 },
    prepare: ({ cluster, advance }) => {
      cluster.crashNode('node-1');
      advance(MINUTE_MS);
    },
    run: ({ cluster, advance }) => {
      cluster.startNode('node-1');
      advance(500);
      cluster.stopNode('node-2');
      cluster.settle();
      advance(10_000);
    },
    changes: 120,
  },
];

/** What a new process finds, two minutes on. */
function restart(folder: string, options: TestClusterOptions, atMs: number): RunningCluster {
  const running = openCluster({ ...options, rate: 1, folder, startMs: atMs });
  running.advance(2 * MINUTE_MS);
  letSettle(running);
  return running;
}

function checkHealth(running: RunningCluster, acknowledged: ReturnType<typeof ledgerOf>): void {
  const { cluster, folder } = running;
  // A log may be lost, where the process was killed while it made way for a snapshot; the next snapshot mends that.
  expect(eventsOfKind(running, 'apply-failed')).toEqual([]);
  expect(eventsOfKind(running, 'group-failed')).toEqual([]);
  expect(logDisagreements(cluster, folder)).toEqual([]);
  expect(disagreements(cluster, folder, acknowledged)).toEqual([]);
  expect(repeatedEvents(folder)).toEqual([]);
}

/** Events whose aggregate has had an event of that number before: no real client writes such a one. */
function repeatedEvents(folder: string): string[] {
  const seen = new Set<string>();
  const repeated: string[] = [];
  for (const [token, bytes] of transactionsIn(folder, 'node-1', 'default', 'EVENT')) {
    const segment = Buffer.concat([Buffer.alloc(5), bytes, Buffer.alloc(4)]);
    for (const event of decodeEventSegment(segment, token).transactions.flatMap(({ events }) => events)) {
      const { aggregateIdentifier, aggregateSequenceNumber } = decodeEventMessage(event);
      const key = `${aggregateIdentifier}/${aggregateSequenceNumber}`;
      if (seen.has(key)) repeated.push(`${token}: ${key}`);
      seen.add(key);
    }
  }
  return repeated;
}

test.each(situations)('killed in $title, the cluster goes on with all that was acknowledged', (situation) => {
  const newFolder = temporaryFolders();
  const random = new RandomStream(1, situation.title);
  let kills = 0;
  for (let round = 0; round < 10; round++) {
    const folder = newFolder();
    const running = openCluster({ ...situation.options, folder });
    running.advance(20_000);
    situation.prepare?.(running);
    const acknowledged = ledgerOf(running.cluster);
    const { nowMs } = running.cluster.clock;
    const moment = random.integer(0, 1) === 0 ? 'before' : 'half-way';
    const nth = random.integer(1, situation.changes);
    if (runKilled(nth, moment, () => situation.run(running))) kills++;
    else running.cluster.close();

    const again = restart(folder, situation.options, nowMs);
    try {
      checkHealth(again, acknowledged);
    } catch (error) {
      throw new Error(`killed ${moment} change ${nth}`, { cause: error });
    } finally {
      again.cluster.close();
    }
  }
  expect(kills).toBeGreaterThan(4);
});

test('killed again and again before it notes how far time has come, it never writes an event twice', () => {
  const newFolder = temporaryFolders();
  const folder = newFolder();
  const random = new RandomStream(1, 'kills');
  const options = { rate: 20, segmentSizeBytes: 4 * 1024 };
  for (let round = 0; round < 8; round++) {
    // The clock begins at the same instant each time, which is what a killed process leaves that never settled.
    runKilled(random.integer(100, 600), 'before', () => {
      const running = openCluster({ ...options, folder, startMs });
      running.cluster.clock.runUntil(startMs + MINUTE_MS);
    });
  }
  const running = restart(folder, options, startMs);
  try {
    checkHealth(running, new Map());
    expect(memberOf(running, 'node-1').log.lastIndex).toBeGreaterThan(100);
  } finally {
    running.cluster.close();
  }
});
