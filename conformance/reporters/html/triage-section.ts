import type { Element } from 'xast';
import type { Cause, Counted, Triage } from '../../triage/triage.ts';
import type { Report, ScenarioResult } from '../../verdict/report.ts';
import { adviceOn } from '../advice.ts';
import { formatLoss } from '../evidence-text.ts';
import { count } from '../layout.ts';
import { unreachedHazards } from '../report-facts.ts';
import { nameOf } from '../scenario-name.ts';
import { anchorOfResult, anchorOfRule, anchorOfScenario } from './anchors.ts';
import { badge, el, lines, prose, type Content } from './elements.ts';
import { facts } from './summary-section.ts';
import type { PageTexts } from './texts.ts';

/** Entries of one list, and scenarios that a cause names; all of them stand further down. */
const MOST_LISTED = 20;
const MOST_NAMED = 5;

/**
 * What it comes to, before all scenarios: the causes, of which the first is open, what follows from them, and then, each in a
 * group of its own, warnings, what is known, and what was not proved. Nothing where there is nothing to say.
 */
export function triageSection(sorted: Triage, report: Report, { ruleOf }: PageTexts): Element[] {
  const { causes, kitFailures, consequences, warnings, expected, open, unreached } = sorted;
  const content = [
    ...kitFailures.slice(0, MOST_LISTED).map((scenario) => kitFailureOf(scenario, report)),
    ...causes.map((cause, place) => causeOf(cause, place + 1, report, ruleOf)),
    ...consequencesOf(consequences),
    ...group(
      'warn',
      'Warnings, of SHOULD rules',
      warnings.map((each) => countedOf(each, report)),
    ),
    ...group(
      'expected',
      'Known, and not counted',
      expected.map((each) => countedOf(each, report)),
    ),
    ...group('inconclusive', 'Not proved', [
      ...open.map((each) => countedOf(each, report)),
      ...unreached.map((scenario) => unreachedOf(scenario, report)),
    ]),
  ];
  if (content.length === 0) return [];
  const title = causes.length > 0 ? `What is wrong: ${count(causes.length, 'cause')}` : 'What to look at';
  return [el('section', { 'aria-labelledby': 'causes' }, el('h2', { id: 'causes' }, title), content)];
}

/** The first one is open: who reads on has it before the eyes, and the others as a list. */
function causeOf(cause: Cause, number: number, report: Report, ruleOf: PageTexts['ruleOf']): Element {
  const { rule, result, scenarios, elsewhere, worstLoss, badRun, consequences } = cause;
  const known = ruleOf(rule);
  const advice = adviceOn(cause, ruleOf);
  const [finding] = result.evidence;
  const [first, ...others] = scenarios;
  const name = first === undefined ? '' : nameOf(first, report);
  const behind = elsewhere === 0 ? '' : `, and behind another cause in ${elsewhere} more`;
  const seen = [el('a', { href: `#${anchorOfResult(name, rule)}` }, name), `: ${finding?.subject ?? result.message}`];
  return el(
    'details',
    { class: 'cause', ...(number === 1 ? { open: '' } : {}) },
    el(
      'summary',
      {},
      badge('fail'),
      el('h3', {}, `${number}. ${rule}`),
      el('span', { class: 'muted' }, ` (${count(scenarios.length, 'scenario')}${behind}) `),
      ...(known === undefined ? [] : prose(known.requirement)),
    ),
    el(
      'div',
      { class: 'inside' },
      facts([
        ['seen in', seen],
        ...(finding === undefined
          ? []
          : [['expected', finding.expected] as const, ['actual', finding.actual] as const]),
        ...(badRun === null ? [] : [['stderr', el('pre', {}, lines(badRun.stderrTail ?? []))] as const]),
        ...(advice === undefined ? [] : [['what to do', prose(advice)] as const]),
        ...(worstLoss === null ? [] : [['at worst', `a restore loses ${formatLoss(worstLoss)}`] as const]),
        ...(others.length === 0 ? [] : [['also in', linksTo(others, rule, report)] as const]),
        ...(consequences.length === 0 ? [] : [['brings', consequences.join(', ')] as const]),
        ['the rule', el('a', { href: `#${anchorOfRule(rule)}` }, rule)],
      ]),
    ),
  );
}

function kitFailureOf(scenario: ScenarioResult, report: Report): Element {
  const name = nameOf(scenario, report);
  const message = (scenario.message ?? '').split('\n')[0] ?? '';
  const link = el('a', { href: `#${anchorOfScenario(name)}` }, name);
  return el('p', {}, badge('error'), link, ` the kit itself failed, which is no fault of the client: ${message}`);
}

function consequencesOf(rules: readonly Counted[]): Element[] {
  if (rules.length === 0) return [];
  const names = rules.flatMap(({ rule, scenarios }, place): Content[] => [
    place === 0 ? '' : ', ',
    el('a', { href: `#${anchorOfRule(rule)}` }, rule),
    ` (${scenarios.length})`,
  ]);
  return [el('p', {}, 'These follow, and go with their causes: ', names)];
}

function group(status: 'warn' | 'expected' | 'inconclusive', title: string, all: ReadonlyArray<Content[]>): Element[] {
  if (all.length === 0) return [];
  const left = all.length - MOST_LISTED;
  const items = all.slice(0, MOST_LISTED).map((item) => el('li', {}, item));
  if (left > 0) items.push(el('li', {}, `… and ${left} more`));
  return [el('h3', { class: 'block' }, badge(status), title), el('ul', { class: 'group' }, items)];
}

function countedOf({ rule, scenarios, result }: Counted, report: Report): Content[] {
  const [first] = scenarios;
  const name = first === undefined ? '' : nameOf(first, report);
  return [
    el('a', { href: `#${anchorOfResult(name, rule)}` }, rule),
    ` (${count(scenarios.length, 'scenario')}): ${result.message}`,
  ];
}

function unreachedOf(scenario: ScenarioResult, report: Report): Content[] {
  const name = nameOf(scenario, report);
  const missed = unreachedHazards(scenario);
  const unexplained = missed.length > 0 ? `not reached: ${missed.join(', ')}` : 'no rule was judged';
  const reason = scenario.message ?? unexplained;
  return [el('a', { href: `#${anchorOfScenario(name)}` }, name), `: ${reason}`];
}

function linksTo(scenarios: readonly ScenarioResult[], rule: string, report: Report): Content[] {
  const left = scenarios.length - MOST_NAMED;
  const links = scenarios.slice(0, MOST_NAMED).flatMap((scenario, place): Content[] => {
    const name = nameOf(scenario, report);
    return [...(place === 0 ? [] : [', ']), el('a', { href: `#${anchorOfResult(name, rule)}` }, name)];
  });
  return left > 0 ? [...links, ` and ${left} more`] : links;
}
