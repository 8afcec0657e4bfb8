import { performance } from 'node:perf_hooks';
import { startSimulator } from '../../server/index.ts';
import { report } from './measure.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const MOST_SECONDS = 60;

/** A virtual day of three nodes at ten transactions a second with 200 bytes of payload each. */
export async function benchDay(): Promise<void> {
  const simulator = await startSimulator({
    port: 0,
    speed: 0,
    rate: 10,
    payloadBytes: 200,
    maxDiskBytes: 8 * 1024 ** 3,
  });
  try {
    process.stdout.write('living through 24 virtual hours …\n');
    const startMs = performance.now();
    await simulator.clock.advance(DAY_MS);
    const seconds = (performance.now() - startMs) / 1000;
    const transactions = simulator.ledger.of('default', 'EVENT').length;
    const figure = `${seconds.toFixed(1)} s for ${transactions} transactions on 3 nodes, ${(DAY_MS / 1000 / seconds).toFixed(0)} virtual seconds a second`;
    report('24 virtual hours', figure, `under ${MOST_SECONDS} s on 2 cores`, seconds < MOST_SECONDS);
  } finally {
    await simulator.close();
  }
}
