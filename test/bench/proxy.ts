import { openTarget } from '../../conformance/watch/target.ts';
import { startProxy } from '../../conformance/watch/proxy.ts';
import { startSimulator } from '../../server/index.ts';
import type { BenchPlace } from './bench.ts';
import { createFigure, type Figure } from './figure.ts';
import { inTurn, timeRequest } from './measure.ts';

/** A request through the proxy of watch, beside one without it. */
export async function measureProxy({ runs }: BenchPlace): Promise<readonly Figure[]> {
  const simulator = await startSimulator({ nodes: 1, port: 0, speed: 0, rate: 0 });
  const url = simulator.nodes[0]?.url ?? '';
  const target = openTarget(url, null);
  const started = await startProxy(target, {
    arrived: () => undefined,
    keepsBody: () => true,
    answered: () => undefined,
  });
  const listing = '/v1/backup/filenames?type=EVENT';
  try {
    const [passedMs, directMs] = await inTurn(
      [() => timeRequest(`${started.url}${listing}`), () => timeRequest(`${url}${listing}`)],
      { runs, timesPerRun: 200 },
    );
    return [
      createFigure({
        what: 'a request that is watched',
        unit: 'ms',
        measured: { name: 'through the proxy', values: passedMs },
        baseline: { name: 'without it', values: directMs },
        promised: { of: 'value', bound: 'at most', limit: 5 },
        notes: ['of each run the median of 200 requests'],
      }),
    ];
  } finally {
    await started.close();
    await target.dispatcher.destroy();
    await simulator.close();
  }
}
