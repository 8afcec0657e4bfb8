import { describe, expect, test } from 'vitest';
import { inOrderOfTelling, type Told } from '../../../conformance/check/order-of-telling.ts';
import { rules } from '../../../conformance/rules/catalog.ts';
import type { RuleResult } from '../../../conformance/verdict/report.ts';

const levels = new Map(rules.map(({ id, level }) => [id, level]));

function told(id: string, status: RuleResult['status'] = 'fail', isTheReason = false): Told {
  return { result: { id, level: levels.get(id) ?? 'must', status, message: '', evidence: [] }, isTheReason };
}

const order = (looks: readonly Told[]): string[] => inOrderOfTelling(looks, rules).map(({ id }) => id);

/* An error that was taken for a list stood behind the files that were missing because of it. */
describe('what has failed', () => {
  test('is told cause by cause, what follows from a cause behind it, and the outcome last', () => {
    const looks = ['log/all-groups', 'coverage/snapshots', 'fault/error-is-failure', 'outcome/restorable'];
    expect(order([told('outcome/no-loss'), ...looks.map((id) => told(id))])).toEqual([
      'fault/error-is-failure',
      'log/all-groups',
      'coverage/snapshots',
      'outcome/restorable',
      'outcome/no-loss',
    ]);
  });

  test('stands before warnings, and both before what has not', () => {
    const looks = [
      told('control-db/requested', 'pass'),
      told('cursor/incremental', 'warn'),
      told('log/all-groups', 'inconclusive'),
      told('copy/faithful'),
    ];
    expect(order(looks)).toEqual(['copy/faithful', 'cursor/incremental', 'control-db/requested', 'log/all-groups']);
  });

  test('stands behind the one thing that tells why all else fails', () => {
    const looks = [told('log/all-groups'), told('outcome/restorable', 'fail', true)];
    expect(order(looks)).toEqual(['outcome/restorable', 'log/all-groups']);
  });

  test('keeps the order of rules where nothing follows from anything', () => {
    expect(order([told('order/control-db-first'), told('copy/faithful')])).toEqual([
      'order/control-db-first',
      'copy/faithful',
    ]);
  });
});

describe('what follows from what', () => {
  const ids = new Set(rules.map(({ id }) => id));

  test('names rules that there are', () => {
    const named = rules.flatMap(({ consequenceOf = [] }) => consequenceOf);
    expect(named.filter((id) => !ids.has(id))).toEqual([]);
  });

  test('goes round in no circle', () => {
    const causes = new Map(rules.map(({ id, consequenceOf = [] }) => [id, consequenceOf]));
    const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
      (causes.get(from) ?? []).some((cause) => {
        if (cause === to) return true;
        if (seen.has(cause)) return false;
        return reaches(cause, to, seen.add(cause));
      });
    expect([...ids].filter((id) => reaches(id, id))).toEqual([]);
  });
});
