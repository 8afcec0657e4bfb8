import { everyBackup } from '../every-backup.ts';
import { hazards } from '../hazards.ts';
import { needs } from '../needs.ts';
import type { Scenario } from '../scenario.ts';

export const logIndexFiles: Scenario = {
  id: 'log/index-files',
  title: 'closed log segments have index files',
  story:
    'Releases before 4.5.17 keep an index beside each closed log segment, and list both. A tool that takes .log for the only suffix of a log leaves them out, and a restored server reads those segments once more.',
  cluster: { rate: 0, logSegmentSizeBytes: 8 * 1024 },
  needs: [needs.log, needs.logIndexFiles],
  steps: [
    { kind: 'append', transactions: 100 },
    // A follower closes one segment a second.
    { kind: 'advance', by: '1m' },
    { kind: 'run' },
    { kind: 'append', transactions: 100 },
    { kind: 'advance', by: '1m' },
    { kind: 'run' },
  ],
  hazards: [hazards.logIndexFiles],
  rules: [...everyBackup, 'coverage/index-files'],
};
