import type { Element } from 'xast';
import { triage, type Cause, type Counted } from '../../triage/triage.ts';
import type { Report } from '../../verdict/report.ts';
import { adviceOn } from '../advice.ts';
import { formatLoss } from '../evidence-text.ts';
import { count } from '../layout.ts';
import { nameOf } from '../scenario-name.ts';
import { anchorOfResult, anchorOfRule } from './anchors.ts';
import { badge, el, lines, prose, type Content } from './elements.ts';
import type { PageTexts } from './texts.ts';

/** What is wrong, cause by cause, before all scenarios; nothing where nothing is. */
export function triageSection(report: Report, { ruleOf }: PageTexts): Element[] {
  const { causes, consequences, warnings } = triage(report, ruleOf);
  if (causes.length === 0 && warnings.length === 0) return [];
  const title = causes.length === 0 ? 'Warnings' : `What is wrong: ${count(causes.length, 'cause')}`;
  return [
    el(
      'section',
      { 'aria-labelledby': 'causes' },
      el('h2', { id: 'causes' }, title),
      ...causes.map((cause, place) => causeOf(cause, place + 1, report, ruleOf)),
      ...listOf('These follow, and go with their causes: ', consequences),
      ...listOf('Warnings, of SHOULD rules: ', warnings),
    ),
  ];
}

function causeOf(cause: Cause, number: number, report: Report, ruleOf: PageTexts['ruleOf']): Element {
  const { rule, result, scenarios, worstLoss, badRun } = cause;
  const known = ruleOf(rule);
  const advice = adviceOn(cause, ruleOf);
  const [finding] = result.evidence;
  const first = scenarios[0];
  const name = first === undefined ? '' : nameOf(first, report);
  const facts: Array<readonly [string, Content | readonly Content[]]> = [
    ['seen in', [el('a', { href: `#${anchorOfResult(name, rule)}` }, name), `: ${finding?.subject ?? result.message}`]],
    ...(finding === undefined ? [] : [['expected', finding.expected] as const, ['actual', finding.actual] as const]),
    ...(badRun === null ? [] : [['stderr', el('pre', {}, lines(badRun.stderrTail ?? []))] as const]),
    ...(advice === undefined ? [] : [['what to do', prose(advice)] as const]),
    ...(worstLoss === null ? [] : [['at worst', `a restore loses ${formatLoss(worstLoss)}`] as const]),
  ];
  return el(
    'div',
    {},
    el(
      'h3',
      { class: 'block' },
      badge('fail'),
      `${number}. `,
      el('a', { href: `#${anchorOfRule(rule)}` }, rule),
      ` (${count(scenarios.length, 'scenario')})`,
    ),
    ...(known === undefined ? [] : [el('p', {}, prose(known.requirement))]),
    el(
      'dl',
      {},
      facts.flatMap(([term, fact]) => [el('dt', {}, term), el('dd', {}, fact)]),
    ),
  );
}

function listOf(title: string, rules: readonly Counted[]): Element[] {
  if (rules.length === 0) return [];
  const names = rules.flatMap(({ rule, scenarios }, place): Content[] => [
    place === 0 ? '' : ', ',
    el('a', { href: `#${anchorOfRule(rule)}` }, rule),
    ` (${scenarios.length})`,
  ]);
  return [el('p', {}, title, names)];
}
