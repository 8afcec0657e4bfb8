import { expect, test } from 'vitest';
import { judgeScenario } from '../../../conformance/check/judge/judge.ts';
import type { Scenario } from '../../../conformance/scenarios/scenario.ts';
import { Coverage } from '../../../conformance/explore/coverage.ts';
import type { Evidence } from '../../../conformance/journal/evidence.ts';
import { hazards } from '../../../conformance/scenarios/hazards.ts';
import { evidence, run } from '../../support/evidence.ts';
import { ask, segmentEvidence } from '../../support/segment-evidence.ts';

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

/** Explore counted it in each schedule of a client that lists by the older endpoint. */
test('a hazard that a client is spared by what it asks for is neither reached nor missed, and explore does not count it', () => {
  const { segmentLeftOut, closedAndNotCounted } = hazards;
  const about = { ...scenario, hazards: [segmentLeftOut, closedAndNotCounted] };
  const asked = (path: string): Evidence => segmentEvidence([run({ requests: [{ ...ask(1), path }] })]);
  const older = asked('/v1/backup/filenames');
  expect(judgeScenario(about, older, [])).toMatchObject({ hazards: [], message: null });
  const newer = judgeScenario(about, asked('/v1/backup/eventstore'), []);
  expect(newer.hazards.map(({ reached }) => reached)).toEqual([false, false]);
  const coverage = new Coverage(about.hazards);
  coverage.see(older);
  expect(coverage.hazardsReached).toBe(0);
});
