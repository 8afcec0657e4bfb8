import { describe, expect, test } from 'vitest';
import { blameOf } from '../../../conformance/explore/blame.ts';
import { failedRule, ruleResult, scenarioResult } from '../../support/report.ts';

describe('the rule that a schedule is shrunk by', () => {
  const gravity = { failOn: 'fail', isKnown: () => false } as const;
  const outcome = failedRule({ id: 'outcome/restorable' });
  const other = failedRule({ id: 'control-db/returned-file' });

  test('is the first that is no mere outcome, and an outcome where there is nothing else', () => {
    expect(blameOf(scenarioResult({ rules: [outcome, ruleResult(), other] }), gravity)).toBe(
      'control-db/returned-file',
    );
    expect(blameOf(scenarioResult({ rules: [ruleResult(), outcome] }), gravity)).toBe('outcome/restorable');
    expect(blameOf(scenarioResult({ rules: [ruleResult()] }), gravity)).toBeNull();
  });

  /* A restore command that failed was told under the name of a rule that had found nothing to look into. */
  test('is the one that says why nobody could look into a backup', () => {
    const reason = { ...outcome, isTheReason: true as const };
    expect(blameOf(scenarioResult({ rules: [other, reason] }), gravity)).toBe('outcome/restorable');
  });

  test('is none that is known to fail', () => {
    const isKnown = (_scenario: string, rule: string): boolean => rule === other.id;
    expect(blameOf(scenarioResult({ rules: [other, outcome] }), { ...gravity, isKnown })).toBe('outcome/restorable');
  });
});
