import { expect, test } from 'vitest';
import { needsPathMap, reasonNotToPlay } from '../../../conformance/scenarios/needs.ts';
import type { Scenario } from '../../../conformance/scenarios/scenario.ts';

const inNoMount: Scenario = {
  id: 'my/zip-in-no-mount',
  title: '',
  story: '',
  cluster: { nodes: 1 },
  steps: [{ kind: 'run', unmounted: ['zip'] }],
  hazards: [],
  rules: [],
};

/** Such a file passed as if nothing had been the matter: where names are as they stand nothing is mounted, nor missing. */
test('a scenario in which something is mounted nowhere is for servers that name their files otherwise, whether it says so or not', () => {
  expect(reasonNotToPlay(inNoMount, 'documented')).toMatch(
    /names its files as they lie, unless `--server-root` is given$/,
  );
  expect(needsPathMap(inNoMount)).toBe(true);
  expect(reasonNotToPlay(inNoMount, 'documented', { isPathMapped: true })).toBeNull();
  const ofItsOwn = { ...inNoMount, cluster: { nodes: 1, serverRoot: '/axonserver' } };
  expect(reasonNotToPlay(ofItsOwn, 'documented')).toBeNull();
  expect(needsPathMap(ofItsOwn)).toBe(false);
});
