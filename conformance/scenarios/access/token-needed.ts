import { advance, aFewSegments, everyBackup, growing, hazards, run, type Scenario } from '../parts.ts';

export const tokenNeeded: Scenario = {
  id: 'access/token-needed',
  title: 'a cluster that asks for a token',
  story:
    'Access control is on, and the client has the right token. Every call must carry it, and it must show up nowhere.',
  cluster: { ...growing, token: 'f3b1c9d2-7a54-4e0b-9c1d-52a6e8f70b3c' },
  steps: [...aFewSegments, run, ...aFewSegments, advance('10m'), run],
  hazards: [hazards.tokenNeeded],
  rules: [...everyBackup, 'access/token-sent', 'access/token-kept-secret'],
};
