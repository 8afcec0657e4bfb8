import type { Element } from 'xast';
import type { Finding } from '../../rules/rule.ts';
import { versionInWords } from '../../scenarios/version-words.ts';
import type { Report, RuleResult, ScenarioResult } from '../../verdict/report.ts';
import { formatRest } from '../evidence-text.ts';
import { isExpectedFailure } from '../report-facts.ts';
import { nameOf } from '../scenario-name.ts';
import { anchorOfRequest, anchorOfResult, anchorOfRule } from './anchors.ts';
import { badge, el, lines, prose, scrolling, table, type Content } from './elements.ts';
import { formatVirtualTime } from './requests-table.ts';
import type { Telling } from './repetition.ts';
import type { PageTexts, RuleText } from './texts.ts';

/** Findings of one rule that are shown: where it is told in full, and wherever it fails again. */
const MOST_FINDINGS = 20;
const MOST_REPEATED_FINDINGS = 1;

/** What a section of a rule needs beside its result. */
export interface FailureSurroundings {
  readonly texts: PageTexts;
  readonly telling: Telling;
  /** Requests that the page lists, by their ordinals: a finding leads to what it is about. */
  readonly listed: ReadonlySet<number>;
  /** True for the one that is told first: the others are a line each. */
  readonly isOpen: boolean;
}

/** One rule that is not as it should be: what was found, where, what was expected, and the way out. */
export function ruleFailure(
  report: Report,
  scenario: ScenarioResult,
  rule: RuleResult,
  { texts, telling, listed, isOpen }: FailureSurroundings,
): Element {
  const { id, level, message } = rule;
  const name = nameOf(scenario, report);
  const isExpected = isExpectedFailure(report, scenario, rule);
  return el(
    'details',
    { class: isExpected ? 'failure expected' : 'failure', ...(isOpen ? { open: '' } : {}) },
    el(
      'summary',
      {},
      badge(isExpected ? 'expected' : rule.status),
      el('h4', {}, id),
      ` (${level}${isExpected ? ', expected to fail' : ''}) `,
      el('span', { class: 'muted' }, message),
    ),
    // Within what it opens, so that a link to it does open it.
    el(
      'div',
      { class: 'inside', id: anchorOfResult(name, id) },
      telling.kind === 'as-with'
        ? repeated(report, telling.earlier, rule)
        : detailsOf(name, rule, { text: telling.kind === 'in-full' ? texts.ruleOf(id) : undefined, listed }),
    ),
  );
}

/** With a version that came before, the same was wrong in this scenario. */
function repeated(report: Report, earlier: ScenarioResult, { id }: RuleResult): Element {
  const href = `#${anchorOfResult(nameOf(earlier, report), id)}`;
  return el(
    'p',
    {},
    'As ',
    el('a', { href }, `with ${versionInWords(earlier.serverVersion)}`),
    ', where all of it is told.',
  );
}

/** With the text of the rule where it is told in full. */
function detailsOf(
  scenario: string,
  { id, message, evidence }: RuleResult,
  { text, listed }: { readonly text: RuleText | undefined; readonly listed: ReadonlySet<number> },
): Content[] {
  const most = text === undefined ? MOST_REPEATED_FINDINGS : MOST_FINDINGS;
  const shown = evidence.slice(0, most);
  const left = evidence.length - shown.length;
  return [
    ...(text === undefined ? [] : [el('p', {}, prose(text.requirement))]),
    foundIn(scenario, { id, message }, { shown, listed, isTable: text !== undefined }),
    ...(left > 0 && text !== undefined ? [el('p', {}, formatRest(left))] : []),
    ...(text === undefined ? [] : [el('p', {}, el('strong', {}, 'What to do: '), prose(text.remedy))]),
    el(
      'p',
      {},
      ...(left > 0 && text === undefined ? [`${formatRest(left)}. `] : []),
      'The rule: ',
      el('a', { href: `#${anchorOfRule(id)}` }, id),
    ),
  ];
}

/** A table where it is told in full; where it is told again a line, since a page has thousands of these. */
function foundIn(
  scenario: string,
  { id, message }: Pick<RuleResult, 'id' | 'message'>,
  {
    shown,
    listed,
    isTable,
  }: { readonly shown: readonly Finding[]; readonly listed: ReadonlySet<number>; readonly isTable: boolean },
): Element {
  const names = ['where', 'when', 'expected', 'actual'];
  const rows = shown.map((finding) => cellsOf(scenario, finding, listed));
  const [first] = rows;
  if (first === undefined) return el('p', {}, message);
  if (isTable) {
    // A time is not broken up in its narrow column.
    const cells = rows.map((row) =>
      row.map((cell, place) => (place === 1 ? [el('span', { class: 'nowrap' }, cell)] : cell)),
    );
    return scrolling(`Findings of ${id} in ${scenario}`, table(names, cells, 'findings'));
  }
  const parts = first.map((cell, place) => [place === 0 ? '' : `; ${names[place]}: `, ...cell]);
  return el('p', {}, ...parts.flat());
}

function cellsOf(
  scenario: string,
  { run, atMs, subject, expected, actual }: Finding,
  listed: ReadonlySet<number>,
): Content[][] {
  const when = [run === null ? '' : `run ${run}`, atMs === null ? '' : formatVirtualTime(atMs)];
  const linked = (text: string): Content[] => linkRequests(scenario, text, listed);
  return [linked(subject), [when.filter((part) => part !== '').join(', ')], linked(expected), linked(actual)];
}

/** Findings name requests as `… (request 4)`; the number leads to it, where the page has it. */
function linkRequests(scenario: string, text: string, listed: ReadonlySet<number>): Content[] {
  return text.split(/(\(request \d+\))/).map((part, place) => {
    const ordinal = Number(/\d+/.exec(part)?.[0] ?? 0);
    if (place % 2 === 0 || !listed.has(ordinal)) return part;
    return el('a', { href: `#${anchorOfRequest(scenario, ordinal)}` }, part);
  });
}

/** A message of the scenario itself, which may be a stack trace. */
export function messageOf(message: string): Element {
  return el('pre', {}, lines(message.split(/\r?\n/)));
}
