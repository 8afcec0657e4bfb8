import { describe, expect, test } from 'vitest';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import { formatScenarioLine } from '../../../conformance/reporters/console.ts';
import { plainStyle } from '../../../conformance/reporters/style.ts';
import { parseExpectedFailure, parseExpectedFailures } from '../../../conformance/verdict/expected-failures.ts';
import { listKnownFailures } from '../../../conformance/verdict/known-failures.ts';
import type { Report } from '../../../conformance/verdict/report.ts';
import { driverOf } from '../../support/fixture-client.ts';
import { buildReport, failedRule, ruleResult, scenarioResult } from '../../support/report.ts';

const missed = scenarioResult({
  id: 'log/missed',
  status: 'inconclusive',
  message: 'not reached: log-cleaned',
  hazards: [{ id: 'log-cleaned', reached: false }],
});
const open = scenarioResult({
  id: 'log/open',
  rules: [ruleResult(), ruleResult({ id: 'log/recopied', status: 'inconclusive', message: 'nothing to judge' })],
});
const broken = scenarioResult({
  id: 'log/broken',
  rules: [ruleResult(), failedRule({ id: 'log/replaced', message: 'a stale file # of run 1\nbeside it' })],
});

describe('a line of known failures', () => {
  test('is an entry, perhaps a day, perhaps a reason', () => {
    expect(parseExpectedFailure(' log/open:log/recopied  until 2027-01-31 # ticket 7, see # below')).toEqual({
      entry: 'log/open:log/recopied',
      until: '2027-01-31',
      reason: 'ticket 7, see # below',
    });
    expect(parseExpectedFailure('log/open')).toEqual({ entry: 'log/open', until: null, reason: null });
    expect(parseExpectedFailures('# nothing\n\r\n  \nlog/open\n')).toEqual(['log/open']);
  });

  test('covers what fails, what is inconclusive, and of a scenario what it misses', () => {
    const codeWith = (...expectedFailures: readonly string[]): number =>
      buildReport([broken, open, missed], { expectedFailures }).exitCode;
    expect(codeWith()).toBe(1);
    expect(codeWith('log/replaced')).toBe(2);
    expect(codeWith('log/replaced', 'log/recopied')).toBe(2);
    expect(codeWith('log/replaced', 'log/open:log/recopied', 'log/missed')).toBe(0);
  });

  test('covers nothing once its day is past, and is told', () => {
    const reportOn = (today: string): Report =>
      buildReport([broken], { expectedFailures: ['log/replaced until 2027-01-31 # later'], today });
    expect(reportOn('2027-01-31').exitCode).toBe(0);
    expect(reportOn('2027-02-01').exitCode).toBe(1);
    expect(reportOn('2027-02-01').expectedFailures).toEqual([
      { entry: 'log/replaced', isStale: false, isExpired: true, until: '2027-01-31', reason: 'later' },
    ]);
  });

  test('is stale where the scenario no longer misses anything, or the rule is judged at last', () => {
    const staleIn = (scenario: typeof open, entry: string): boolean | undefined =>
      buildReport([scenario], { expectedFailures: [entry] }).expectedFailures[0]?.isStale;
    const well = scenarioResult({ id: 'log/missed', hazards: [{ id: 'log-cleaned', reached: true }] });
    expect([staleIn(missed, 'log/missed'), staleIn(well, 'log/missed')]).toEqual([false, true]);
    const judged = scenarioResult({ id: 'log/open', rules: [ruleResult({ id: 'log/recopied' })] });
    expect([staleIn(open, 'log/recopied'), staleIn(judged, 'log/recopied')]).toEqual([false, true]);
  });

  test('makes its scenario expected, and no red cross', () => {
    const { expectedFailures } = buildReport([broken], { expectedFailures: ['log/replaced'] });
    const check = { serverVersion: 'documented', expectedFailures };
    expect(formatScenarioLine(broken, plainStyle, check)).toMatch(/^~ expected +log\/broken {2}log\/replaced/);
    expect(formatScenarioLine(open, plainStyle, check)).toMatch(/^\? inconclusive/);
  });
});

describe('the list that is written', () => {
  test('is one with which the check ends with 0', () => {
    const list = listKnownFailures(buildReport([broken, open, missed]), 'fail');
    expect(list.split('\n').slice(1)).toEqual([
      'log/replaced  # a stale file # of run 1\\nbeside it',
      'log/recopied  # nothing to judge',
      'log/missed  # not reached: log-cleaned',
      '',
    ]);
    const report = buildReport([broken, open, missed], { expectedFailures: parseExpectedFailures(list) });
    expect(report.exitCode).toBe(0);
  });

  test('keeps the lines that still apply as they were, and drops the others', () => {
    const expectedFailures = ['log/replaced until 2027-01-31 # ticket 7', 'order/control-db-first'];
    const list = listKnownFailures(buildReport([broken], { expectedFailures, today: '2027-01-01' }), 'fail');
    expect(list.split('\n').slice(1)).toEqual(['log/replaced until 2027-01-31  # ticket 7', '']);
  });

  test('names the scenarios of a rule that passes elsewhere', () => {
    const other = scenarioResult({ id: 'log/other', rules: [ruleResult({ id: 'log/replaced' })] });
    expect(listKnownFailures(buildReport([broken, other]), 'fail')).toContain('\nlog/broken:log/replaced  #');
  });
});

test('a slip of the pen in a line is said before anything is played', async () => {
  const check = (line: string): Promise<Report> =>
    runConformance({ driver: driverOf('reference'), only: ['growth/first-backup'], expectedFailures: [line] });
  await expect(check('log/no-such-rule')).rejects.toMatchObject({ kind: 'bad-option' });
  await expect(check('log/replaced until 2027-02-30')).rejects.toThrow('until 2027-02-30 is no day such as 2027-01-31');
});

test('the kit is adopted on a broken client: green with what is known, and red at a new mistake', async () => {
  const check = (client: string, expectedFailures: readonly string[]): Promise<Report> =>
    runConformance({
      driver: driverOf(client),
      only: ['growth/first-backup', 'growth/grows-between-runs'],
      expectedFailures,
      keepsFailures: false,
      jobs: 2,
    });
  const first = await check('no-admin-log', []);
  expect(first.exitCode).toBe(1);
  const known = parseExpectedFailures(listKnownFailures(first, 'fail'));
  expect((await check('no-admin-log', known)).exitCode).toBe(0);
  // Another defect: nothing on the list covers it.
  const other = await check('events-before-post', known);
  expect(other.exitCode).toBe(1);
  // And where the known mistake is mended, its lines have to go.
  expect(other.expectedFailures.filter(({ isStale }) => isStale).map(({ entry }) => entry)).toContain('log/all-groups');
});
