import { describe, expect, test } from 'vitest';
import { faithful } from '../../../conformance/rules/copy/faithful.ts';
import { sourceUntouched } from '../../../conformance/rules/copy/source-untouched.ts';
import { contexts } from '../../../conformance/rules/coverage/contexts.ts';
import { indexFiles } from '../../../conformance/rules/coverage/index-files.ts';
import { snapshots } from '../../../conformance/rules/coverage/snapshots.ts';
import { afterCopy } from '../../../conformance/rules/cursor/after-copy.ts';
import { fromClosedSegment } from '../../../conformance/rules/cursor/from-closed-segment.ts';
import { incremental } from '../../../conformance/rules/cursor/incremental.ts';
import { neverSkips } from '../../../conformance/rules/cursor/never-skips.ts';
import { perContextAndType } from '../../../conformance/rules/cursor/per-context-and-type.ts';
import { anyOrder } from '../../../conformance/rules/listing/any-order.ts';
import { unknownSuffixes } from '../../../conformance/rules/listing/unknown-suffixes.ts';
import { included } from '../../../conformance/rules/open-segment/included.ts';
import { overwritten } from '../../../conformance/rules/open-segment/overwritten.ts';
import { legalHabits } from '../../support/legal-habits.ts';

const segmentRules = [
  fromClosedSegment,
  afterCopy,
  perContextAndType,
  neverSkips,
  incremental,
  overwritten,
  included,
  contexts,
  snapshots,
  indexFiles,
  faithful,
  sourceUntouched,
  anyOrder,
  unknownSuffixes,
];

/** Who asks for everything each time is told so, and fails nothing. */
const copiesAllAgain = new Set([
  'a full copy every run, over the last one',
  'a full archive every run, beside the last ones',
]);

describe.each(Object.entries(legalHabits))('a correct client that %s', (habit, evidence) => {
  test.each(segmentRules.map((rule) => [rule.id, rule] as const))('fails nothing of %s', (_, rule) => {
    if (rule.waivedBy?.some((capability) => evidence.capabilities.includes(capability))) return;
    const judgement = rule.check(evidence);
    if (rule === incremental && copiesAllAgain.has(habit)) expect(judgement.verdict).toBe('fail');
    else expect(judgement).not.toHaveProperty('findings');
  });
});
