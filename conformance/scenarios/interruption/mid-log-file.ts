import { advance, append, appendSnapshots, hazards, logIsCleaned, run, type Scenario } from '../parts.ts';

const KIB = 1024;

export const midLogFile: Scenario = {
  id: 'interruption/mid-log-file',
  title: 'a copy breaks off in a file of the log, and in the zip',
  story:
    'The disk takes no more in the middle of a log file, and once more in the middle of the zip of the control database; the segments of events are small, and fit. A run that goes on has a backup that nothing can be restored from.',
  cluster: { rate: 0, nodes: 1, segmentSizeBytes: 2 * KIB, logSegmentSizeBytes: 256 * KIB },
  steps: [
    append(20),
    appendSnapshots(10),
    advance('2m'),
    run,
    append(20),
    advance('2m'),
    { kind: 'run', fileLimitBytes: 128 * KIB },
    append(20),
    advance('2m'),
    { kind: 'run', fileLimitBytes: 3 * KIB },
    ...logIsCleaned,
    advance('2m'),
    run,
  ],
  hazards: [hazards.copyBreaksOff],
  // Who packs its files may well have room for them, and then fails in no run.
  rules: ['control-db/returned-file', 'log/replaced', 'outcome/exit-status-true', 'outcome/restorable'],
};
