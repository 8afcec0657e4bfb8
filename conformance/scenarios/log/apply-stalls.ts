import { advance, append, appendSnapshots, everyBackup, growing, hazards, type Scenario } from '../parts.ts';

export const applyStalls: Scenario = {
  id: 'log/apply-stalls',
  title: 'the log is hours ahead of the event store',
  story:
    'A node gets all that its leaders write into its log, and for hours brings none of it into its event store. What was acknowledged meanwhile is in no segment of events, however many are copied: the log alone has it, in files that are hours old.',
  cluster: { ...growing, rate: 0.05 },
  steps: [
    append(60),
    appendSnapshots(20),
    advance('5s'),
    { kind: 'run', node: 'node-2' },
    { kind: 'stall-apply', node: 'node-2', for: '12h' },
    append(200),
    advance('3h'),
    append(20),
    { kind: 'run', node: 'node-2' },
    { kind: 'stall-apply', node: 'node-2', for: '0s' },
    append(20),
    advance('10s'),
    { kind: 'run', node: 'node-2' },
  ],
  hazards: [hazards.logAhead],
  rules: [...everyBackup, 'log/recopied', 'cursor/never-skips'],
};
