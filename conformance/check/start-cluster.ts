import { startSimulator, type Observer, type Simulator } from '../../server/index.ts';
import type { ScenarioRunOptions } from './scenario-run-options.ts';

/** Where the files of a cluster are, and where else its nodes may write. */
export interface ClusterPlaces {
  readonly clusterDir: string;
  /** Folders of the client: backups that a server writes itself go below these, and nowhere else. */
  readonly clientFolders: readonly string[];
}

/** Starts the cluster of a scenario. Time stands still but for what the client does. */
export function startCluster(
  { scenario, seed, serverVersion, edition }: ScenarioRunOptions,
  { clusterDir, clientFolders }: ClusterPlaces,
  observer: Observer,
): Promise<Simulator> {
  const whose = { seed, serverVersion, edition };
  const places = { dataDir: clusterDir, dcbBackupFolders: clientFolders };
  return startSimulator({ port: 0, speed: 0, ...whose, rate: 1, ...scenario.cluster, ...places }, observer);
}
