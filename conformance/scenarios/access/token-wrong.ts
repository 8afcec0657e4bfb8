import { aFewSegments, growing, hazards, run, type Scenario } from '../parts.ts';

export const tokenWrong: Scenario = {
  id: 'access/token-wrong',
  title: 'a token that is refused',
  story:
    'The token has been withdrawn; every call is answered with 403. That is a failed run; the next one, with a good token, is as good as ever.',
  cluster: { ...growing, token: 'f3b1c9d2-7a54-4e0b-9c1d-52a6e8f70b3c' },
  steps: [...aFewSegments, run, ...aFewSegments, { kind: 'run', token: 'ffffffff-0000-4000-8000-000000000000' }, run],
  hazards: [hazards.tokenNeeded, hazards.tokenWrong],
  rules: ['access/token-sent', 'access/refused-is-failure', 'outcome/previous-survives', 'fault/recovers'],
};
