import { everyBackup } from '../every-backup.ts';
import { hazards } from '../hazards.ts';
import { needs } from '../needs.ts';
import type { Scenario } from '../scenario.ts';

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
    { kind: 'append', transactions: 30 },
    { kind: 'append', context: 'billing', transactions: 60 },
    { kind: 'append', context: 'billing', transactions: 10, type: 'SNAPSHOT' },
    { kind: 'advance', by: '1m' },
    { kind: 'run' },
    { kind: 'migrate-to-dcb', context: 'billing' },
    { kind: 'append', context: 'billing', transactions: 20 },
    { kind: 'append', transactions: 20 },
    { kind: 'advance', by: '3h' },
    { kind: 'run' },
  ],
  hazards: [hazards.dcbContext, hazards.becomesDcb],
  rules: [...everyBackup, 'dcb/pushed', 'dcb/waits-for-finished', 'dcb/location-not-live'],
};
