import { stripVTControlCharacters } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatConsoleReport, formatScenarioLine, MOST_LINES } from '../../../conformance/reporters/console.ts';
import { COLUMNS, widthOf } from '../../../conformance/reporters/layout.ts';
import { createReporterStyle, plainStyle } from '../../../conformance/reporters/style.ts';
import { REAL_SERVER } from '../../../conformance/verdict/report.ts';
import { arbitraryReport, hostile } from '../../support/arbitrary-report.ts';
import { buildReport, buildRule, failedRule, finding, ruleResult, scenarioResult } from '../../support/report.ts';

const colours = createReporterStyle({ isTTY: true }, {});

function textOf(...args: Parameters<typeof buildReport>): string {
  return formatConsoleReport(buildReport(...args), plainStyle, () => buildRule());
}

/** The same with every finding of every scenario. */
function verboseTextOf(...args: Parameters<typeof buildReport>): string {
  return formatConsoleReport(buildReport(...args), plainStyle, () => buildRule(), { detail: 'verbose', reports: [] });
}

function linesOf(...results: Array<Parameters<typeof scenarioResult>[0]>): string {
  return results.map((values) => formatScenarioLine(scenarioResult(values), plainStyle)).join('\n');
}

describe('the line of a scenario', () => {
  test('has a symbol, a word, and what to know at once', () => {
    const many = ['a/a', 'a/b', 'a/c', 'a/d'].map((id) => failedRule({ id }));
    expect(
      linesOf(
        {},
        { rules: [ruleResult(), failedRule({ id: 'log/replaced' })] },
        { rules: many },
        { rules: [failedRule({ id: 'order/same-node', status: 'warn' })] },
        { rules: [ruleResult({ status: 'inconclusive' })] },
        { status: 'inconclusive', message: 'not reached: log-cleaned' },
        { rules: [ruleResult({ status: 'not-applicable' })] },
        { status: 'error', rules: [], message: 'Error: no more ports\n    at listen' },
      ),
    ).toMatchInlineSnapshot(`
      "✓ pass            growth/quiet  1 rule  1.3s
      ✗ fail            growth/quiet  log/replaced  1.3s
      ✗ fail            growth/quiet  a/a, a/b, a/c and 1 more  1.3s
      ! warn            growth/quiet  order/same-node  1.3s
      ? inconclusive    growth/quiet  order/control-db-first  1.3s
      ? inconclusive    growth/quiet  not reached: log-cleaned  1.3s
      – not applicable  growth/quiet  1.3s
      E error           growth/quiet  Error: no more ports  1.3s"
    `);
  });

  test('is one line whatever the strings are, and its colours only repeat its words', () => {
    const result = scenarioResult({ status: 'inconclusive', rules: [], message: hostile });
    expect(formatScenarioLine(result, plainStyle)).not.toMatch(/\p{Cc}/u);
    const coloured = formatScenarioLine(scenarioResult(), colours);
    expect(coloured).toContain('\u001B[32m✓ pass');
    expect(stripVTControlCharacters(coloured)).toBe(formatScenarioLine(scenarioResult(), plainStyle));
  });
});

describe('the console report', () => {
  test('tells of a failure what was seen, when, what to do, what is lost, and how to repeat it', () => {
    expect(
      verboseTextOf([
        scenarioResult(),
        scenarioResult({
          id: 'log/cleaned',
          title: 'the log is cleaned',
          rules: [
            failedRule({ evidence: [finding(), finding({ run: 2, atMs: null, subject: '00000000000000000001.log' })] }),
          ],
          loss: [{ context: 'default', type: 'EVENT', events: 12, virtualTime: 200 }],
          artefacts: { folder: '/tmp/out/log.cleaned', isTemporary: true },
        }),
      ]),
    ).toMatchInlineSnapshot(`
      "
      ✗ fail  log/cleaned
        the log is cleaned

        ✗ fail  order/control-db-first  (must)
          Create the control database backup before copying any log segment.
          seen at      GET /v1/backup/log/filenames?context=default
          when         run 1 at 2024-01-01T00:31:00.000Z, virtual time
          expected     a control database backup earlier in this run
          actual       none at all
          seen at      00000000000000000001.log
          when         run 2
          expected     a control database backup earlier in this run
          actual       none at all
          what to do   Send \`POST /v1/backup/createControlDbBackup\` first, and wait for its answer.

        A restore of the last good run loses 12 events of default (EVENT), written over 3m 20s of virtual
        time.
        kept in      /tmp/out/log.cleaned
        repeat with  axon-backup-kit check --only growth/quiet --seed 1 -- ./backup.sh

      What is wrong: 1 cause, in 1 of 2 scenarios

      1. order/control-db-first  (1 scenario)
         Create the control database backup before copying any log segment.
         seen in     log/cleaned, run 1: GET /v1/backup/log/filenames?context=default
         expected    a control database backup earlier in this run
         actual      none at all
         what to do  Send \`POST /v1/backup/createControlDbBackup\` first, and wait for its answer.
         at worst    a restore loses 12 events of default (EVENT), written over 3m 20s of virtual time

      client       ./backup.sh {url}
      judged by    axon-backup-kit 1.2.3, the documented server, seed 1
      scenarios    1 fail, 1 pass
      judgements   1 fail, 1 pass
      exit 1       a MUST rule failed
      kept in      /tmp/out/log.cleaned

      start here   axon-backup-kit check --only growth/quiet --seed 1 -- ./backup.sh
      "
    `);
  });

  test('says in one line what a green report has proved', () => {
    expect(textOf([scenarioResult({ hazards: [{ id: 'quiet', reached: true }] })])).toMatchInlineSnapshot(`
      "
      client       ./backup.sh {url}
      judged by    axon-backup-kit 1.2.3, the documented server, seed 1
      scenarios    1 pass
      judgements   1 pass
      proved       1 rule proved in 1 scenario; 1 judgement, 1 hazard reached; a restore loses nothing
      exit 0       every MUST rule was judged and passed
      "
    `);
  });

  test('says of what a green report loses why that is right: nobody could have it', () => {
    const loss = [
      {
        context: 'default',
        type: 'EVENT',
        events: 3,
        firstToken: '5',
        lastToken: '7',
        virtualMs: 0,
        virtualTime: 0,
      } as const,
    ];
    expect(textOf([scenarioResult({ loss })]).replaceAll(/\s+/g, ' ')).toContain(
      'a restore loses 3 events, of segments that were open or in no list',
    );
  });

  test('tells what was not proved, and that exit 2 is no pass', () => {
    const rules = [
      ruleResult(),
      ruleResult({ id: 'log/replaced', status: 'inconclusive', message: 'nothing to judge: no log' }),
    ];
    const hazards = [
      { id: 'log-cleaned', reached: false },
      { id: 'quiet', reached: true },
    ];
    expect(verboseTextOf([scenarioResult({ rules, hazards, message: 'not reached: log-cleaned' })]))
      .toMatchInlineSnapshot(`
        "
        Not proved
          ? inconclusive  growth/quiet
            hazard log-cleaned: not reached
            rule log/replaced: nothing to judge: no log
            repeat with  axon-backup-kit check --only growth/quiet --seed 1 -- ./backup.sh

        client       ./backup.sh {url}
        judged by    axon-backup-kit 1.2.3, the documented server, seed 1
        scenarios    1 inconclusive
        judgements   1 inconclusive, 1 pass
        exit 2       nothing failed, but something is inconclusive: not all was proved

        start here   axon-backup-kit check --only growth/quiet --seed 1 -- ./backup.sh
        "
      `);
  });

  test('gives the reason of what is not applicable once', () => {
    const waived = ruleResult({
      id: 'open-segment/included',
      status: 'not-applicable',
      message: 'the client declares no-open-segment',
    });
    const text = textOf([
      scenarioResult({ rules: [ruleResult(), waived] }),
      scenarioResult({ id: 'b', rules: [ruleResult(), waived] }),
    ]);
    expect(text.match(/open-segment\/included: the client declares no-open-segment/g)).toHaveLength(1);
  });

  test('shows a rule in full where it fails first, and in short afterwards', () => {
    const rules = [
      failedRule({ evidence: Array.from({ length: 7 }, (_nothing, place) => finding({ subject: `file ${place}` })) }),
    ];
    const text = verboseTextOf([scenarioResult({ id: 'a', rules }), scenarioResult({ id: 'b', rules })]);
    expect(text.match(/seen at {6}file \d/g)).toHaveLength(6);
    expect(text).toContain('… and 2 more of the kind');
    expect(text).toContain('… and 6 more of the kind');
    expect(text.match(/what to do {3}Send/g)).toHaveLength(1);
    expect(text.match(/what to do {3}as above/g)).toHaveLength(1);
  });

  test('marks expected failures, and names those that no longer fail', () => {
    const text = verboseTextOf([scenarioResult({ rules: [failedRule(), ruleResult({ id: 'log/replaced' })] })], {
      expectedFailures: ['order/control-db-first', 'log/replaced'],
    });
    expect(text).toContain('order/control-db-first  (must, expected to fail)');
    expect(text).toMatch(/Known, and not counted\n {2}order\/control-db-first {2}\(1 scenario\)/);
    expect(text).toMatch(/no longer true: take it off\n {2}log\/replaced\n/);
    expect(text).toMatch(/exit 1 .* an expected failure no longer fails/);
    expect(text).not.toContain('a MUST rule failed');
  });

  test("says that the kit's own fault is not the client's", () => {
    const text = verboseTextOf([
      scenarioResult({ status: 'error', rules: [], message: 'Error: no more ports\n    at listen (server.ts:1)' }),
    ]);
    expect(text).toContain('E error  growth/quiet');
    expect(text).toContain('\n      at listen (server.ts:1)\n');
    expect(text).toMatch(/exit 70 .*no fault of the client/);
  });

  test('says why a warning made the check fail', () => {
    const rules = [ruleResult(), failedRule({ id: 'order/same-node', level: 'should', status: 'warn' })];
    expect(textOf([scenarioResult({ rules })], { failOn: 'warn' })).toMatch(/exit 1 .*--fail-on warn/);
    expect(textOf([scenarioResult({ rules })])).toMatch(/warnings .*--fail-on warn makes them count\nexit 0/);
  });

  test('promises no more of a real server than a trace can prove', () => {
    const text = textOf([scenarioResult()], { serverVersion: REAL_SERVER });
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      'exit 0 every MUST rule that a trace can prove was judged and passed',
    );
  });

  test('stays within its columns where words allow, and never cuts the command', () => {
    const repro = `axon-backup-kit check --only a/b -- ${'x '.repeat(80)}end`;
    const actual = 'some words '.repeat(40);
    const text = verboseTextOf([scenarioResult({ repro, rules: [failedRule({ evidence: [finding({ actual })] })] })]);
    const long = text.split('\n').filter((line) => widthOf(line) > COLUMNS);
    expect(long).toEqual([`  repeat with  ${repro}`, `start here   ${repro}`]);
  });

  /** What a client had on stderr, or called its files, could silence all annotations of the job. */
  test('no line of it is a command for the CI that shows it', () => {
    const words = '::stop-commands::x ##[group]x ##vso[task.x]x ##teamcity[x]';
    const stderrTail = [...words.split(' '), `  ${words}`];
    const runs = scenarioResult().runs.map((run) => ({ ...run, exitCode: 1, stderrTail }));
    const evidence = [finding({ subject: words, expected: words.repeat(4), actual: words.repeat(4) })];
    for (const text of [textOf, verboseTextOf].map((of) =>
      of([scenarioResult({ runs, rules: [failedRule({ evidence })] })]),
    )) {
      expect(text).toContain('stop-commands');
      expect(text.split('\n').filter((line) => /^\s*(?:::|##)/.test(line))).toEqual([]);
    }
  });

  test('no string of the client reaches the terminal as anything but text', () => {
    fc.assert(
      fc.property(arbitraryReport, (report) => {
        const text = formatConsoleReport(report, plainStyle);
        expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cs}|\p{Bidi_Control}/u);
        expect(text).toMatch(new RegExp(`\\nexit ${report.exitCode} +\\S`));
        expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(MOST_LINES);
      }),
    );
  });
});

describe('the style', () => {
  test.each([
    ['a pipe', { isTTY: false }, {}, false],
    ['a terminal', { isTTY: true }, {}, true],
    ['a terminal with NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }, false],
    ['a terminal with an empty NO_COLOR', { isTTY: true }, { NO_COLOR: '' }, true],
    ['a pipe with FORCE_COLOR', { isTTY: false }, { FORCE_COLOR: '1' }, true],
    ['a terminal with FORCE_COLOR=0', { isTTY: true }, { FORCE_COLOR: '0' }, false],
    ['a pipe with both', {}, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ])('of %s', (_name, stream, environment, hasColours) => {
    expect(createReporterStyle(stream, environment).red('x') !== 'x').toBe(hasColours);
  });

  test.each([
    [{ isTTY: true, columns: 80 }, 80],
    [{ isTTY: true, columns: 20 }, 60],
    [{ isTTY: true, columns: 300 }, 120],
    [{ isTTY: true }, COLUMNS],
    [{ columns: 80 }, COLUMNS],
  ])('of %j has lines of at most %i columns', (stream, columns) => {
    const style = createReporterStyle(stream, { NO_COLOR: '1' });
    expect(style.columns).toBe(columns);
    const words = 'twelve words that go on until no terminal has any room left '.repeat(9).trim();
    const report = buildReport([scenarioResult({ rules: [failedRule({ evidence: [finding({ actual: words })] })] })]);
    const verbose = { detail: 'verbose', reports: [] } as const;
    for (const view of [undefined, verbose]) {
      const lines = formatConsoleReport(report, style, () => buildRule(), view).split('\n');
      // But for the sign that something is cut off.
      const wrapped = lines
        .filter((line) => /twelve|terminal/.test(line))
        .map((line) => widthOf(line.replace(/ …$/, '')));
      expect(Math.max(...wrapped)).toBeLessThanOrEqual(columns);
      expect(Math.max(...wrapped)).toBeGreaterThan(columns - 20);
    }
  });
});
