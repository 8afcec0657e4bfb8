import { advance, append, appendSnapshots, everyBackup, hazards, run, type Scenario, still } from '../parts.ts';

export const similarNames: Scenario = {
  id: 'coverage/similar-names',
  title: 'contexts whose names differ in a hyphen and a low line',
  story:
    'There are contexts "my-orders" and "my_orders". A client that replaces what is not to be in the name of a folder, or of a variable, has one place for both, where the files of one lie over those of the other.',
  cluster: { ...still, nodes: 1, contexts: ['my-orders', 'my_orders'] },
  steps: [
    append(60, { context: 'my-orders' }),
    append(30, { context: 'my_orders' }),
    appendSnapshots(10, { context: 'my_orders' }),
    advance('30s'),
    run,
    append(20, { context: 'my-orders' }),
    append(40, { context: 'my_orders' }),
    advance('30s'),
    run,
  ],
  hazards: [hazards.similarNames],
  rules: [...everyBackup, 'cursor/never-skips', 'cursor/per-context-and-type'],
};
