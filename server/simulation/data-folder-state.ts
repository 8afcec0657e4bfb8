import { removeTransformations } from '../cluster/member/transformation-notes.ts';
import { groupPerContext, nodeNamesOf } from '../cluster/terms/topology.ts';
import type { DataFolderShape, ResolvedOptions } from '../config.ts';
import { AxonError } from '../errors.ts';
import type { DataDir } from '../stores/data-dir.ts';

/** What is written into a data folder that is to be gone on with. */
export interface DataFolderState extends DataFolderShape {
  readonly formatVersion: 1;
  readonly seed: number;
  readonly nowMs: number;
}

/** Notes how far time has come, in one piece. */
export function writeDataFolderState(
  dataDir: DataDir,
  { dcbContexts = [], seed, nowMs, ...options }: ResolvedOptions & { readonly nowMs: number },
): void {
  const dcb = dcbContexts.length === 0 ? {} : { dcbContexts };
  const { nodes, nodeNames, snapshotStorage, contexts, groups } = options;
  const indexFormats = Object.fromEntries(options.indexFormats);
  const cluster: DataFolderShape = { nodes, nodeNames, snapshotStorage, contexts, groups, indexFormats, ...dcb };
  const folder = dataDir.folder('simulator');
  const text = `${JSON.stringify({ formatVersion: 1, ...cluster, seed, nowMs })}\n`;
  dataDir.write(`${folder}/cluster.json`, Buffer.from(text), nowMs);
}

/** Forgets what the simulator has noted; the lock stays, since the folder stays in use. */
export function removeDataFolderState(dataDir: DataDir, nodes: readonly string[]): void {
  dataDir.remove(`${dataDir.root}/simulator/cluster.json`);
  removeTransformations(dataDir);
  for (const node of nodes) dataDir.removeFolder(`${dataDir.root}/simulator/${node}`);
}

/** What a data folder says of the cluster that it holds, or null where it says nothing. */
export function readDataFolderState(dataDir: DataDir): DataFolderState | null {
  const file = `${dataDir.root}/simulator/cluster.json`;
  if (!dataDir.exists(file)) return null;
  try {
    const state = JSON.parse(dataDir.read(file).toString('utf8')) as Partial<DataFolderState>;
    const {
      formatVersion,
      nodes,
      contexts,
      groups,
      dcbContexts,
      seed,
      nowMs,
      indexFormats = {},
      nodeNames,
      snapshotStorage,
    } = state;
    if (
      formatVersion === 1 &&
      nodes !== undefined &&
      contexts !== undefined &&
      seed !== undefined &&
      nowMs !== undefined
    ) {
      // Folders from before there were groups of other names do not say which there are.
      const known = groups ?? groupPerContext(nodeNamesOf(nodes), contexts);
      return {
        formatVersion,
        nodes,
        nodeNames: nodeNames ?? nodeNamesOf(nodes),
        ...(snapshotStorage === undefined ? {} : { snapshotStorage }),
        contexts,
        groups: known,
        ...(dcbContexts === undefined ? {} : { dcbContexts }),
        seed,
        nowMs,
        indexFormats,
      };
    }
  } catch {
    // Falls through to the one message that helps.
  }
  throw new AxonError(
    'data-folder-unusable',
    `${file} is not what the simulator writes: remove it to start without it`,
  );
}
