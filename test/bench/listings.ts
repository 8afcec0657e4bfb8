import path from 'node:path';
import fastify from 'fastify';
import { startSimulator, type Simulator } from '../../server/index.ts';
import { encodeEventMessage } from '../../server/formats/event-message.ts';
import { DataDir } from '../../server/stores/data-dir.ts';
import { EventStore } from '../../server/stores/event-store.ts';
import { prepareTransaction } from '../../server/stores/transaction.ts';
import { report, timeInTurn, timeRequest } from './measure.ts';

const SMALL = 1_000;
const LARGE = 100_000;
const STEP_BELOW_END = 5;

/** The cost of listing what is new, in a young store and in an old one; and of a full listing against a bare route. */
export async function benchListings(folder: string): Promise<void> {
  const small = await simulatorWith(SMALL, path.join(folder, 'small'));
  const large = await simulatorWith(LARGE, path.join(folder, 'large'));
  try {
    await benchNewSegments(small, large);
    await benchFullListing(large);
  } finally {
    await small.close();
    await large.close();
  }
}

async function benchNewSegments(small: Simulator, large: Simulator): Promise<void> {
  const nearEnd = (simulator: Simulator, segments: number): string =>
    `${urlOf(simulator)}/v1/backup/filenames?type=EVENT&lastSegmentBackedUp=${segments - 1 - STEP_BELOW_END}`;
  const smallUrl = nearEnd(small, SMALL);
  const largeUrl = nearEnd(large, LARGE);
  const [smallMs, largeMs] = await timeInTurn(
    () => timeRequest(smallUrl),
    () => timeRequest(largeUrl),
    2000,
  );
  const ratio = largeMs / smallMs;
  const figure = `${largeMs.toFixed(3)} ms at ${LARGE} closed segments, ${smallMs.toFixed(3)} ms at ${SMALL}, ratio ${ratio.toFixed(2)}`;
  report(`${STEP_BELOW_END} new segments listed`, figure, 'ratio 1.3 at most', ratio <= 1.3);
}

async function benchFullListing(large: Simulator): Promise<void> {
  const fullUrl = `${urlOf(large)}/v1/backup/filenames?type=EVENT`;
  const names = (await (await fetch(fullUrl)).json()) as string[];
  const bare = fastify();
  bare.get('/names', () => names);
  const bareUrl = `${await bare.listen({ port: 0, host: '127.0.0.1' })}/names`;
  try {
    const [bareMs, fullMs] = await timeInTurn(
      () => timeRequest(bareUrl),
      () => timeRequest(fullUrl),
      15,
    );
    const ratio = fullMs / bareMs;
    const figure = `${fullMs.toFixed(0)} ms for ${names.length} names, a bare route ${bareMs.toFixed(0)} ms, ratio ${ratio.toFixed(2)}`;
    report(`full listing of ${LARGE} segments`, figure, 'ratio 2 at most', ratio <= 2);
  } finally {
    await bare.close();
  }
}

/** A node whose store has so many closed segments of one event each, written as the store writes them. */
async function simulatorWith(segments: number, folder: string): Promise<Simulator> {
  process.stdout.write(`writing ${segments} closed segments …\n`);
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
