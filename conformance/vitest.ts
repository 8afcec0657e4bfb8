import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runConformance, type ConformanceOptions, type Report, type RuleResult } from './index.ts';
import { selectScenarios } from './check/run-conformance.ts';

/**
 * Registers a suite for each scenario, and in it a test for each rule that the scenario judges, in the caller's own
 * vitest. A rule that stays inconclusive fails its test: nothing is green for nothing.
 */
export function backupConformance(options: ConformanceOptions): void {
  describe('backup conformance', () => {
    for (const scenario of selectScenarios(options.only ?? [], options.skip ?? [])) {
      describe(scenario.id, () => {
        let report: Report | null = null;
        beforeAll(
          async () => {
            report = await runConformance({ ...options, only: [scenario.id], skip: [] });
          },
          10 * (options.timeoutMs ?? 60_000),
        );
        afterAll(() => {
          report = null;
        });

        test('reaches its hazards', () => {
          const missed = report?.scenarios[0]?.hazards.filter(({ reached }) => !reached).map(({ id }) => id);
          expect(missed, report?.scenarios[0]?.message ?? 'the scenario did not run').toEqual([]);
        });

        test.each(scenario.rules)('%s', (rule) => {
          const result = report?.scenarios[0]?.rules.find(({ id }) => id === rule);
          expect(result?.status, describeResult(rule, result)).toBeOneOf(['pass', 'warn', 'not-applicable']);
        });
      });
    }
  });
}

function describeResult(rule: string, result: RuleResult | undefined): string {
  if (result === undefined) return `${rule} was not judged`;
  const evidence = result.evidence.map(
    ({ subject, expected, actual }) => `${subject}: expected ${expected}; ${actual}`,
  );
  return [`${rule}: ${result.message}`, ...evidence].join('\n');
}
