import { openTarget } from '../../conformance/watch/target.ts';
import { startProxy } from '../../conformance/watch/proxy.ts';
import { startSimulator } from '../../server/index.ts';
import { report, timeInTurn, timeRequest } from './measure.ts';

/** What it costs a request to be looked at on its way. */
export async function benchProxy(): Promise<void> {
  const simulator = await startSimulator({ nodes: 1, port: 0, speed: 0, rate: 0 });
  const url = simulator.nodes[0]?.url ?? '';
  const target = openTarget(url, null);
  const proxy = await startProxy(target, {
    arrived: () => undefined,
    keepsBody: () => true,
    answered: () => undefined,
  });
  const listing = '/v1/backup/filenames?type=EVENT';
  try {
    const [directMs, passedMs] = await timeInTurn(
      () => timeRequest(`${url}${listing}`),
      () => timeRequest(`${proxy.url}${listing}`),
      1000,
    );
    const figure = `${passedMs.toFixed(2)} ms through the proxy of watch, ${directMs.toFixed(2)} ms without, ratio ${(passedMs / directMs).toFixed(1)}`;
    report('a request that is watched', figure, '5 ms at most', passedMs <= 5);
  } finally {
    await proxy.close();
    await target.dispatcher.destroy();
    await simulator.close();
  }
}
