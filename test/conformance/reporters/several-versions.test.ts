import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { formatConsoleReport, formatScenarioLine } from '../../../conformance/reporters/console.ts';
import { formatHtml } from '../../../conformance/reporters/html.ts';
import { formatJson } from '../../../conformance/reporters/json.ts';
import { formatJunit } from '../../../conformance/reporters/junit.ts';
import { formatMarkdown } from '../../../conformance/reporters/markdown.ts';
import { createReporterStyle, plainStyle } from '../../../conformance/reporters/style.ts';
import { journalOf } from '../../../conformance/check/judge/scenario-journal.ts';
import type { Report } from '../../../conformance/verdict/report.ts';
import { evidence, goodRun } from '../../support/evidence.ts';
import { elementsOf, parseXml, parseXmlElement, type ParsedElement } from '../../support/parsed-xml.ts';
import {
  buildReport,
  failedRule,
  notPlayed,
  ruleResult,
  scenarioResult,
  withEachVersion,
} from '../../support/report.ts';

const warned = failedRule({ id: 'cursor/incremental', level: 'should', status: 'warn' });
const report: Report = buildReport(
  [
    ...withEachVersion('log/cleaned', {
      documented: { rules: [ruleResult(), ruleResult({ id: 'cursor/incremental', level: 'should' })] },
      '4.5': { rules: [failedRule(), warned] },
    }),
    ...withEachVersion('coverage/groups', { '4.2': notPlayed }),
  ].toSorted((a, b) => order(a.serverVersion) - order(b.serverVersion)),
  { serverVersion: 'all' },
);

function order(version: string): number {
  return ['documented', '4.2', '4.5', '4.6', '2023.2'].indexOf(version);
}

/** From one line to the next empty one. */
function partOf(text: string, beginning: string): string {
  const from = text.indexOf(beginning);
  return from < 0 ? '' : (text.slice(from).split('\n\n')[0] ?? '');
}

describe('on the console, several versions', () => {
  test('stand before the scenarios', () => {
    const [, , , , failed] = report.scenarios;
    if (failed === undefined) throw new Error('there are ten results');
    expect(formatScenarioLine(failed, plainStyle, report)).toBe(
      '✗ fail            4.5 log/cleaned  order/control-db-first  1.3s',
    );
    expect(formatScenarioLine(failed, plainStyle)).toContain('fail            log/cleaned');
    const view = { detail: 'verbose', reports: [] } as const;
    expect(formatConsoleReport(report, plainStyle, undefined, view)).toContain('✗ fail  4.5 log/cleaned\n');
    expect(formatConsoleReport(report, plainStyle)).toContain('seen in     4.5 log/cleaned, run 1');
  });

  test('have a table of the rules, behind the failures', () => {
    const text = formatConsoleReport(report, plainStyle);
    expect(partOf(text, 'Rules by server version')).toMatchInlineSnapshot(`
      "Rules by server version
                                documented  4.2  4.5  4.6  2023.2
        order/control-db-first  ✓           ✓    ✗    ✓    ✓
        cursor/incremental      ✓                !
        ✗ fail, ! warn, ✓ pass, blank: not judged there"
    `);
    expect(text.indexOf('✗ fail  4.5 log/cleaned')).toBeLessThan(text.indexOf('Rules by server version'));
    const coloured = formatConsoleReport(report, createReporterStyle({ isTTY: true }, {}));
    expect(coloured).toContain('\u001B[31m✗');
    expect(stripVTControlCharacters(coloured)).toBe(text);
  });

  test('say once why one of them cannot play a scenario', () => {
    const text = formatConsoleReport(report, plainStyle);
    expect(partOf(text, 'Not applicable')).toMatchInlineSnapshot(`
      "Not applicable, and not counted as passed
        coverage/groups: 4.2 has no replication groups apart from contexts"
    `);
    const unplayed = report.scenarios.find(({ status }) => status === 'not-applicable');
    if (unplayed === undefined) throw new Error('one was not played');
    expect(formatScenarioLine(unplayed, plainStyle, report)).toContain(
      '– not applicable  4.2 coverage/groups  4.2 has no replication groups apart from contexts',
    );
  });

  test('are named where a rule does not apply with some of them', () => {
    const rules = [ruleResult(), ruleResult({ id: 'a/rule', status: 'not-applicable', message: 'nothing is listed' })];
    const everywhere = [ruleResult({ id: 'b/rule', status: 'not-applicable', message: 'the client declares it' })];
    const scenarios = [
      ...withEachVersion('a/b', { '4.2': { rules }, '4.5': { rules } }),
      ...withEachVersion('a/c').map((scenario) => ({ ...scenario, rules: everywhere })),
    ];
    const text = formatConsoleReport(buildReport(scenarios, { serverVersion: 'all' }), plainStyle);
    expect(text).toContain('  a/rule: nothing is listed (4.2, 4.5)\n');
    expect(text).toContain('  b/rule: the client declares it\n');
  });

  test('are counted where all is well, and one version has no table', () => {
    const good = buildReport([...withEachVersion('a/b', { '4.2': notPlayed }), ...withEachVersion('a/c')], {
      serverVersion: 'all',
    });
    expect(formatConsoleReport(good, plainStyle)).toContain(
      'proved       1 rule proved in 2 scenarios with 5 server versions; 9 judgements',
    );
    const text = formatConsoleReport(buildReport([scenarioResult({ serverVersion: '4.2' })]), plainStyle);
    expect(text).not.toContain('Rules by server version');
  });
});

describe('in Markdown, several versions', () => {
  const text = formatMarkdown(report);

  test('are columns of the scenarios and of the rules, in words', () => {
    expect(partOf(text, '| # |')).toMatchInlineSnapshot(`
      "| # | scenario | situation | documented | 4.2 | 4.5 | 4.6 | 2023.2 |
      | --- | --- | --- | --- | --- | --- | --- | --- |
      | 1 | \`log/cleaned\` | nothing happens | ✓ pass | ✓ pass | ✗ fail | ✓ pass | ✓ pass |
      | 2 | \`coverage/groups\` | nothing happens | ✓ pass | – not applicable | ✓ pass | ✓ pass | ✓ pass |"
    `);
    expect(partOf(text, '| rule | level | documented')).toMatchInlineSnapshot(`
      "| rule | level | documented | 4.2 | 4.5 | 4.6 | 2023.2 |
      | --- | --- | --- | --- | --- | --- | --- |
      | \`order/control-db-first\` | must | ✓ pass | ✓ pass | ✗ fail | ✓ pass | ✓ pass |
      | \`cursor/incremental\` | should | ✓ pass |   | ! warn |   |   |"
    `);
    expect(text.indexOf('### Rules by server version')).toBeLessThan(text.indexOf('Rules and scenarios'));
  });

  test('are one in the grid, by the gravest', () => {
    expect(partOf(text, '| rule | level | 1')).toMatchInlineSnapshot(`
      "| rule | level | 1 | 2 |
      | --- | --- | --- | --- |
      | \`order/control-db-first\` | must | ✗ | ✓ |
      | \`cursor/incremental\` | should | ! |   |"
    `);
    expect(text).toContain('blank: not judged there; the gravest of all versions');
  });

  test('stand before the scenarios that failed, and what was not played has its reason', () => {
    expect(text).toContain('#### ✗ fail `4.5 log/cleaned`');
    expect(text).toContain('- `coverage/groups`: 4.2 has no replication groups apart from contexts');
  });

  test('fit into a comment', () => {
    const rules = Array.from({ length: 35 }, (_nothing, place) => failedRule({ id: `area/a-long-name-${place}` }));
    const many = Array.from({ length: 45 }, (_nothing, place) =>
      withEachVersion(`area/the-name-of-a-scenario-${place}`, {
        documented: { rules },
        '4.2': { rules },
        '4.5': { rules },
        '4.6': { rules },
        '2023.2': { rules },
      }),
    );
    expect(formatMarkdown(buildReport(many.flat(), { serverVersion: 'all' })).length).toBeLessThan(65_536);
  });
});

describe('in JUnit, several versions', () => {
  const root = parseXml(formatJunit(report));

  test('are in the names of suites and classes, so that no two are the same', () => {
    const suites = elementsOf(root, 'testsuite').map(({ attributes }) => attributes['name']);
    expect(suites.slice(0, 4)).toEqual([
      'documented log/cleaned',
      'documented coverage/groups',
      '4.2 log/cleaned',
      '4.2 coverage/groups',
    ]);
    const cases = elementsOf(root, 'testcase').map(({ attributes: { classname, name } }) => `${classname} ${name}`);
    expect(new Set(cases).size).toBe(cases.length);
    expect(cases).toContain('4.5.log/cleaned cursor/incremental');
    const versions = elementsOf(root, 'property').filter(({ attributes }) => attributes['name'] === 'server-version');
    expect(versions.slice(1, 3).map(({ attributes }) => attributes['value'])).toEqual(['documented', '4.2']);
  });

  test('skip what one of them cannot play', () => {
    const suite = elementsOf(root, 'testsuite').find(({ attributes }) => attributes['name'] === '4.2 coverage/groups');
    expect(suite?.attributes).toMatchObject({ tests: '1', skipped: '1' });
  });
});

describe('in HTML, several versions', () => {
  const journals = report.scenarios.map((scenario) =>
    journalOf(scenario, evidence({ runs: [goodRun(1)] }), scenario.rules),
  );
  const html = formatHtml(report, journals);
  const body = parseXmlElement(html.slice(html.indexOf('<body>'), html.indexOf('</body>') + '</body>'.length));
  const textOf = (element: ParsedElement): string => element.text + element.children.map(textOf).join(' ');
  const rowsOf = (table: ParsedElement | undefined): string[][] =>
    (table === undefined ? [] : elementsOf(table, 'tr')).map((row) =>
      row.children.map((cell) => {
        const labels = elementsOf(cell, 'a').flatMap(({ attributes }) => attributes['aria-label'] ?? []);
        return [textOf(cell), ...labels].join(' ').trim().replaceAll(/\s+/g, ' ');
      }),
    );
  const tablesOf = (name: string): ParsedElement[] =>
    elementsOf(body, 'table').filter(({ attributes }) => attributes['class'] === name);

  test('have a table of rules, with words beside colours', () => {
    expect(rowsOf(tablesOf('versions')[0])).toEqual([
      ['Rule', 'documented', '4.2', '4.5', '4.6', '2023.2'],
      ['order/control-db-first must', '✓ pass', '✓ pass', '✗ fail', '✓ pass', '✓ pass'],
      ['cursor/incremental should', '✓ pass', 'not judged', '! warn', 'not judged', 'not judged'],
    ]);
    expect(html.indexOf('<table class="versions"')).toBeLessThan(html.indexOf('<table class="grid"'));
  });

  test('are one in the grid, by the gravest, which leads to the version that it is of', () => {
    const [grid, ...others] = tablesOf('grid');
    expect(others).toEqual([]);
    expect(rowsOf(grid)).toEqual([
      ['Rule', '1 log/cleaned', '2 coverage/groups'],
      ['order/control-db-first must', '✗ fail', '✓ pass'],
      ['cursor/incremental should', '! warn', 'not judged'],
    ]);
    const links = grid === undefined ? [] : elementsOf(grid, 'td').flatMap((cell) => elementsOf(cell, 'a'));
    expect(links.map(({ attributes }) => attributes['href'])).toEqual([
      '#result/4.5/log/cleaned/order/control-db-first',
      '#result/4.5/log/cleaned/cursor/incremental',
    ]);
  });

  test('have a line each, of which that with the first failure is open', () => {
    const groups = elementsOf(body, 'details').filter((details) =>
      details.children.some((summary) =>
        elementsOf(summary, 'h3').some((h3) => textOf(h3).match(/^(Server version|The documented server)/)),
      ),
    );
    expect(groups).toHaveLength(5);
    const opened = groups.filter(({ attributes }) => 'open' in attributes);
    expect(opened.flatMap((group) => elementsOf(group, 'summary').slice(0, 1).map(textOf)).join()).toContain('4.5');
    const names = elementsOf(body, 'article').flatMap((article) => elementsOf(article, 'h3').map(textOf));
    expect(names).toEqual(expect.arrayContaining(['2. coverage/groups (4.2)', '1. log/cleaned (4.5)']));
  });

  test('have places of their own in the page, and pictures of their own', () => {
    const ids = [...html.matchAll(/ id="(?<id>[^"]*)"/g)].map((match) => match.groups?.['id'] ?? '');
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(
      expect.arrayContaining(['scenario/4.5/log/cleaned', 'result/4.5/log/cleaned/cursor/incremental']),
    );
    expect(ids.filter((id) => /^request\/4\.5\/log\/cleaned\/\d+$/.test(id)).length).toBeGreaterThan(0);
  });

  test('show the timeline of what has passed with the first of them alone, and say where the others have theirs', () => {
    const articles = elementsOf(body, 'article');
    const withPicture = articles.filter((article) => elementsOf(article, 'svg').length > 0);
    const names = withPicture.flatMap((article) => elementsOf(article, 'h3').map(textOf));
    expect(names.filter((name) => name.includes('log/cleaned'))).toEqual([
      '1. log/cleaned (documented)',
      '1. log/cleaned (4.5)',
    ]);
    const short = articles.filter((article) => textOf(article).includes('The report of this version alone has'));
    expect([withPicture.length, short.length]).toEqual([4, 6]);
  });

  test('of a rule, tell version by version where it did not pass', () => {
    const article = elementsOf(body, 'div').find(({ attributes }) => attributes['id'] === 'rule/cursor/incremental');
    const text = article === undefined ? '' : textOf(article).replaceAll(/\s+/g, ' ');
    expect(text).toContain('Passed with the documented server in');
    expect(text).toContain('Not passed with 4.5 in');
  });

  test('with one version, places are as they have always been', () => {
    const one = formatHtml(buildReport([scenarioResult({ serverVersion: '4.2' })], { serverVersion: '4.2' }));
    expect(one).toContain('id="scenario/growth/quiet"');
    expect(one).not.toContain('class="versions"');
  });
});

test('in JSON, each result has its version, and each rule what became of it with each', () => {
  const { serverVersion, rules, scenarios } = JSON.parse(formatJson(report)) as Report;
  expect(serverVersion).toBe('all');
  expect(rules.map(({ versions }) => versions)).toEqual(report.rules.map(({ versions }) => versions));
  expect(scenarios.slice(0, 3).map((scenario) => [scenario.serverVersion, scenario.id])).toEqual([
    ['documented', 'log/cleaned'],
    ['documented', 'coverage/groups'],
    ['4.2', 'log/cleaned'],
  ]);
});
