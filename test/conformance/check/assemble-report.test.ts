import { describe, expect, test } from 'vitest';
import { sourcedVersions } from '../../../server/versions/behaviour-row.ts';
import {
  buildReport,
  failedRule,
  notPlayed,
  ruleResult,
  scenarioResult,
  withEachVersion,
} from '../../support/report.ts';

const all = { serverVersion: 'all' };

describe('a report with several versions', () => {
  test('has of each rule the worst of each version, in the order of versions', () => {
    const scenarios = [
      ...withEachVersion('log/second', {
        '4.5': { rules: [ruleResult({ status: 'inconclusive' })] },
        '4.2': notPlayed,
      }),
      ...withEachVersion('log/first', { '4.5': { rules: [failedRule()] }, '2023.2': { rules: [] } }),
    ];
    expect(buildReport(scenarios, all).rules).toEqual([
      {
        id: 'order/control-db-first',
        level: 'must',
        status: 'fail',
        versions: [
          { version: 'documented', status: 'pass' },
          { version: '4.2', status: 'pass' },
          { version: '4.5', status: 'fail' },
          { version: '4.6', status: 'pass' },
          { version: '2023.2', status: 'pass' },
        ],
        scenarios: ['log/second', 'log/first'],
      },
    ]);
  });

  test('leaves out versions in which a rule was not looked at', () => {
    const others = Object.fromEntries(sourcedVersions.map((version) => [version, { rules: [] }]));
    const scenarios = withEachVersion('log/first', { ...others, '4.6': {} });
    expect(buildReport(scenarios, all).rules.map(({ versions }) => versions)).toEqual([
      [{ version: '4.6', status: 'pass' }],
    ]);
  });

  test('with one version has that one', () => {
    const report = buildReport([scenarioResult({ serverVersion: '4.2' })], { serverVersion: '4.2' });
    expect(report.rules.map(({ versions }) => versions)).toEqual([[{ version: '4.2', status: 'pass' }]]);
  });

  test('fails with the first version that fails, and is green where one cannot play all of it', () => {
    expect(buildReport(withEachVersion('log/first', { '4.5': { rules: [failedRule()] } }), all).exitCode).toBe(1);
    expect(
      buildReport([...withEachVersion('a/b', { '4.2': notPlayed }), ...withEachVersion('a/c')], all).exitCode,
    ).toBe(0);
  });

  test('proves nothing where the only version can play nothing', () => {
    const scenarios = [scenarioResult({ ...notPlayed, serverVersion: '4.2' })];
    const report = buildReport(scenarios, { serverVersion: '4.2' });
    expect(report).toMatchObject({ exitCode: 2, summary: { pass: 0, inconclusive: 0, notApplicable: 1 } });
  });

  test('takes an expected failure for all versions, and for stale only where it fails with none', () => {
    const scenarios = withEachVersion('log/first', { '4.5': { rules: [failedRule()] }, '4.2': notPlayed });
    const expectedFailures = ['log/first:order/control-db-first'];
    expect(buildReport(scenarios, { ...all, expectedFailures })).toMatchObject({
      exitCode: 0,
      expectedFailures: [{ isStale: false }],
    });
    expect(buildReport(withEachVersion('log/first', { '4.2': notPlayed }), { ...all, expectedFailures })).toMatchObject(
      {
        exitCode: 1,
        expectedFailures: [{ isStale: true }],
      },
    );
  });
});
