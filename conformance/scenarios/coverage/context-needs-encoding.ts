import { everyBackup } from '../every-backup.ts';
import { hazards } from '../hazards.ts';
import type { Scenario } from '../scenario.ts';

export const contextNeedsEncoding: Scenario = {
  id: 'coverage/context-needs-encoding',
  title: 'a context whose name means something in a URL',
  story:
    'The context is called "order management & co". Unencoded, its name breaks off at the ampersand, and the server answers 200 with an empty list.',
  cluster: {
    rate: 0,
    contexts: ['default', 'order management & co'],
    segmentSizeBytes: 8 * 1024,
    logSegmentSizeBytes: 8 * 1024,
  },
  steps: [
    { kind: 'append', transactions: 30 },
    { kind: 'append', context: 'order management & co', transactions: 40 },
    { kind: 'append', context: 'order management & co', transactions: 20, type: 'SNAPSHOT' },
    { kind: 'advance', by: '30s' },
    { kind: 'run' },
  ],
  hazards: [hazards.urlEncoding],
  rules: [...everyBackup, 'cursor/never-skips'],
};
