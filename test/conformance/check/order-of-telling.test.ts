import { describe, expect, test } from 'vitest';
import { inOrderOfTelling } from '../../../conformance/check/judge/order-of-telling.ts';
import { rules } from '../../../conformance/rules/catalog.ts';
import type { RuleResult } from '../../../conformance/verdict/report.ts';

const levels = new Map(rules.map(({ id, level }) => [id, level]));

function told(id: string, status: RuleResult['status'] = 'fail', isTheReason = false): RuleResult {
  return {
    id,
    level: levels.get(id) ?? 'must',
    status,
    message: '',
    evidence: [],
    ...(isTheReason ? { isTheReason } : {}),
  };
}

const order = (looks: readonly RuleResult[]): string[] => inOrderOfTelling(looks, rules).map(({ id }) => id);

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

test('what a rule follows from are rules and areas that there are', () => {
  const named = rules.flatMap(({ consequenceOf = [] }) => consequenceOf);
  const isThere = (name: string): boolean =>
    name === '*' || rules.some(({ id }) => id === name || (name.endsWith('/*') && id.startsWith(name.slice(0, -1))));
  expect(named.filter((name) => !isThere(name))).toEqual([]);
});

test('rules that name each other are told all the same, whichever stands first', () => {
  const [one, other] = ['log/all-groups', 'log/vanished-file'] as const;
  const circle = rules.map((rule) =>
    rule.id === one
      ? { ...rule, consequenceOf: [other] }
      : rule.id === other
        ? { ...rule, consequenceOf: [one] }
        : rule,
  );
  const said = inOrderOfTelling([told(one), told(other)], circle).map(({ id }) => id);
  expect(said.toSorted()).toEqual([one, other]);
});
