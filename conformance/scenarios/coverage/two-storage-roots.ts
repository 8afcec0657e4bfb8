import { everyBackup } from '../every-backup.ts';
import { hazards } from '../hazards.ts';
import type { Scenario } from '../scenario.ts';

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
  steps: [...grows(), { kind: 'run' }, ...grows(), { kind: 'run' }],
  hazards: [hazards.twoStorageRoots],
  rules: [...everyBackup, 'coverage/snapshots', 'cursor/never-skips'],
};

function grows(): Scenario['steps'] {
  return [
    { kind: 'append', transactions: 40 },
    { kind: 'append', transactions: 40, type: 'SNAPSHOT' },
    { kind: 'roll', type: 'SNAPSHOT' },
    { kind: 'append', transactions: 5, type: 'SNAPSHOT' },
    { kind: 'advance', by: '30s' },
  ];
}
