import { describeRestored } from '../restored-text.ts';
import type { Element } from 'xast';
import type { Hazard } from '../../scenarios/scenario.ts';
import type { Report, ReportedRestore, RuleResult, RunSummary, ScenarioResult } from '../../verdict/report.ts';
import { formatLoss } from '../evidence-text.ts';
import { isExpectedFailure, isKnown, lastingFolder, unreachedHazards } from '../report-facts.ts';
import { nameOf } from '../scenario-name.ts';
import { anchorOfResult, anchorOfRule, anchorOfScenario } from './anchors.ts';
import { badge, el, lines, markup, prose, scrolling, table, type Content } from './elements.ts';
import { messageOf, ruleFailure } from './findings.ts';
import type { Illustration } from './illustrations.ts';
import { isTold, type Telling } from './repetition.ts';
import { listedIn, requestsTable } from './requests-table.ts';
import type { PageTexts } from './texts.ts';

/** What the section of a scenario needs beside its result. */
export interface ScenarioSurroundings {
  readonly report: Report;
  /** From 1; how the grid of its version names it. */
  readonly number: number;
  /** Absent where the kit failed before there was anything to draw, and where the page would become too large. */
  readonly illustration: Illustration | undefined;
  /** One with an earlier version of the server that came to the same: then this one is told in short. */
  readonly earlier: ScenarioResult | undefined;
  /** True for the first failure alone. */
  readonly isOpen: boolean;
  readonly tellingOf: (scenario: ScenarioResult, rule: RuleResult) => Telling;
  readonly texts: PageTexts;
}

/** A scenario: a line that opens. */
export function scenarioSection(scenario: ScenarioResult, surroundings: ScenarioSurroundings): Element {
  const { report, number, isOpen } = surroundings;
  const name = nameOf(scenario, report);
  return el(
    'article',
    {},
    el(
      'details',
      isOpen ? { open: '' } : {},
      el(
        'summary',
        {},
        badge(isKnown(report, scenario) ? 'expected' : scenario.status),
        el('h3', {}, `${number}. ${scenario.id}${name === scenario.id ? '' : ` (${scenario.serverVersion})`}`),
        el('span', { class: 'muted' }, ` ${scenario.title}`),
      ),
      el(
        'div',
        { class: 'inside', id: anchorOfScenario(name) },
        surroundings.earlier === undefined || isOpen
          ? contentOf(scenario, surroundings)
          : shortly(scenario, surroundings.earlier, report),
      ),
    ),
  );
}

function contentOf(scenario: ScenarioResult, surroundings: ScenarioSurroundings): Content[] {
  const { report, illustration, tellingOf, texts } = surroundings;
  const name = nameOf(scenario, report);
  const known = texts.storyOf(scenario.id);
  const wrong = scenario.rules.filter(isTold);
  const rest = scenario.rules.filter((rule) => !isTold(rule));
  const listed = illustration === undefined ? new Set<number>() : listedIn(illustration.journal);
  const missed = unreachedHazards(scenario);
  const folder = lastingFolder(scenario);
  return [
    ...(known === undefined ? [] : [el('p', {}, prose(known.story))]),
    ...(missed.length > 0 ? notReached(missed, known?.hazards ?? []) : []),
    ...(scenario.message === null || missed.length > 0 ? [] : [messageOf(scenario.message)]),
    ...(scenario.notes ?? []).map((note) => el('p', {}, el('strong', {}, 'Noted: '), note)),
    ...(illustration === undefined ? [] : [pictureOf(name, illustration)]),
    ...wrong.map((rule, place) =>
      ruleFailure(report, scenario, rule, { texts, telling: tellingOf(scenario, rule), listed, isOpen: place === 0 }),
    ),
    el('h4', {}, 'After a restore'),
    lossOf(scenario),
    ...(scenario.restored === undefined ? [] : [restoredOf(scenario.restored)]),
    el('h4', {}, 'Runs'),
    scenario.runs.length === 0 ? el('p', {}, 'None.') : scrolling(`Runs of ${name}`, runsTable(scenario.runs)),
    ...lastWordsOf(scenario),
    ...(illustration === undefined ? unillustrated(scenario) : [requestsTable(name, illustration.journal)]),
    ...(rest.length === 0 ? [] : [restOf(name, rest)]),
    el('h4', {}, 'Repeat with'),
    el('pre', {}, lines([scenario.repro])),
    ...(folder === null ? [] : [el('p', {}, 'Kept in ', el('code', {}, folder))]),
  ];
}

/** What came of it, without what the earlier one has in full. */
function shortly(scenario: ScenarioResult, earlier: ScenarioResult, report: Report): Content[] {
  const name = nameOf(scenario, report);
  const link = el('a', { href: `#${anchorOfScenario(nameOf(earlier, report))}` }, nameOf(earlier, report));
  const rules = scenario.rules.filter(({ status }) => status !== 'pass');
  return [
    el(
      'p',
      {},
      'It came to the same as ',
      link,
      ', where all of it is told. The report of this version alone has its timeline and its requests.',
    ),
    ...(rules.length === 0
      ? []
      : [
          el(
            'ul',
            {},
            rules.map((rule) =>
              el(
                'li',
                { id: anchorOfResult(name, rule.id) },
                badge(isExpectedFailure(report, scenario, rule) ? 'expected' : rule.status),
                `${rule.id}: ${rule.message}`,
              ),
            ),
          ),
        ]),
    lossOf(scenario),
    ...lastWordsOf(scenario),
    el('pre', {}, lines([scenario.repro])),
  ];
}

function pictureOf(scenario: string, { svg }: Illustration): Element {
  return el('figure', {}, scrolling(`Timeline of ${scenario}`, markup(svg)));
}

/** Of a report with very much in it. */
function unillustrated({ status, runs }: ScenarioResult): Element[] {
  if (status === 'error' || runs.length === 0) return [];
  return [
    el(
      'p',
      {},
      'This page would be too large with it: the report of this scenario alone has its timeline and its requests.',
    ),
  ];
}

/** Situations that the scenario was to bring about, and what it means that it did not. */
function notReached(missed: readonly string[], hazards: ReadonlyArray<Pick<Hazard, 'id' | 'title'>>): Element[] {
  return [
    el('h4', {}, 'Not reached'),
    el(
      'p',
      {},
      'What this scenario is about never came about while the client was at work, so that what was judged says nothing of it:',
    ),
    el(
      'ul',
      {},
      missed.map((id) => {
        const title = hazards.find((each) => each.id === id)?.title;
        return el('li', {}, el('code', {}, id), ...(title === undefined ? [] : [`: ${title}`]));
      }),
    ),
  ];
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
