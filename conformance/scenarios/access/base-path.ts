import { advance, aFewSegments, everyBackup, growing, hazards, run, type Scenario } from '../parts.ts';

export const basePath: Scenario = {
  id: 'access/base-path',
  title: 'a server below a base path',
  story:
    'The URL of the node has a path of its own, as behind an ingress: /axonserver-1. Whoever builds URLs with new URL("/v1/…", base) drops it, and asks where nothing is.',
  cluster: { ...growing, contextPath: '/axonserver-1' },
  steps: [...aFewSegments, run, ...aFewSegments, advance('10m'), run],
  hazards: [hazards.basePath],
  rules: [...everyBackup, 'access/base-path'],
};
