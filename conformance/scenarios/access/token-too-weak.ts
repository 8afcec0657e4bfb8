import { aFewSegments, hazards, needs, run, type Scenario } from '../parts.ts';

/** May list everything, as an application may that uses the contexts, and create nothing. */
const weakToken = '0d5a7f1e-63c8-4b7a-a1f4-7be05a2c9d18';

export const tokenTooWeak: Scenario = {
  id: 'access/token-too-weak',
  title: 'a token that may list files and may not create the control database backup',
  story:
    'Somebody has given the client the token of an application: the POST is answered with 403, while every list is there to be had. Without a control database of its own that is no backup; the next run, with a good token, is as good as ever.',
  cluster: {
    rate: 0.2,
    token: 'f3b1c9d2-7a54-4e0b-9c1d-52a6e8f70b3c',
    tokens: [
      {
        token: weakToken,
        roles: [
          { context: '_admin', role: 'USE_CONTEXT' },
          { context: 'default', role: 'USE_CONTEXT' },
        ],
      },
    ],
    segmentSizeBytes: 8 * 1024,
    logSegmentSizeBytes: 8 * 1024,
  },
  needs: [needs.guardedControlDb],
  steps: [...aFewSegments, run, ...aFewSegments, { kind: 'run', token: weakToken }, run],
  hazards: [hazards.tokenNeeded, hazards.tokenTooWeak],
  rules: [
    'access/token-sent',
    'access/refused-is-failure',
    'fault/error-is-failure',
    'fault/recovers',
    'outcome/exit-status-true',
    'outcome/previous-survives',
  ],
};
