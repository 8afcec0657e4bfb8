import { advance, append, appendSnapshots, everyBackup, hazards, run, type Scenario, still } from '../parts.ts';

export const severalContexts: Scenario = {
  id: 'coverage/several-contexts',
  title: 'contexts that differ in what they have closed',
  story:
    'Two contexts grow at their own pace, one of them with snapshots only now and then, so their segment numbers differ. A cursor that is shared, or a parameter of the wrong name, leaves segments of one of them out.',
  cluster: { ...still, contexts: ['default', 'orders'] },
  steps: [
    append(60),
    append(25, { context: 'orders' }),
    appendSnapshots(30),
    appendSnapshots(70, { context: 'orders' }),
    advance('30s'),
    run,
    append(20),
    append(70, { context: 'orders' }),
    appendSnapshots(60),
    appendSnapshots(30, { context: 'orders' }),
    advance('3h'),
    run,
  ],
  hazards: [hazards.manyContexts],
  rules: [
    ...everyBackup,
    'coverage/snapshots',
    'cursor/per-context-and-type',
    'cursor/never-skips',
    'cursor/from-closed-segment',
  ],
};
