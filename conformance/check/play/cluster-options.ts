import type { SimulatorOptions } from '../../../server/index.ts';
import type { Host } from './host.ts';
import type { ScenarioRunOptions } from './scenario-run-options.ts';

type OfCluster = Pick<ScenarioRunOptions, 'scenario' | 'seed' | 'serverVersion' | 'edition' | 'serverRoot'>;

/** What a scenario's cluster is started with: time stands still until the client does something. */
export function clusterOptionsOf(options: OfCluster, clusterDir: string, { address }: Host): SimulatorOptions {
  const { scenario, seed, serverVersion, edition } = options;
  const serverRoot = serverRootOf(options);
  return {
    port: 0,
    host: address,
    speed: 0,
    seed,
    serverVersion,
    edition,
    rate: 1,
    ...scenario.cluster,
    ...(serverRoot === null ? {} : { serverRoot, mountsApart: true }),
    dataDir: clusterDir,
  };
}

/** As which folder the server names its data folder: what a scenario says of its own cluster goes before what holds for all. */
export function serverRootOf({ scenario, serverRoot }: Pick<OfCluster, 'scenario' | 'serverRoot'>): string | null {
  return scenario.cluster.serverRoot ?? serverRoot ?? null;
}
