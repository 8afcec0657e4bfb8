import { advance, append, appendSnapshots, everyBackup, hazards, needs, run, type Scenario } from '../parts.ts';

export const snapshotsNamedAsEvents: Scenario = {
  id: 'listing/snapshots-named-as-events',
  title: 'snapshots are listed under the names of events',
  story:
    'A bug of the standard edition 4.2: to type=SNAPSHOT it names the segments of snapshots with the suffixes of events. Some of these files are not there, and some are those of events, so that whoever copies names as they stand has no snapshots and perhaps no error. The snapshots lie beside them, with suffixes of their own.',
  needs: [needs.snapshotsNamedAsEvents],
  cluster: { rate: 0, segmentSizeBytes: 8 * 1024 },
  steps: [...grows(), run, ...grows(), run],
  hazards: [hazards.snapshotsNamedAsEvents],
  rules: [...everyBackup, 'coverage/snapshots'],
};

function grows(): Scenario['steps'] {
  return [append(40), appendSnapshots(25), { kind: 'roll', type: 'SNAPSHOT' }, appendSnapshots(5), advance('30s')];
}
