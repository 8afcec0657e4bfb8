import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatJunit } from '../../../conformance/reporters/junit.ts';
import type { Report } from '../../../conformance/verdict/report.ts';
import { arbitraryReport, hostile } from '../../support/arbitrary-report.ts';
import { elementsOf, parseXml, type ParsedElement } from '../../support/parsed-xml.ts';
import { buildReport, buildRule, failedRule, finding, ruleResult, scenarioResult } from '../../support/report.ts';

function casesOf(report: Report): ParsedElement[] {
  return elementsOf(parseXml(formatJunit(report)), 'testcase');
}

/** What became of the case of a rule: the name of the element in it, or `passed`. */
function outcomeOf(one: ParsedElement | undefined): string | undefined {
  return one?.children.find(({ name }) => name !== 'system-out')?.name ?? (one === undefined ? undefined : 'passed');
}

describe('the JUnit report', () => {
  test('a suite for each scenario holds a case for each rule', () => {
    const report = buildReport([
      scenarioResult({
        id: 'log/cleaned',
        rules: [failedRule(), ruleResult({ id: 'log/replaced' })],
        loss: [{ context: 'default', type: 'EVENT', events: 12, virtualTime: 200 }],
        artefacts: { folder: '/tmp/out/log.cleaned', isTemporary: false },
      }),
    ]);
    expect(formatJunit(report, () => buildRule())).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="axon-backup-kit" tests="2" failures="1" errors="0" time="1.250">
        <testsuite name="log/cleaned" tests="2" failures="1" errors="0" skipped="0" time="1.250">
          <properties>
            <property name="title" value="nothing happens"/>
            <property name="kit-version" value="1.2.3"/>
            <property name="server-version" value="documented"/>
            <property name="seed" value="1"/>
            <property name="repro" value="axon-backup-kit check --only growth/quiet --seed 1 -- ./backup.sh"/>
            <property name="artefacts" value="/tmp/out/log.cleaned"/>
          </properties>
          <testcase classname="documented.log/cleaned" name="order/control-db-first" time="0.625">
            <failure type="order/control-db-first" message="GET /v1/backup/log/filenames: none at all">GET /v1/backup/log/filenames: none at all

      GET /v1/backup/log/filenames?context=default
        when      run 1 at 2024-01-01T00:31:00.000Z, virtual time
        expected  a control database backup earlier in this run
        actual    none at all

      what to do: Send \`POST /v1/backup/createControlDbBackup\` first, and wait for its answer.

      a restore loses 12 events of default (EVENT), written over 3m 20s of virtual time
      kept in: /tmp/out/log.cleaned
      repeat with: axon-backup-kit check --only growth/quiet --seed 1 -- ./backup.sh</failure>
          </testcase>
          <testcase classname="documented.log/cleaned" name="log/replaced" time="0.625"/>
        </testsuite>
        <testsuite name="check" tests="0" failures="0" errors="0" skipped="0" time="0.000">
          <system-out>What is wrong: 1 cause, in 1 of 1 scenario

      1. order/control-db-first  (1 scenario)
         Create the control database backup before copying any log segment.
         seen in     log/cleaned, run 1: GET /v1/backup/log/filenames?context=default
         expected    a control database backup earlier in this run
         actual      none at all
         what to do  Send \`POST /v1/backup/createControlDbBackup\` first, and wait for its answer.
         at worst    a restore loses 12 events of default (EVENT), written over 3m 20s of virtual time</system-out>
        </testsuite>
      </testsuites>
      "
    `);
  });

  test('what no rule is about is the output of the suite', () => {
    const xml = formatJunit(buildReport([scenarioResult({ notes: ['a list left\nsomething out', 'and more'] })]));
    const [suite] = elementsOf(parseXml(xml), 'testsuite');
    const output = suite?.children.find(({ name }) => name === 'system-out');
    expect(output?.text).toBe('noted: a list left\\nsomething out\nnoted: and more');
  });

  test('what a check that ended early has left is skipped, and says why', () => {
    const notPlayed = [{ id: 'log/later', serverVersion: 'documented' }];
    const report = buildReport([scenarioResult()], { incomplete: { reasons: ['interrupted'], notPlayed } });
    const later = casesOf(report).at(-1);
    expect(later?.attributes['classname']).toBe('documented.log/later');
    expect(later?.children[0]).toMatchObject({
      name: 'skipped',
      attributes: { message: 'not played: it was interrupted, 1 scenario was not played' },
    });
  });

  test('what is inconclusive or not applicable is skipped, and the message says which', () => {
    const [open, waived] = casesOf(
      buildReport([
        scenarioResult({
          rules: [
            ruleResult({ status: 'inconclusive', message: 'no log was listed' }),
            ruleResult({
              id: 'open-segment/included',
              status: 'not-applicable',
              message: 'the client declares no-open-segment',
            }),
          ],
        }),
      ]),
    );
    expect(open?.children[0]).toMatchObject({
      name: 'skipped',
      attributes: { type: 'inconclusive', message: 'inconclusive: no log was listed' },
    });
    expect(waived?.children[0]).toMatchObject({
      name: 'skipped',
      attributes: { type: 'not-applicable', message: 'not applicable: the client declares no-open-segment' },
    });
  });

  test('a warning has passed and is told as output, unless warnings fail the check', () => {
    const scenarios = [
      scenarioResult({ rules: [ruleResult(), failedRule({ id: 'order/same-node', level: 'should', status: 'warn' })] }),
    ];
    const [, tolerated] = casesOf(buildReport(scenarios));
    expect(outcomeOf(tolerated)).toBe('passed');
    expect(tolerated?.children[0]?.text).toMatch(/^warning: GET .*none at all\n/);
    const [, counted] = casesOf(buildReport(scenarios, { failOn: 'warn' }));
    expect(outcomeOf(counted)).toBe('failure');
  });

  test('an expected failure is skipped, and one that no longer fails is a failure', () => {
    const report = buildReport([scenarioResult({ rules: [failedRule(), ruleResult({ id: 'log/replaced' })] })], {
      expectedFailures: ['growth/quiet:order/control-db-first', 'log/replaced'],
    });
    const cases = casesOf(report);
    expect(cases.map((one) => [one.attributes['name'], outcomeOf(one)])).toEqual([
      ['order/control-db-first', 'skipped'],
      ['log/replaced', 'passed'],
      ['expected failure log/replaced', 'failure'],
    ]);
  });

  test("the kit's own fault is an error with its stack trace", () => {
    const message = 'Error: no more ports\n    at listen (server.ts:1)';
    const [only] = casesOf(
      buildReport([scenarioResult({ status: 'error', rules: [], message, hazards: [{ id: 'h', reached: false }] })]),
    );
    expect(only?.children[0]).toMatchObject({ name: 'error', attributes: { message: 'Error: no more ports' } });
    expect(only?.children[0]?.text).toContain(`${message}\n`);
  });

  test('a hazard that was not reached is skipped as inconclusive, though every rule has passed', () => {
    const report = buildReport([
      scenarioResult({
        status: 'inconclusive',
        message: 'not reached: log-cleaned',
        hazards: [{ id: 'log-cleaned', reached: false }],
      }),
    ]);
    expect(casesOf(report).map((one) => [one.attributes['name'], outcomeOf(one)])).toEqual([
      ['hazard log-cleaned', 'skipped'],
      ['order/control-db-first', 'passed'],
    ]);
  });

  test('a report without scenarios is not empty, so that nobody takes it for green', () => {
    const [only] = casesOf(buildReport([]));
    expect(outcomeOf(only)).toBe('skipped');
    expect(only?.children[0]?.attributes['message']).toMatch(/^exit 2: .*nothing was proved/);
  });

  test('evidence beyond twenty findings is counted', () => {
    const [only] = casesOf(
      buildReport([scenarioResult({ rules: [failedRule({ evidence: Array.from({ length: 23 }, () => finding()) })] })]),
    );
    const text = only?.children[0]?.text ?? '';
    expect(text.match(/expected {2}a control/g)).toHaveLength(20);
    expect(text).toContain('… and 3 more of the kind');
  });

  test('hostile strings arrive, without what XML cannot hold', () => {
    const [only] = casesOf(
      buildReport([
        scenarioResult({ rules: [failedRule({ message: hostile, evidence: [finding({ subject: hostile })] })] }),
      ]),
    );
    expect(only?.children[0]?.attributes['message']).toBe(
      String.raw`\x1b[31mred\x00 <b a="1">&amp;'</b> ]]> | ${'`x`'} \r\n\t ::error:: \u202etxt.exe @team 😀 \ud800 `,
    );
  });

  test('any report is well-formed, its counts are right, and it is green only for exit 0', () => {
    fc.assert(
      fc.property(arbitraryReport, (report) => {
        const root = parseXml(formatJunit(report));
        for (const one of [root, ...elementsOf(root, 'testsuite')]) {
          expect(one.attributes).toMatchObject({
            tests: String(elementsOf(one, 'testcase').length),
            failures: String(elementsOf(one, 'failure').length),
            errors: String(elementsOf(one, 'error').length),
          });
        }
        const outcomes = elementsOf(root, 'testcase').map((one) => ({
          name: one.attributes['name'],
          outcome: outcomeOf(one),
        }));
        if (report.exitCode !== 0) expect(outcomes.some(({ outcome }) => outcome !== 'passed')).toBe(true);
        if (report.exitCode === 0) expect(outcomes.filter(({ outcome }) => outcome === 'failure')).toEqual([]);
        const ofRules = outcomes.filter(({ name }) => report.rules.some(({ id }) => id === name));
        expect(ofRules).toHaveLength(report.scenarios.flatMap(({ rules }) => rules).length);
        const { pass, warn } = report.summary;
        const passed = ofRules.filter(({ outcome }) => outcome === 'passed').length;
        expect(passed).toBeGreaterThanOrEqual(pass);
        expect(passed).toBeLessThanOrEqual(pass + warn);
        expect(elementsOf(root, 'error')).toHaveLength(report.summary.error);
      }),
    );
  });

  test('times of cases add up to that of their suite', () => {
    const report = buildReport([
      scenarioResult({
        rules: [ruleResult(), ruleResult({ id: 'log/replaced' })],
        wallClock: { totalMs: 3000, clientMs: 1 },
      }),
    ]);
    expect(casesOf(report).map((one) => one.attributes['time'])).toEqual(['1.500', '1.500']);
  });
});
