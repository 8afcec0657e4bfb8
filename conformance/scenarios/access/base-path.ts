import { aFewSegments } from '../a-few-segments.ts';
import { everyBackup } from '../every-backup.ts';
import { hazards } from '../hazards.ts';
import type { Scenario } from '../scenario.ts';

export const basePath: Scenario = {
  id: 'access/base-path',
  title: 'a server below a base path',
  story:
    'The URL of the node has a path of its own, as behind an ingress: /axonserver-1. Whoever builds URLs with new URL("/v1/…", base) drops it, and asks where nothing is.',
  cluster: { rate: 0.2, contextPath: '/axonserver-1', segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  steps: [...aFewSegments, { kind: 'run' }, ...aFewSegments, { kind: 'advance', by: '10m' }, { kind: 'run' }],
  hazards: [hazards.basePath],
  rules: [...everyBackup, 'access/base-path'],
};
