import { AxonError } from '../errors.ts';
import { folderNameFault, nodeNamesOf } from '../cluster/terms/topology.ts';

/** A cluster has so many nodes at most; fifty take a third more memory than three. */
export const MOST_NODES = 64;

/** Beside the folders of the nodes lies the simulator's own. */
const OWN_FOLDER = 'simulator';

/** The nodes of a cluster: how many, which are then called node-1 and so on, or their names. */
export type NodesOption = number | readonly string[];

/** Names of the nodes, in order. Fails with `bad-option` on a number that is none, and on names that cannot be those of nodes. */
export function resolveNodeNames(nodes: NodesOption): readonly string[] {
  const fault = nodesFault(nodes);
  if (fault !== null) throw new AxonError('bad-option', fault);
  return typeof nodes === 'number' ? nodeNamesOf(nodes) : nodes;
}

/** What is wrong with the nodes, in one line, or null. */
export function nodesFault(nodes: NodesOption): string | null {
  const count = typeof nodes === 'number' ? nodes : nodes.length;
  if (!Number.isSafeInteger(count) || count < 1 || count > MOST_NODES) {
    return `nodes ${count}: a whole number from 1 to ${MOST_NODES} is wanted`;
  }
  if (typeof nodes === 'number') return null;
  const folders = new Set([OWN_FOLDER]);
  for (const name of nodes) {
    const fault = folderNameFault(name, 'node');
    if (fault !== null) return fault;
    // A disk may take these for the same.
    const folder = name.normalize('NFC').toLowerCase();
    if (folders.has(folder)) {
      return folder === OWN_FOLDER
        ? `a node cannot be called ${OWN_FOLDER}: the folder of that name is the simulator's own`
        : `node "${name}" is named twice, or its folder could not be told from that of another`;
    }
    folders.add(folder);
  }
  return null;
}
