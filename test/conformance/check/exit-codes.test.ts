import { describe, expect, test } from 'vitest';
import { buildReport, failedRule, ruleResult, scenarioResult } from '../../support/report.ts';

const warned = failedRule({ id: 'cursor/incremental', level: 'should', status: 'warn' });
const inconclusive = ruleResult({ id: 'log/replaced', status: 'inconclusive' });
const notApplicable = ruleResult({ id: 'coverage/snapshots', status: 'not-applicable' });

describe('the exit code of a check', () => {
  test('is 0 where every must rule was judged and passed', () => {
    expect(buildReport([scenarioResult()]).exitCode).toBe(0);
    expect(buildReport([scenarioResult({ rules: [ruleResult(), notApplicable] })]).exitCode).toBe(0);
  });

  test('is 1 where one failed, whatever else there is', () => {
    expect(buildReport([scenarioResult(), scenarioResult({ rules: [failedRule(), inconclusive] })]).exitCode).toBe(1);
  });

  test('is 0 for a should rule that failed, and 1 where warnings are to fail the check', () => {
    const scenarios = [scenarioResult({ rules: [ruleResult(), warned] })];
    expect(buildReport(scenarios).exitCode).toBe(0);
    expect(buildReport(scenarios, { failOn: 'warn' }).exitCode).toBe(1);
  });

  test('is 2 where something is inconclusive, or a hazard was not reached', () => {
    expect(buildReport([scenarioResult({ rules: [ruleResult(), inconclusive] })]).exitCode).toBe(2);
    const hazards = [{ id: 'log-cleaned-between-runs', reached: false }];
    expect(buildReport([scenarioResult({ hazards, status: 'inconclusive' })]).exitCode).toBe(2);
  });

  test('is 2 where nothing was proved: no scenario, nothing but should rules, nothing that applies', () => {
    expect(buildReport([]).exitCode).toBe(2);
    expect(buildReport([scenarioResult({ rules: [ruleResult({ level: 'should' })] })]).exitCode).toBe(2);
    expect(buildReport([scenarioResult({ rules: [notApplicable] })]).exitCode).toBe(2);
  });

  test('is 70 where the kit itself failed, even beside a failure of the client', () => {
    const broken = scenarioResult({ status: 'error', rules: [], message: 'out of memory' });
    expect(buildReport([broken, scenarioResult({ rules: [failedRule()] })]).exitCode).toBe(70);
  });

  describe('with expected failures', () => {
    const scenarios = [
      scenarioResult({ id: 'log/first', rules: [failedRule({ id: 'log/replaced' })] }),
      scenarioResult({ id: 'log/second', rules: [ruleResult({ id: 'log/replaced' }), ruleResult()] }),
    ];
    const codeWith = (...expectedFailures: readonly string[]) => buildReport(scenarios, { expectedFailures }).exitCode;

    test('is 0 where all that failed was expected, by rule or by scenario and rule', () => {
      expect(codeWith('log/replaced')).toBe(0);
      expect(codeWith('log/first:log/replaced')).toBe(0);
      expect(codeWith()).toBe(1);
    });

    test('is 1 where another scenario was expected to fail', () => {
      expect(codeWith('log/second:log/replaced')).toBe(1);
    });

    test('is 1 where an entry no longer fails', () => {
      expect(codeWith('log/replaced', 'order/control-db-first')).toBe(1);
    });

    test('leaves an entry alone whose rule was not judged in what was played', () => {
      const report = buildReport(scenarios, {
        expectedFailures: ['log/replaced', 'log/third:log/replaced', 'cursor/after-copy'],
      });
      expect(report.exitCode).toBe(0);
      expect(report.expectedFailures.filter(({ isStale }) => isStale)).toEqual([]);
    });
  });
});
