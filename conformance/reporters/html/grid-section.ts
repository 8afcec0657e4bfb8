import type { Element } from 'xast';
import type { Report } from '../../verdict/report.ts';
import type { Verdict } from '../../verdict/verdict.ts';
import { statusTexts, verdicts } from '../status-text.ts';
import { anchorOfResult, anchorOfRule, anchorOfScenario } from './anchors.ts';
import { el, scrolling, unseen } from './elements.ts';

/** Rules against scenarios, which stand as numbers. What did not pass is a link to why. */
export function gridSection(report: Report): Element {
  const { scenarios, rules } = report;
  const results = scenarios.map((scenario) => ({
    id: scenario.id,
    statuses: new Map(scenario.rules.map(({ id, status }) => [id, status])),
  }));
  const head = el(
    'tr',
    {},
    el('th', { scope: 'col' }, unseen('Rule')),
    scenarios.map(({ id, title }, place) =>
      el(
        'th',
        { scope: 'col' },
        el('a', { href: `#${anchorOfScenario(id)}`, title: `${id}: ${title}` }, place + 1, unseen(` ${id}`)),
      ),
    ),
  );
  const rows = rules.map(({ id, level }) =>
    el(
      'tr',
      {},
      el(
        'th',
        { scope: 'row' },
        el('a', { href: `#${anchorOfRule(id)}` }, id),
        el('span', { class: 'muted' }, ` ${level}`),
      ),
      results.map(({ id: scenario, statuses }) => cell(scenario, id, statuses.get(id))),
    ),
  );
  const legend = verdicts.map((verdict) => `${statusTexts[verdict].symbol} ${statusTexts[verdict].word}`).join(', ');
  return el(
    'section',
    { 'aria-labelledby': 'grid' },
    el('h2', { id: 'grid' }, 'Rules and scenarios'),
    scrolling(
      'Table of rules and scenarios',
      el('table', { class: 'grid' }, el('thead', {}, head), el('tbody', {}, rows)),
    ),
    el('p', { class: 'muted' }, `${legend}; blank: not judged there. Numbers are those of the scenarios.`),
  );
}

function cell(scenario: string, rule: string, status: Verdict | undefined): Element {
  if (status === undefined) return el('td', {}, unseen('not judged'));
  const { symbol, word } = statusTexts[status];
  const shown = [el('span', { 'aria-hidden': 'true' }, symbol), unseen(word)];
  if (status === 'pass') return el('td', { class: status }, shown);
  return el('td', { class: status }, el('a', { href: `#${anchorOfResult(scenario, rule)}` }, shown));
}
