import { describeRestored } from '../restored-text.ts';
import type { Element } from 'xast';
import { drawTimeline } from '../../../timeline/index.ts';
import type { Report, ReportedRestore, RuleResult, RunSummary, ScenarioResult } from '../../verdict/report.ts';
import type { ScenarioJournal } from '../../verdict/scenario-journal.ts';
import { formatLoss } from '../evidence-text.ts';
import { isKnown, lastingFolder, unreachedHazards } from '../report-facts.ts';
import { nameOf } from '../scenario-name.ts';
import { anchorOfResult, anchorOfRule, anchorOfScenario } from './anchors.ts';
import { badge, el, lines, markup, prose, scrolling, table, type Content } from './elements.ts';
import { messageOf, ruleFailure } from './findings.ts';
import { requestsTable } from './requests-table.ts';
import type { PageTexts } from './texts.ts';

/** What the section of a scenario needs beside its result. */
export interface ScenarioSurroundings {
  readonly report: Report;
  /** From 1; how the grid of its version names it. */
  readonly number: number;
  /** Begins the ids within its picture. */
  readonly pictureId: string;
  readonly journal: ScenarioJournal | undefined;
  /** Whether picture and requests are left out. */
  readonly isShort: boolean;
  readonly texts: PageTexts;
  /** True for the one at which the page opens. */
  readonly isFirstFailure: boolean;
}

/** A scenario: open where something is wrong, else a line that opens. */
export function scenarioSection(scenario: ScenarioResult, surroundings: ScenarioSurroundings): Element {
  const { report, number, isFirstFailure } = surroundings;
  const name = nameOf(scenario, report);
  const isWrong = scenario.status === 'fail' || scenario.status === 'error';
  const isOpen = isFirstFailure || (isWrong && !isKnown(report, scenario));
  return el(
    'article',
    {},
    el(
      'details',
      { id: anchorOfScenario(name), ...(isOpen ? { open: '' } : {}) },
      // The browser goes to what has the focus: so the page opens at the first failure, without any script.
      el(
        'summary',
        isFirstFailure ? { autofocus: '' } : {},
        badge(isKnown(report, scenario) ? 'expected' : scenario.status),
        el('h3', {}, `${number}. ${scenario.id}${name === scenario.id ? '' : ` (${scenario.serverVersion})`}`),
        el('span', { class: 'muted' }, ` ${scenario.title}`),
      ),
      el('div', { class: 'inside' }, contentOf(scenario, surroundings)),
    ),
  );
}

function contentOf(scenario: ScenarioResult, surroundings: ScenarioSurroundings): Content[] {
  const { report, pictureId, journal, isShort, texts } = surroundings;
  const name = nameOf(scenario, report);
  const story = texts.storyOf(scenario.id)?.story;
  const wrong = scenario.rules.filter(({ status }) => status === 'fail' || status === 'warn' || status === 'error');
  const rest = scenario.rules.filter((rule) => !wrong.includes(rule));
  const missed = unreachedHazards(scenario);
  const folder = lastingFolder(scenario);
  return [
    ...(story === undefined ? [] : [el('p', {}, prose(story))]),
    ...(scenario.message === null ? [] : [messageOf(scenario.message)]),
    ...(scenario.notes ?? []).map((note) => el('p', {}, el('strong', {}, 'Noted: '), note)),
    ...(journal === undefined ? [] : [pictureOf(name, journal, pictureId)]),
    ...wrong.map((rule) => ruleFailure(report, scenario, rule, texts)),
    el('h4', {}, 'After a restore'),
    lossOf(scenario),
    ...(scenario.restored === undefined ? [] : [restoredOf(scenario.restored)]),
    el('h4', {}, 'Runs'),
    scenario.runs.length === 0 ? el('p', {}, 'None.') : scrolling(`Runs of ${name}`, runsTable(scenario.runs)),
    ...lastWordsOf(scenario),
    ...(missed.length === 0 ? [] : [el('p', {}, `Not reached: ${missed.join(', ')}.`)]),
    ...(journal === undefined ? [] : [requestsTable(name, journal)]),
    ...(isShort ? [el('p', {}, 'The report of this version alone has its timeline and its requests.')] : []),
    ...(rest.length === 0 ? [] : [restOf(name, rest)]),
    el('h4', {}, 'Repeat with'),
    el('pre', {}, lines([scenario.repro])),
    ...(folder === null ? [] : [el('p', {}, 'Kept in ', el('code', {}, folder))]),
  ];
}

function pictureOf(scenario: string, { timeline }: ScenarioJournal, idPrefix: string): Element {
  const svg = drawTimeline(timeline, { title: scenario, idPrefix, hasStyle: false });
  return el('figure', {}, scrolling(`Timeline of ${scenario}`, markup(svg)));
}

function lossOf({ status, runs, loss }: ScenarioResult): Element {
  if (loss.length > 0)
    return el(
      'ul',
      {},
      loss.map((each) => el('li', {}, el('strong', {}, `lost: ${formatLoss(each)}`))),
    );
  const hasGood = runs.some(({ exitCode }) => exitCode === 0);
  return el(
    'p',
    {},
    hasGood && status !== 'error' ? 'Nothing is lost.' : 'No run ended with a backup that it called good.',
  );
}

/** What was taken of the backup, and why. */
function restoredOf(restored: ReportedRestore): Element {
  const [first = '', ...parts] = describeRestored(restored);
  return el(
    'details',
    {},
    el('summary', {}, 'What was restored, and why'),
    el(
      'div',
      { class: 'inside' },
      el('p', {}, first),
      el(
        'ul',
        {},
        parts.map((part) => el('li', {}, part)),
      ),
    ),
  );
}

function runsTable(runs: readonly RunSummary[]): Element {
  return table(
    ['run', 'from', 'to (virtual time)', 'requests', 'ended'],
    runs.map(({ run, virtualStart, virtualEnd, requests, exitCode, signal, hasTimedOut }) => [
      String(run),
      timeOf(virtualStart),
      timeOf(virtualEnd),
      String(requests),
      [
        exitCode === null ? '' : `exit ${exitCode}`,
        signal === null ? '' : `by ${signal}`,
        hasTimedOut ? 'after the time-out' : '',
      ]
        .filter((part) => part !== '')
        .join(', '),
    ]),
  );
}

/** What the client said in runs that ended badly. */
function lastWordsOf({ runs }: ScenarioResult): Element[] {
  return runs.flatMap(({ run, stderrTail = [] }) =>
    stderrTail.length === 0 ? [] : [el('p', {}, `The end of stderr of run ${run}:`), el('pre', {}, lines(stderrTail))],
  );
}

function timeOf(iso: string): string {
  return iso.replace('T', ' ').replace('Z', '');
}

/** Rules that have nothing to complain of: what they have judged, or why they could not. */
function restOf(scenario: string, rules: readonly RuleResult[]): Element {
  const rows = rules.map(({ id, level, status, message }) =>
    el(
      'tr',
      { id: anchorOfResult(scenario, id) },
      el('td', {}, badge(status)),
      el('th', { scope: 'row' }, el('a', { href: `#${anchorOfRule(id)}` }, id)),
      el('td', {}, level),
      el('td', {}, message),
    ),
  );
  const head = ['status', 'rule', 'level', 'what was judged'].map((name) => el('th', { scope: 'col' }, name));
  return el(
    'details',
    {},
    el('summary', {}, `Other rules: ${rules.length}`),
    el(
      'div',
      { class: 'inside' },
      scrolling(
        `Other rules in ${scenario}`,
        el('table', {}, el('thead', {}, el('tr', {}, head)), el('tbody', {}, rows)),
      ),
    ),
  );
}
