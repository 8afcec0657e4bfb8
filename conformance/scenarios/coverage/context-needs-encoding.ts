import { advance, append, appendSnapshots, everyBackup, hazards, run, type Scenario, still } from '../parts.ts';

export const contextNeedsEncoding: Scenario = {
  id: 'coverage/context-needs-encoding',
  title: 'a context whose name means something in a URL',
  story:
    'The context is called "order management & co". Unencoded, its name breaks off at the ampersand, and the server answers 200 with an empty list.',
  cluster: { ...still, contexts: ['default', 'order management & co'] },
  steps: [
    append(30),
    append(40, { context: 'order management & co' }),
    appendSnapshots(20, { context: 'order management & co' }),
    advance('30s'),
    run,
  ],
  hazards: [hazards.urlEncoding],
  rules: [...everyBackup, 'cursor/never-skips'],
};
