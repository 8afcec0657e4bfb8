import type { Element } from 'xast';
import type { Finding } from '../../rules/rule.ts';
import type { Report, RuleResult, ScenarioResult } from '../../verdict/report.ts';
import { formatRest } from '../evidence-text.ts';
import { isExpectedFailure } from '../report-facts.ts';
import { nameOf } from '../scenario-name.ts';
import { anchorOfRequest, anchorOfResult, anchorOfRule } from './anchors.ts';
import { badge, el, lines, prose, scrolling, table, type Content } from './elements.ts';
import { formatVirtualTime } from './requests-table.ts';
import type { PageTexts } from './texts.ts';

/** Findings of one rule in one scenario that are shown. */
const MOST_FINDINGS = 20;

/** One rule that is not as it should be: what was found, where, what was expected, and the way out. */
export function ruleFailure(report: Report, scenario: ScenarioResult, rule: RuleResult, texts: PageTexts): Element {
  const text = texts.ruleOf(rule.id);
  const name = nameOf(scenario, report);
  const isExpected = isExpectedFailure(report, scenario, rule);
  const shown = rule.evidence.slice(0, MOST_FINDINGS);
  const left = rule.evidence.length - shown.length;
  return el(
    'section',
    { id: anchorOfResult(name, rule.id), ...(isExpected ? { class: 'expected' } : {}) },
    el(
      'h4',
      {},
      badge(isExpected ? 'expected' : rule.status),
      el('a', { href: `#${anchorOfRule(rule.id)}` }, rule.id),
      ` (${rule.level}${isExpected ? ', expected to fail' : ''})`,
    ),
    ...(text === undefined ? [] : [el('p', {}, prose(text.requirement))]),
    shown.length === 0
      ? el('p', {}, rule.message)
      : scrolling(
          `Findings of ${rule.id} in ${name}`,
          table(
            ['where', 'when', 'expected', 'actual'],
            shown.map((finding) => cellsOf(name, finding)),
          ),
        ),
    ...(left > 0 ? [el('p', {}, formatRest(left))] : []),
    ...(text === undefined ? [] : [el('p', {}, el('strong', {}, 'What to do: '), prose(text.remedy))]),
  );
}

function cellsOf(scenario: string, { run, atMs, subject, expected, actual }: Finding): Content[][] {
  const when = [run === null ? '' : `run ${run}`, atMs === null ? '' : formatVirtualTime(atMs)];
  return [
    linkRequest(scenario, subject),
    [el('span', { class: 'nowrap' }, when.filter((part) => part !== '').join(', '))],
    linkRequest(scenario, expected),
    linkRequest(scenario, actual),
  ];
}

/** Findings name requests as `… (request 4)`; the number leads to it. */
function linkRequest(scenario: string, text: string): Content[] {
  return text.split(/(\(request \d+\))/).map((part, place) => {
    if (place % 2 === 0) return part;
    const ordinal = Number(/\d+/.exec(part)?.[0] ?? 0);
    return el('a', { href: `#${anchorOfRequest(scenario, ordinal)}` }, part);
  });
}

/** A message of the scenario itself, which may be a stack trace. */
export function messageOf(message: string): Element {
  return el('pre', {}, lines(message.split(/\r?\n/)));
}
