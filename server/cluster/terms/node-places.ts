/** Where one node keeps what, below the folder of all nodes: parts of paths. */
export interface NodePlaces {
  readonly data: readonly string[];
  readonly events: readonly string[];
  readonly snapshots: readonly string[];
  readonly log: readonly string[];
  readonly controlDb: readonly string[];
  readonly controlDbBackup: readonly string[];
}

/** All in the node's data folder, under the names that they have there; snapshots with the events unless they have a folder of their own. */
export function placesTogether(node: string, snapshotStorage = 'events'): NodePlaces {
  const at = (name: string): readonly string[] => [node, name];
  return {
    data: [node],
    events: at('events'),
    snapshots: at(snapshotStorage),
    log: at('log'),
    controlDb: at('controldb'),
    controlDbBackup: at('controldb-backup'),
  };
}

/**
 * Each in a place of its own, as volumes are that somebody has mounted one by one: `claim-1/axonserver/events`. No two have a
 * beginning in common that one name of the server's could stand for; and each holds such a name in its midst, where whoever
 * replaces it wherever it stands goes wrong. Snapshots have a root of their own, as `snapshot.storage` gives them one.
 */
export function placesApart(node: string, serverRoot: string): NodePlaces {
  const claim = (number: number, name: string): readonly string[] => [node, `claim-${number}`, `${serverRoot}${name}`];
  return {
    data: [node],
    events: claim(1, '/events'),
    snapshots: claim(2, '/snapshots'),
    log: claim(3, '/log'),
    controlDb: claim(4, '/data'),
    controlDbBackup: claim(5, ''),
  };
}
