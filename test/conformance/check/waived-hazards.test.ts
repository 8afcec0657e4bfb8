import { expect, test } from 'vitest';
import { judgeScenario } from '../../../conformance/check/judge/judge.ts';
import type { Scenario } from '../../../conformance/scenarios/scenario.ts';
import { evidence } from '../../support/evidence.ts';

const scenario: Scenario = {
  id: 'a/scenario',
  title: 'a scenario',
  story: 'It never comes to what it is about.',
  cluster: {},
  steps: [],
  hazards: [{ id: 'open-segment', title: 'an open one', isReached: () => false, waivedBy: 'no-open-segment' }],
  rules: [],
};

test('a hazard that a client need not meet is neither reached nor missed, and for others it is missed', () => {
  const declared = judgeScenario(scenario, evidence({ capabilities: ['no-open-segment'] }), []);
  expect(declared).toMatchObject({ hazards: [], message: null });
  const others = judgeScenario(scenario, evidence({ capabilities: ['no-snapshots'] }), []);
  expect(others).toMatchObject({
    status: 'inconclusive',
    message: expect.stringMatching(/^not reached: open-segment \(.+\); what was judged says nothing of that$/),
  });
});
