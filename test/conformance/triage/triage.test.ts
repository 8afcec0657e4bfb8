import { describe, expect, test } from 'vitest';
import { rules } from '../../../conformance/rules/catalog.ts';
import { follows, type Kinship } from '../../../conformance/triage/consequence.ts';
import { triage } from '../../../conformance/triage/triage.ts';
import { buildReport, failedRule, finding, ruleResult, scenarioResult } from '../../support/report.ts';

const said: Readonly<Record<string, readonly string[]>> = {
  'cursor/never-skips': ['cursor/*'],
  'outcome/restorable': ['*'],
  'outcome/exit-status-true': ['*', 'outcome/restorable', 'fault/recovers'],
  'fault/recovers': ['*', 'outcome/exit-status-true'],
};
const kinship: Kinship = (id) => ({ consequenceOf: said[id] ?? [] });

function inRun(run: number, id: string): ReturnType<typeof failedRule> {
  return failedRule({ id, evidence: [finding({ run })] });
}

function sorted(...scenarios: Parameters<typeof buildReport>): ReturnType<typeof triage> {
  return triage(buildReport(...scenarios), kinship);
}

describe('triage', () => {
  test('tells a cause once, with what follows from it behind it', () => {
    const failed = [
      inRun(2, 'cursor/from-closed-segment'),
      inRun(2, 'cursor/never-skips'),
      inRun(2, 'outcome/restorable'),
    ];
    const { causes, consequences, startWith } = sorted([
      scenarioResult({ id: 'a' }),
      scenarioResult({ id: 'b', rules: failed }),
      scenarioResult({ id: 'c', rules: failed.slice(0, 2) }),
    ]);
    expect(causes.map(({ rule, scenarios }) => [rule, scenarios.length])).toEqual([['cursor/from-closed-segment', 2]]);
    expect(causes[0]?.consequences).toEqual(['cursor/never-skips', 'outcome/restorable']);
    expect(consequences.map(({ rule }) => rule)).toEqual(['cursor/never-skips', 'outcome/restorable']);
    expect(startWith?.id).toBe('b');
  });

  test('lets a rule stand for itself where no cause of it failed, and says in how many others one did', () => {
    const { causes } = sorted([
      scenarioResult({ id: 'a', rules: [inRun(1, 'cursor/after-copy'), inRun(1, 'cursor/never-skips')] }),
      scenarioResult({ id: 'b', rules: [inRun(1, 'cursor/never-skips')] }),
    ]);
    expect(causes.map(({ rule, scenarios, elsewhere }) => [rule, scenarios.map(({ id }) => id), elsewhere])).toEqual([
      ['cursor/after-copy', ['a'], 0],
      ['cursor/never-skips', ['b'], 1],
    ]);
  });

  test('puts outcomes that nothing explains last, however often they fail', () => {
    const outcome = [inRun(1, 'outcome/restorable')];
    const { causes } = sorted([
      ...['a', 'b', 'c'].map((id) => scenarioResult({ id, rules: outcome })),
      scenarioResult({ id: 'd', rules: [inRun(1, 'log/all-groups')] }),
    ]);
    expect(causes.map(({ rule }) => rule)).toEqual(['log/all-groups', 'outcome/restorable']);
  });

  test('takes nothing of a later run for the cause of an outcome', () => {
    const { causes } = sorted([
      scenarioResult({ rules: [inRun(1, 'outcome/restorable'), inRun(2, 'log/all-groups')] }),
    ]);
    expect(causes.map(({ rule }) => rule)).toEqual(['log/all-groups', 'outcome/restorable']);
  });

  test('of two rules that name each other, takes the one that fails in more scenarios', () => {
    const both = [inRun(1, 'fault/recovers'), inRun(1, 'outcome/exit-status-true')];
    const alone = [inRun(1, 'outcome/exit-status-true')];
    const { causes } = sorted([scenarioResult({ id: 'a', rules: both }), scenarioResult({ id: 'b', rules: alone })]);
    expect(causes.map(({ rule, scenarios }) => [rule, scenarios.length])).toEqual([['outcome/exit-status-true', 2]]);
    expect(sorted([scenarioResult({ rules: both })]).causes.map(({ rule }) => rule)).toEqual(['fault/recovers']);
  });

  test('has all failures of a run follow from there being no backup to look into', () => {
    const reason = { ...inRun(1, 'outcome/restorable'), isTheReason: true } as const;
    const { causes, consequences } = sorted([
      scenarioResult({ rules: [reason, inRun(1, 'log/all-groups'), inRun(2, 'log/replaced')] }),
    ]);
    expect(causes.map(({ rule }) => rule)).toEqual(['outcome/restorable', 'log/replaced']);
    expect(consequences.map(({ rule }) => rule)).toEqual(['log/all-groups']);
  });

  test('brings the worst loss of its scenarios, and what the client said in the run that shows it', () => {
    const runs = [{ ...scenarioResult().runs[0], run: 1, exitCode: 3, stderrTail: ['no space left'] }];
    const loss = (events: number) => [{ context: 'default', type: 'EVENT', events, virtualTime: 1 }];
    const { causes } = sorted([
      scenarioResult({ id: 'a', rules: [failedRule()], loss: loss(3), runs: runs as never }),
      scenarioResult({ id: 'b', rules: [failedRule()], loss: loss(7) }),
    ]);
    expect(causes[0]?.worstLoss?.events).toBe(7);
    expect(causes[0]?.badRun?.stderrTail).toEqual(['no space left']);
  });

  test('keeps SHOULD rules, what is known and what is open apart from causes', () => {
    const sortedOut = sorted(
      [
        scenarioResult({
          id: 'a',
          rules: [
            ruleResult({ id: 'cursor/incremental', level: 'should', status: 'warn' }),
            failedRule({ id: 'log/replaced' }),
          ],
        }),
        scenarioResult({ id: 'b', rules: [ruleResult({ id: 'log/recopied', status: 'inconclusive' })] }),
      ],
      { expectedFailures: ['log/replaced # known'] },
    );
    expect(sortedOut.causes).toEqual([]);
    expect(sortedOut.warnings.map(({ rule }) => rule)).toEqual(['cursor/incremental']);
    expect(sortedOut.expected.map(({ rule }) => rule)).toEqual(['log/replaced']);
    expect(sortedOut.open.map(({ rule }) => rule)).toEqual(['log/recopied']);
  });
});

describe('what rules say that they follow from', () => {
  const ofCatalogue: Kinship = (id) => rules.find((rule) => rule.id === id);

  test('are rules and areas that there are', () => {
    const unknown = rules.flatMap(({ id, consequenceOf = [] }) =>
      consequenceOf
        .filter((name) => name !== '*')
        .filter(
          (name) =>
            !rules.some((each) => each.id === name || (name.endsWith('/*') && each.id.startsWith(name.slice(0, -1)))),
        )
        .map((name) => `${id}: ${name}`),
    );
    expect(unknown).toEqual([]);
  });

  // Each rule of a circle would have another one to follow from, and none would be told.
  test('lead round in no circle, but for two that name each other', () => {
    const ids = rules.map(({ id }) => id);
    const causesOf = (id: string): string[] =>
      ids.filter((each) => follows(id, each, ofCatalogue) && !follows(each, id, ofCatalogue));
    const visit = (id: string, trail: readonly string[]): string[] =>
      trail.includes(id) ? [[...trail, id].join(' → ')] : causesOf(id).flatMap((next) => visit(next, [...trail, id]));
    expect(ids.flatMap((id) => visit(id, []))).toEqual([]);
  });
});
