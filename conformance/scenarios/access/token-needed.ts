import { aFewSegments } from '../a-few-segments.ts';
import { everyBackup } from '../every-backup.ts';
import { hazards } from '../hazards.ts';
import type { Scenario } from '../scenario.ts';

export const tokenNeeded: Scenario = {
  id: 'access/token-needed',
  title: 'a cluster that asks for a token',
  story:
    'Access control is on, and the client has the right token. Every call must carry it, and it must show up nowhere.',
  cluster: {
    rate: 0.2,
    token: 'f3b1c9d2-7a54-4e0b-9c1d-52a6e8f70b3c',
    segmentSizeBytes: 8 * 1024,
    logSegmentSizeBytes: 8 * 1024,
  },
  steps: [...aFewSegments, { kind: 'run' }, ...aFewSegments, { kind: 'advance', by: '10m' }, { kind: 'run' }],
  hazards: [hazards.tokenNeeded],
  rules: [...everyBackup, 'access/token-sent', 'access/token-kept-secret'],
};
