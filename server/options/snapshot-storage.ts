/** Where event stores lie below the data folder of a node; snapshots, too, unless told otherwise. */
export const EVENT_STORAGE = 'events';

/** Folders of a node that hold something else. */
const taken: ReadonlySet<string> = new Set(['log', 'controldb', 'controldb-backup', 'security', 'axoniq.pid']);

/**
 * What is wrong with the name of the folder in which a node keeps its snapshots, in one line, or null. As with the server's
 * settings `event.storage` and `snapshot.storage`, the two may be one.
 */
export function snapshotStorageFault(name: string): string | null {
  const wanted = 'the name of a folder is wanted, as in snapshots';
  if (!/^[\dA-Za-z][\w. -]*$/.test(name) || name.length > 100 || /[. ]$/.test(name)) {
    return `snapshot storage ${JSON.stringify(name.slice(0, 100))}: ${wanted}, in letters and digits`;
  }
  return taken.has(name.toLowerCase()) ? `snapshot storage "${name}": the node keeps something else there` : null;
}
