import * as fc from 'fast-check';
import { behaviours, type ServerVersion } from '../../server/index.ts';
import { oddityNames } from '../scenarios/oddities.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { optionalKinds, stepIntents, type StepIntent } from './intent.ts';
import { playable } from './playable.ts';

/*
 * A schedule is a scenario that chance has written: a cluster, and steps. It promises nothing; whatever rule can be judged is
 * judged.
 *
 * Only what a real cluster can do is in it, and what a client can notice: a forged empty list with status 200 is not. Nor are
 * long jumps of time inside a run, which no clock of the client's would show: all of them together stay below
 * LONGEST_IN_RUN_MS, so that a client that goes straight on is within the 30 minutes of the manual.
 *
 * Swarm testing: each schedule has a random part of the kinds of happenings alone, so that rare ones meet often enough.
 */

export interface ScheduleOptions {
  readonly serverVersion: ServerVersion;
  /** Of the scenario that is made. */
  readonly id: string;
}

/** Steps before anything that is added at the end. */
const MOST_STEPS = 16;

/** What a schedule is made of; shrinks towards one node, one context, and few steps. */
export function scheduleArbitrary({ serverVersion, id }: ScheduleOptions): fc.Arbitrary<Scenario> {
  const { hasSegmentVersions } = behaviours[serverVersion];
  const kindsThere = optionalKinds.filter((kind) => hasSegmentVersions || (kind !== 'transform' && kind !== 'compact'));
  const cluster = fc.record({
    nodes: fc.constantFrom(1, 3),
    contexts: fc.constantFrom(['default'], ['default', 'orders'], ['default', 'orders & co']),
    rate: fc.constantFrom(0, 0.1, 0.2),
    segmentSizeBytes: fc.constantFrom(8192, 8192, 65_536),
    logSegmentSizeBytes: fc.constantFrom(8192, 8192, 65_536),
  });
  return fc
    .record({ cluster, kinds: fc.subarray(kindsThere), oddities: fc.subarray([...oddityNames], { maxLength: 1 }) })
    .chain(({ cluster: made, kinds, oddities }) =>
      fc.record({
        cluster: fc.constant(made),
        oddities: fc.constant(oddities),
        intents: fc.array(stepIntents(kinds), { minLength: 1, maxLength: MOST_STEPS }),
      }),
    )
    .map((drawn) => scheduleOf(id, drawn));
}

function scheduleOf(
  id: string,
  {
    cluster,
    oddities,
    intents,
  }: {
    readonly cluster: Required<Pick<Scenario['cluster'], 'nodes' | 'contexts'>> & Scenario['cluster'];
    readonly oddities: NonNullable<Scenario['oddities']>;
    readonly intents: readonly StepIntent[];
  },
): Scenario {
  return {
    id,
    title: 'a schedule that chance has written',
    story: '',
    cluster,
    ...(oddities.length === 0 ? {} : { oddities }),
    steps: playable(intents, cluster),
    hazards: [],
    rules: [],
  };
}
