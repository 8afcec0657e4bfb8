import { advance, append, appendSnapshots, everyBackup, hazards, run, type Scenario, still } from '../parts.ts';

export const similarNames: Scenario = {
  id: 'coverage/similar-names',
  title: 'contexts whose names differ in a hyphen and a low line, or are part of another',
  story:
    'There are contexts "my-orders" and "my_orders". A client that replaces what is not to be in the name of a folder, or of a variable, has one place for both, where the files of one lie over those of the other. Beside them are "orders", "orders-archive" and "returned-orders": who looks for a name in a list of cursors or folders, and takes what has it at the beginning, or anywhere, comes upon those of another context.',
  cluster: {
    ...still,
    nodes: 1,
    contexts: ['my-orders', 'my_orders', 'orders', 'orders-archive', 'returned-orders'],
  },
  steps: [
    append(60, { context: 'my-orders' }),
    append(30, { context: 'my_orders' }),
    append(45, { context: 'orders' }),
    append(90, { context: 'orders-archive' }),
    append(200, { context: 'returned-orders' }),
    appendSnapshots(10, { context: 'my_orders' }),
    appendSnapshots(20, { context: 'orders' }),
    appendSnapshots(60, { context: 'returned-orders' }),
    advance('30s'),
    run,
    append(20, { context: 'my-orders' }),
    append(40, { context: 'my_orders' }),
    append(60, { context: 'orders' }),
    append(30, { context: 'orders-archive' }),
    advance('30s'),
    run,
  ],
  hazards: [hazards.similarNames, hazards.nameInAnother],
  rules: [...everyBackup, 'cursor/never-skips', 'cursor/per-context-and-type'],
};
