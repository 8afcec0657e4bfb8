import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatHtml } from '../../../conformance/reporters/html.ts';
import { pageStyle } from '../../../conformance/reporters/html/style.ts';
import type { PageTexts } from '../../../conformance/reporters/html/texts.ts';
import { journalOf } from '../../../conformance/check/judge/scenario-journal.ts';
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

/** What is seen of a cell, and what it is called where that is a sign alone. */
function toldBy(cell: ParsedElement): string {
  const labels = elementsOf(cell, 'a').flatMap(({ attributes }) => attributes['aria-label'] ?? []);
  return [textOf(cell), ...labels].join(' ').trim().replaceAll(/\s+/g, ' ');
}

/** What has an id; where that is what a line opens, with the line. */
function byId(page: ParsedElement, id: string): ParsedElement | undefined {
  const opening = elementsOf(page, 'details').find(({ children }) =>
    children.some(({ attributes }) => attributes['id'] === id),
  );
  return opening ?? elementsOf(page, 'tr').find(({ attributes }) => attributes['id'] === id);
}

/** Ids of what is open, or its class. */
function openIn(page: ParsedElement): Array<string | undefined> {
  return elementsOf(page, 'details')
    .filter(({ attributes }) => 'open' in attributes)
    .map(
      ({ attributes, children }) =>
        children.map((child) => child.attributes['id']).find(Boolean) ?? attributes['class'],
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

  test('opens at the top, with the causes; of them and of the scenarios the first failure is open, and nothing else', () => {
    const report = buildReport([passing, { ...failing, id: 'log/first' }, failing]);
    const page = pageOf(report);
    expect(formatHtml(report, [], texts)).not.toContain('autofocus');
    expect(openIn(page).filter((id) => !id?.startsWith('result/'))).toEqual(['cause', 'scenario/log/first']);
    const [main] = elementsOf(page, 'main');
    expect(main?.children[0]?.attributes['aria-labelledby']).toBe('causes');
  });

  test('says above all what a restore loses at worst, and where', () => {
    const worse = {
      ...failing,
      id: 'log/worse',
      loss: [{ context: 'b', type: 'SNAPSHOT', events: 13, virtualTime: 0 }],
    };
    const [header] = elementsOf(pageOf(buildReport([failing, worse])), 'header');
    const text = header === undefined ? '' : textOf(header);
    expect(text).toContain('a restore loses 13 snapshots of b (SNAPSHOT)');
    const links = header === undefined ? [] : elementsOf(header, 'a').map(({ attributes }) => attributes['href']);
    expect(links).toContain('#scenario/log/worse');
  });

  test('what is expected is open nowhere, and counted as expected', () => {
    const known = { ...failing, id: 'log/known' };
    const openOf = (report: Report): Array<string | undefined> =>
      openIn(pageOf(report)).filter((id) => id?.startsWith('scenario/'));
    const expectedFailures = ['log/known:log/replaced'];
    expect(openOf(buildReport([known, failing], { expectedFailures }))).toEqual(['scenario/log/cleaned']);
    const page = pageOf(buildReport([known, passing], { expectedFailures }));
    expect(openOf(buildReport([known, passing], { expectedFailures }))).toEqual([]);
    const [header] = elementsOf(page, 'header');
    const text = header === undefined ? '' : textOf(header);
    expect(text).toContain('✓ passed');
    expect(text).toContain('1 expected, 1 pass');
    expect(text).toContain('1 expected, 2 pass');
    expect(textOf(page)).toContain('Known, and not counted');
  });

  test('a report without failures opens nothing, and has its warnings in one group', () => {
    const warned = (id: string) => failedRule({ id, level: 'should', status: 'warn' });
    const rules = [ruleResult(), warned('cursor/incremental'), warned('open-segment/included')];
    const page = pageOf(buildReport([passing, { ...passing, id: 'growth/warned', status: 'warn', rules }]));
    expect(openIn(page).filter((id) => !id?.startsWith('result/'))).toEqual([]);
    const groups = elementsOf(page, 'ul').filter(({ attributes }) => attributes['class'] === 'group');
    expect(groups.map(({ children }) => children.map(textOf).map((text) => text.trim().split(' ')[0]))).toEqual([
      [expect.stringContaining('('), expect.stringContaining('(')],
    ]);
  });

  test('a situation that never came about is told in words, with what it means', () => {
    const missed = scenarioResult({
      status: 'inconclusive',
      hazards: [{ id: 'log-cleaned-between-runs', reached: false }],
    });
    const text = textOf(pageOf(buildReport([missed])));
    expect(text).toContain('never came about while the client was at work');
    expect(text).toContain('log files of the last run are gone in the next');
  });

  test('what has been told of a rule is told shorter the next time', () => {
    const five = Array.from({ length: 5 }, (_nothing, place) => finding({ subject: `file ${place}` }));
    const broken = { ...failing, rules: [failedRule({ id: 'log/replaced', evidence: five })] };
    const page = pageOf(buildReport([broken, { ...broken, id: 'log/again' }]));
    const rowsOf = (id: string): number => {
      const section = byId(page, id);
      return section === undefined ? 0 : elementsOf(section, 'td').length / 4;
    };
    expect([rowsOf('result/log/cleaned/log/replaced'), rowsOf('result/log/again/log/replaced')]).toEqual([5, 0]);
    const again = byId(page, 'result/log/again/log/replaced');
    const text = again === undefined ? '' : textOf(again);
    expect(text).toMatch(
      /file 0; when: .*; expected: a control database backup earlier in this run; actual: none at all/,
    );
    expect(text).toContain('… and 4 more of the kind');
  });

  test('the grid has a row for each rule and a column for each scenario; what did not pass leads to why', () => {
    const grid = elementsOf(pageOf(buildReport([passing, failing])), 'table').find(
      ({ attributes }) => attributes['class'] === 'grid',
    );
    const rows = (grid === undefined ? [] : elementsOf(grid, 'tr')).map((row) => row.children.map(toldBy));
    expect(rows).toEqual([
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
