import path from 'node:path';
import fastify from 'fastify';
import { startSimulator, type Simulator } from '../../server/index.ts';
import { encodeEventMessage } from '../../server/formats/event-message.ts';
import { DataDir } from '../../server/stores/data-dir.ts';
import { EventStore } from '../../server/stores/event-store.ts';
import { prepareTransaction } from '../../server/stores/transaction.ts';
import type { BenchPlace } from './bench.ts';
import { createFigure, type Figure } from './figure.ts';
import { inTurn, timeRequest } from './measure.ts';

const SMALL = 1_000;
const LARGE = 100_000;
const STEP_BELOW_END = 5;

/** The cost of listing what is new, in an old store and in a young one; and of a full listing, beside a bare route. */
export async function measureListings({ runs, folder, say }: BenchPlace): Promise<readonly Figure[]> {
  say(`writing ${SMALL} and ${LARGE} closed segments`);
  const small = await simulatorWith(SMALL, path.join(folder, 'small'));
  const large = await simulatorWith(LARGE, path.join(folder, 'large'));
  try {
    return [await newSegments(small, large, runs), ...(await fullListing(large, runs))];
  } finally {
    await small.close();
    await large.close();
  }
}

async function newSegments(small: Simulator, large: Simulator, runs: number): Promise<Figure> {
  const nearEnd = (simulator: Simulator, segments: number): string =>
    `${urlOf(simulator)}/v1/backup/filenames?type=EVENT&lastSegmentBackedUp=${segments - 1 - STEP_BELOW_END}`;
  const [largeMs, smallMs] = await inTurn(
    [() => timeRequest(nearEnd(large, LARGE)), () => timeRequest(nearEnd(small, SMALL))],
    { runs, timesPerRun: 300 },
  );
  return createFigure({
    what: `${STEP_BELOW_END} new segments of 100,000`,
    unit: 'ms',
    measured: { name: 'an old store', values: largeMs },
    baseline: { name: '5 new ones of 1,000', values: smallMs },
    promised: { of: 'ratio', bound: 'at most', limit: 1.3 },
    notes: ['of each run the median of 300 requests'],
  });
}

async function fullListing(large: Simulator, runs: number): Promise<Figure[]> {
  const fullUrl = `${urlOf(large)}/v1/backup/filenames?type=EVENT`;
  const names = (await (await fetch(fullUrl)).json()) as string[];
  const bare = fastify();
  bare.get('/names', () => names);
  const bareUrl = `${await bare.listen({ port: 0, host: '127.0.0.1' })}/names`;
  try {
    const [fullMs, bareMs] = await inTurn([() => timeRequest(fullUrl), () => timeRequest(bareUrl)], {
      runs,
      timesPerRun: 3,
    });
    return [
      createFigure({
        what: 'all of 100,000 segments',
        unit: 'ms',
        measured: { name: 'a full listing', values: fullMs },
        baseline: { name: 'a bare route', values: bareMs },
        promised: { of: 'ratio', bound: 'at most', limit: 1.3 },
        notes: [`${names.length.toLocaleString('en')} names`, 'of each run the median of 3 requests'],
      }),
    ];
  } finally {
    await bare.close();
  }
}

/** A node whose store has so many closed segments of one event each, written as the store writes them. */
async function simulatorWith(segments: number, folder: string): Promise<Simulator> {
  const dataDir = new DataDir(folder);
  const store = EventStore.open(
    {
      dataDir,
      folder: dataDir.folder('node-1', 'events', 'default'),
      type: 'EVENT',
      segmentSizeBytes: 64,
      overflow: 'exact-fit',
      closesIndexedHighest: true,
      hasVersions: false,
      validatedSegments: 2,
    },
    Date.UTC(2023, 11, 31),
  );
  for (let token = 0; token <= segments; token++) {
    const event = encodeEventMessage({
      messageIdentifier: `m-${token}`,
      aggregateIdentifier: `a-${token}`,
      aggregateSequenceNumber: 0n,
      aggregateType: 'T',
      timestampMs: 1n,
      payload: null,
      metaData: [],
      snapshot: false,
    });
    store.append(prepareTransaction(BigInt(token), [event]), Date.UTC(2023, 11, 31));
    store.closeNext(Date.UTC(2023, 11, 31));
  }
  store.close(Date.UTC(2023, 11, 31));
  return startSimulator({ dataDir: folder, nodes: 1, port: 0, speed: 0, rate: 0 });
}

function urlOf(simulator: Simulator): string {
  return simulator.nodes[0]?.url ?? '';
}
