import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatHtml } from '../../../conformance/reporters/html.ts';
import { pageStyle } from '../../../conformance/reporters/html/style.ts';
import type { PageTexts } from '../../../conformance/reporters/html/texts.ts';
import { journalOf } from '../../../conformance/check/scenario-journal.ts';
import type { Report } from '../../../conformance/verdict/report.ts';
import type { ScenarioJournal } from '../../../conformance/verdict/scenario-journal.ts';
import { arbitraryReport, hostile } from '../../support/arbitrary-report.ts';
import { contrastOf, palettesOf } from '../../support/contrast.ts';
import { evidence, goodRun } from '../../support/evidence.ts';
import { elementsOf, parseXmlElement, type ParsedElement } from '../../support/parsed-xml.ts';
import {
  buildReport,
  buildRule,
  buildScenario,
  failedRule,
  finding,
  ruleResult,
  scenarioResult,
} from '../../support/report.ts';

const texts: PageTexts = {
  ruleOf: (id) => buildRule({ id }),
  storyOf: (id) => buildScenario({ id, story: 'The log goes.' }),
};

/** The body as elements: it is written as XML, but for `]]>`, which a page may have. */
function bodyOf(html: string): ParsedElement {
  const body = html.slice(html.indexOf('<body>'), html.indexOf('</body>') + '</body>'.length);
  return parseXmlElement(body.replaceAll(']]>', ']]&gt;'));
}

function pageOf(report: Report, journals: readonly ScenarioJournal[] = []): ParsedElement {
  return bodyOf(formatHtml(report, journals, texts));
}

/** All text of an element: its own, then that of its children. */
function textOf(element: ParsedElement): string {
  return element.text + element.children.map(textOf).join(' ');
}

function byId(page: ParsedElement, id: string): ParsedElement | undefined {
  return [...new Set(['details', 'section', 'tr', 'h2'].flatMap((name) => elementsOf(page, name)))].find(
    ({ attributes }) => attributes['id'] === id,
  );
}

/** Each id stands once, and every link leads somewhere; gives the number of ids. */
function expectSoundLinks(html: string): number {
  const ids = [...html.matchAll(/ id="(?<id>[^"]*)"/g)].map((match) => match.groups?.['id'] ?? '');
  const known = new Set(ids);
  expect(known.size).toBe(ids.length);
  const targets = [...html.matchAll(/ (?:href="#|aria-labelledby="|aria-describedby="|fill="url\(#)(?<id>[^")]*)/g)];
  expect(targets.map((match) => match.groups?.['id'] ?? '').filter((id) => !known.has(id))).toEqual([]);
  return ids.length;
}

function goodJournal(scenario: string, serverVersion = 'documented'): ScenarioJournal {
  return journalOf({ id: scenario, serverVersion }, evidence({ runs: [goodRun(1), goodRun(2)] }), []);
}

const passing = scenarioResult({ id: 'growth/quiet' });
const failing = scenarioResult({
  id: 'log/cleaned',
  title: 'the log is cleaned',
  rules: [
    failedRule({ id: 'log/replaced', evidence: [finding({ subject: 'GET /v1/backup/log/filenames (request 2)' })] }),
    ruleResult({ id: 'log/all-groups', message: '2 groups' }),
  ],
  loss: [{ context: 'default', type: 'EVENT', events: 12, virtualTime: 200 }],
  artefacts: { folder: '/tmp/out/log.cleaned', isTemporary: false },
});

describe('the HTML report', () => {
  test('is one file without any script, and forbids itself the network', () => {
    const html = formatHtml(buildReport([passing, failing]), [goodJournal('log/cleaned')], texts);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(html).not.toMatch(/<script|<link|<img|\bsrc=|@import|url\((?!#)/);
    const links = elementsOf(bodyOf(html), 'a').map(({ attributes }) => attributes['href'] ?? '');
    expect(links.filter((href) => !href.startsWith('#'))).toEqual([]);
  });

  test('says first what came of it, and why', () => {
    const [header] = elementsOf(pageOf(buildReport([passing, failing])), 'header');
    const text = header === undefined ? '' : textOf(header);
    for (const part of ['✗ failed', ', exit 1: a MUST rule failed.', '1 fail, 1 pass']) expect(text).toContain(part);
  });

  test('shows what is wrong with where, when, what was expected and what to do', () => {
    const section = byId(pageOf(buildReport([failing])), 'result/log/cleaned/log/replaced');
    const text = section === undefined ? '' : textOf(section);
    const { expected, actual } = finding();
    const parts = ['✗ fail', 'log/replaced', 'request 2', 'run 1, 2024-01-01 00:31:00.000', expected, actual];
    for (const part of [...parts, 'What to do:']) expect(text).toContain(part);
  });

  test('shows what is lost, the runs, the command that repeats it, and where it was kept', () => {
    const text = textOf(pageOf(buildReport([failing])));
    for (const part of [
      'lost: 12 events of default (EVENT), written over 3m 20s of virtual time',
      '2024-01-01 00:30:00.000',
      failing.repro,
      '/tmp/out/log.cleaned',
      'The log goes.',
    ]) {
      expect(text).toContain(part);
    }
  });

  test('opens at the first failure: its scenario is open, and its line has the focus', () => {
    const report = buildReport([passing, { ...failing, id: 'log/first' }, failing]);
    const page = pageOf(report);
    const focused = elementsOf(page, 'summary').filter(({ attributes }) => 'autofocus' in attributes);
    expect(focused.map(textOf)).toEqual([expect.stringContaining('log/first')]);
    const isOpen = (id: string): boolean => 'open' in (byId(page, `scenario/${id}`)?.attributes ?? {});
    expect(['growth/quiet', 'log/first', 'log/cleaned'].map(isOpen)).toEqual([false, true, true]);
  });

  test('an expected failure is not where it opens, as long as there is another', () => {
    const known = { ...failing, id: 'log/known' };
    const focusOf = (report: Report): string =>
      elementsOf(pageOf(report), 'summary')
        .filter(({ attributes }) => 'autofocus' in attributes)
        .map(textOf)
        .join();
    const expectedFailures = ['log/known:log/replaced'];
    expect(focusOf(buildReport([known, failing], { expectedFailures }))).toContain('log/cleaned');
    expect(focusOf(buildReport([known], { expectedFailures }))).toContain('log/known');
  });

  test('a report without failures has no focus anywhere', () => {
    const page = pageOf(buildReport([passing]));
    expect(elementsOf(page, 'summary').filter(({ attributes }) => 'autofocus' in attributes)).toEqual([]);
  });

  test('the grid has a row for each rule and a column for each scenario; what did not pass leads to why', () => {
    const grid = elementsOf(pageOf(buildReport([passing, failing])), 'table').find(
      ({ attributes }) => attributes['class'] === 'grid',
    );
    const rows = (grid === undefined ? [] : elementsOf(grid, 'tr')).map((row) => row.children.map(textOf));
    expect(rows.map((row) => row.map((cell) => cell.trim().replaceAll(/\s+/g, ' ')))).toEqual([
      ['Rule', '1 growth/quiet', '2 log/cleaned'],
      ['order/control-db-first must', '✓ pass', 'not judged'],
      ['log/replaced must', 'not judged', '✗ fail'],
      ['log/all-groups must', 'not judged', '✓ pass'],
    ]);
    const links = grid === undefined ? [] : elementsOf(grid, 'td').flatMap((cell) => elementsOf(cell, 'a'));
    expect(links.map(({ attributes }) => attributes['href'])).toEqual(['#result/log/cleaned/log/replaced']);
  });

  test('the text of a rule stands in it once, with a good and a bad course of events', () => {
    const text = textOf(pageOf(buildReport([failing, { ...failing, id: 'log/again' }])));
    expect(text.split('GET  log/filenames\nPOST createControlDbBackup   <- too late')).toHaveLength(3);
    const article = byId(pageOf(buildReport([failing])), 'rule/log/replaced');
    const [link] = (article === undefined ? [] : elementsOf(article, 'a')).map(({ attributes }) => attributes['href']);
    expect(link).toBe('#result/log/cleaned/log/replaced');
  });

  test('a scenario with a journal has its picture and its requests', () => {
    const page = pageOf(buildReport([failing]), [goodJournal('log/cleaned')]);
    expect(elementsOf(page, 'svg')).toHaveLength(1);
    const request = byId(page, 'request/log/cleaned/2');
    const text = request === undefined ? '' : textOf(request);
    expect(text).toContain('GET /v1/backup/log/filenames?context=_admin');
    expect(text).toMatch(/200.*2 files/);
  });

  test('a scenario in which the kit failed has none, and says what happened', () => {
    const broken = scenarioResult({ id: 'log/broken', status: 'error', rules: [], message: 'Error: oh\n  at x.ts:1' });
    const page = pageOf(buildReport([broken]), [goodJournal('log/other')]);
    expect(elementsOf(page, 'svg')).toHaveLength(0);
    expect(elementsOf(page, 'pre').map(textOf)).toContain('Error: oh\n  at x.ts:1');
  });

  test('of a client that asks for ever the first requests are shown, and the rest is counted', () => {
    const journal = goodJournal('log/cleaned');
    const [request] = journal.requests;
    if (request === undefined) throw new Error('a good run asks');
    const requests = Array.from({ length: 5000 }, (_, place) => ({ ...request, ordinal: place + 1 }));
    const page = pageOf(buildReport([failing]), [{ ...journal, requests }]);
    expect(byId(page, 'request/log/cleaned/200')).toBeDefined();
    expect(byId(page, 'request/log/cleaned/201')).toBeUndefined();
    expect(textOf(page)).toContain('… and 4800 more');
  });

  test('pictures do not get into one another: each id stands once, and every link leads somewhere', () => {
    const many = Array.from({ length: 5 }, (_, place) => ({ ...failing, id: `log/number-${place}` }));
    const html = formatHtml(
      buildReport([passing, ...many]),
      many.map(({ id }) => goodJournal(id)),
      texts,
    );
    expect(expectSoundLinks(html)).toBeGreaterThan(50);
  });

  test('tables have heads with a scope, regions a name, and there is a way past the head', () => {
    const page = pageOf(buildReport([passing, failing]), [goodJournal('log/cleaned')]);
    const heads = elementsOf(page, 'th');
    expect(heads.length).toBeGreaterThan(20);
    expect(heads.filter(({ attributes }) => !['col', 'row'].includes(attributes['scope'] ?? ''))).toEqual([]);
    const regions = elementsOf(page, 'div').filter(({ attributes }) => attributes['role'] === 'region');
    const names = regions.map(({ attributes }) => attributes['aria-label'] ?? '');
    expect(new Set(names).size).toBe(names.length);
    expect(elementsOf(page, 'main')).toHaveLength(1);
    expect(elementsOf(page, 'a')[0]?.attributes).toMatchObject({ class: 'skip', href: '#scenario/log/cleaned' });
  });

  test.each(['light', 'dark'] as const)('its text is read well in %s', (scheme) => {
    const palette = palettesOf(pageStyle)[scheme];
    const pairs = [
      ...['ink', 'muted', 'link'].flatMap((name) => ['paper', 'soft'].map((ground) => [name, ground] as const)),
      ...['pass', 'fail', 'open', 'calm'].map((name) => [name, `${name}-soft`] as const),
      ['ink', 'open-soft'] as const,
    ];
    const weak = pairs.filter(([name, ground]) => contrastOf(palette.get(name) ?? '', palette.get(ground) ?? '') < 4.5);
    expect(weak).toEqual([]);
  });

  test('strange text shows itself and does nothing else', () => {
    const strange = scenarioResult({
      id: 'log/strange',
      title: hostile,
      rules: [failedRule({ evidence: [finding({ subject: '<script>alert(1)</script>', actual: hostile })] })],
      repro: `x '</pre><script>'`,
    });
    const journal = { ...goodJournal('log/strange') };
    const requests = journal.requests.map((request) => ({ ...request, path: '/"><script>', query: { a: '</svg>' } }));
    const html = formatHtml(buildReport([strange], { argv: ['</title><script>'] }), [{ ...journal, requests }], texts);
    expect(html).not.toContain('<script');
    expect(textOf(bodyOf(html))).toContain('<script>alert(1)</script>');
    expect(html).not.toContain('\u202E');
  });

  test('any report gives a page that is well-formed', () => {
    fc.assert(
      fc.property(arbitraryReport, (report) => {
        const html = formatHtml(
          report,
          report.scenarios.slice(1).map(({ id, serverVersion }) => goodJournal(id, serverVersion)),
          texts,
        );
        const articles = elementsOf(bodyOf(html), 'article').flatMap((article) => elementsOf(article, 'h3'));
        expect(articles).toHaveLength(report.scenarios.length + report.rules.length);
        expectSoundLinks(html);
      }),
      { numRuns: 60 },
    );
  });
});
