import { advance, append, appendSnapshots, everyBackup, hazards, run, type Scenario } from '../parts.ts';

export const twoStorageRoots: Scenario = {
  id: 'coverage/two-storage-roots',
  title: 'snapshots under a root of their own, on nodes with blanks in their names',
  story:
    'event.storage and snapshot.storage are two folders, and the nodes are called "Axon Server 1" and "Knoten Süd". Whoever looks for snapshots where the events lie finds none, and takes that for nothing to copy; whoever does not quote a path copies half of its name.',
  cluster: {
    nodes: ['Axon Server 1', 'Knoten Süd'],
    snapshotStorage: 'snapshots',
    rate: 0,
    segmentSizeBytes: 8 * 1024,
    logSegmentSizeBytes: 8 * 1024,
  },
  steps: [...grows(), run, ...grows(), run],
  hazards: [hazards.twoStorageRoots],
  rules: [...everyBackup, 'coverage/snapshots', 'cursor/never-skips'],
};

function grows(): Scenario['steps'] {
  return [append(40), appendSnapshots(40), { kind: 'roll', type: 'SNAPSHOT' }, appendSnapshots(5), advance('30s')];
}
