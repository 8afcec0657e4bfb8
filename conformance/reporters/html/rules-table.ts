import type { Element } from 'xast';
import type { Report } from '../../verdict/report.ts';
import { anchorOfRule } from './anchors.ts';
import { el, scrolling, unseen } from './elements.ts';

export interface RulesTable {
  /** What the table is called to whoever does not see it. */
  readonly label: string;
  readonly className: string;
  /** Heads of the columns behind that of the rules. */
  readonly heads: readonly Element[];
  readonly cellsOf: (rule: Report['rules'][number]) => readonly Element[];
}

/** A table with a row for each rule of the report, whose name leads to its text. */
export function rulesTable({ rules }: Report, { label, className, heads, cellsOf }: RulesTable): Element {
  const head = el('tr', {}, el('th', { scope: 'col' }, unseen('Rule')), ...heads);
  const rows = rules.map((rule) =>
    el(
      'tr',
      {},
      el(
        'th',
        { scope: 'row' },
        el('a', { href: `#${anchorOfRule(rule.id)}` }, rule.id),
        el('span', { class: 'muted' }, ` ${rule.level}`),
      ),
      ...cellsOf(rule),
    ),
  );
  return scrolling(label, el('table', { class: className }, el('thead', {}, head), el('tbody', {}, rows)));
}
