import { advance, append, everyBackup, hazards, needs, run, type Scenario } from '../parts.ts';

export const logIndexFiles: Scenario = {
  id: 'log/index-files',
  title: 'closed log segments have index files',
  story:
    'Releases before 4.5.17 keep an index beside each closed log segment, and list both. A tool that takes .log for the only suffix of a log leaves them out, and a restored server reads those segments once more.',
  cluster: { rate: 0, logSegmentSizeBytes: 8 * 1024 },
  needs: [needs.log, needs.logIndexFiles],
  steps: [
    append(100),
    // A follower closes one segment a second.
    advance('1m'),
    run,
    append(100),
    advance('1m'),
    run,
  ],
  hazards: [hazards.logIndexFiles],
  rules: [...everyBackup, 'coverage/index-files'],
};
