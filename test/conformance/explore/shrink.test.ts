import { expect, test } from 'vitest';
import { draftOf, type Draft } from '../../../conformance/explore/schedule.ts';
import { shrink } from '../../../conformance/explore/shrink.ts';
import type { Scenario } from '../../../conformance/scenarios/scenario.ts';
import type { Report } from '../../../conformance/verdict/report.ts';

/** The first of a kind of cluster. */
function draftOfKind(kind: Draft['setting']['kind']): Draft {
  for (let seed = 1; ; seed++) {
    const draft = draftOf(seed, 'documented');
    if (draft.setting.kind === kind) return draft;
  }
}

const runsIn = ({ steps }: Scenario): number => steps.filter(({ kind }) => kind === 'run').length;

/** Shrinks as if whatever has that many runs failed. */
async function shrunkTo(atLeast: number, draft: Draft): Promise<Scenario> {
  let played: Scenario | null = null;
  const { scenario } = await shrink({
    id: 'explore/seed-1',
    draft,
    play: async (each) => {
      played = each;
      return {} as Report;
    },
    isTheSame: () => played !== null && runsIn(played) >= atLeast,
    mostPlays: 1000,
  });
  return scenario;
}

/** Of 55 steps 48 were left, fifteen runs among them, where a few were enough. */
test.each(['two-weeks-of-runs', 'many-runs'] as const)(
  'a schedule of %s keeps as many runs as it needs to fail, of those that come before anything else, too',
  async (kind) => {
    const draft = draftOfKind(kind);
    for (const needed of [1, 4]) expect(runsIn(await shrunkTo(needed, draft))).toBe(needed);
  },
);

test('what fails in any case is a run on the simplest cluster', async () => {
  const { steps, cluster } = await shrunkTo(1, draftOfKind('long-copy'));
  expect(steps).toEqual([{ kind: 'advance', by: '5m' }, { kind: 'run' }]);
  expect(cluster).toMatchObject({ nodes: 1, contexts: ['default'], rate: 0 });
});
