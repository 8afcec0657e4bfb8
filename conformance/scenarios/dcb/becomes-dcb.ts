import { advance, append, appendSnapshots, everyBackup, hazards, needs, run, type Scenario } from '../parts.ts';

export const becomesDcb: Scenario = {
  id: 'dcb/becomes-dcb',
  title: 'a plain context gets a dynamic consistency boundary between two runs',
  story:
    'After the first run the context billing is migrated: what was pulled until then is now written by the server. Who goes on as before, with the contexts of yesterday, is refused, or leaves billing out.',
  cluster: {
    nodes: 1,
    rate: 0,
    groups: [
      { name: 'default', contexts: ['default'] },
      { name: 'billing', contexts: ['billing'] },
    ],
    segmentSizeBytes: 8 * 1024,
    logSegmentSizeBytes: 8 * 1024,
  },
  pace: { requestMs: 500 },
  needs: [needs.dcb, needs.dcbMigration],
  steps: [
    append(30),
    append(60, { context: 'billing' }),
    appendSnapshots(10, { context: 'billing' }),
    advance('1m'),
    run,
    { kind: 'migrate-to-dcb', context: 'billing' },
    append(20, { context: 'billing' }),
    append(20),
    advance('3h'),
    run,
  ],
  hazards: [hazards.dcbContext, hazards.becomesDcb],
  rules: [...everyBackup, 'dcb/pushed', 'dcb/waits-for-finished', 'dcb/location-not-live'],
};
