import { everyBackup } from '../every-backup.ts';
import { hazards } from '../hazards.ts';
import { needs } from '../needs.ts';
import type { Scenario } from '../scenario.ts';

export const snapshotsNamedAsEvents: Scenario = {
  id: 'listing/snapshots-named-as-events',
  title: 'snapshots are listed under the names of events',
  story:
    'A bug of the standard edition 4.2: to type=SNAPSHOT it names the segments of snapshots with the suffixes of events. Some of these files are not there, and some are those of events, so that whoever copies names as they stand has no snapshots and perhaps no error. The snapshots lie beside them, with suffixes of their own.',
  needs: [needs.snapshotsNamedAsEvents],
  cluster: { rate: 0, segmentSizeBytes: 8 * 1024 },
  steps: [...grows(), { kind: 'run' }, ...grows(), { kind: 'run' }],
  hazards: [hazards.snapshotsNamedAsEvents],
  rules: [...everyBackup, 'coverage/snapshots'],
};

function grows(): Scenario['steps'] {
  return [
    { kind: 'append', transactions: 40 },
    { kind: 'append', transactions: 25, type: 'SNAPSHOT' },
    { kind: 'roll', type: 'SNAPSHOT' },
    { kind: 'append', transactions: 5, type: 'SNAPSHOT' },
    { kind: 'advance', by: '30s' },
  ];
}
