import { expect, test } from 'vitest';
import { describeLeft } from '../../../conformance/check/judge/left-by-scenario.ts';
import { evidence, goodRun, problem, restoration } from '../../support/evidence.ts';

/** The bin of a share was said to be unfinished, with the advice that this implies. */
test('what of a backup that does not restore was not looked at is told, each with its own reason', () => {
  const run = goodRun(1, { restoration: restoration({ problems: [problem('event-gap')] }) });
  const unfinished = new Map([
    ['backup-7.tmp', 3],
    ['#recycle', 2],
  ]);
  const left = describeLeft(evidence({ runs: [{ ...run, after: { ...run.after, unfinished } }] }));
  expect(left.notes).toEqual([
    'of what run 1 has left, backup-7.tmp does not count (files: 3), since by its name it is not finished',
    'of what run 1 has left, #recycle does not count (files: 2), since by its name it is of the system, and no backup',
  ]);
});
