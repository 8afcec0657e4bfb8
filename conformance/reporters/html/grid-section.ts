import type { Element } from 'xast';
import type { Report, RuleResult, ScenarioResult } from '../../verdict/report.ts';
import { byScenario, nameOf, versionsIn } from '../scenario-name.ts';
import { isExpectedFailure } from '../report-facts.ts';
import { inOrder, statusTexts, type Shown } from '../status-text.ts';
import { anchorOfResult, anchorOfScenario } from './anchors.ts';
import { el, unseen } from './elements.ts';
import { rulesTable } from './rules-table.ts';

/** What a rule came to in a scenario: of several versions the gravest, and the first with which it was that. */
interface Cell {
  readonly shown: Shown;
  readonly scenario: ScenarioResult;
}

/** Rules against scenarios, both by their names, which stay in sight. What did not pass is a link to why. */
export function gridSection(report: Report): Element {
  const seen = inOrder.filter((each) => each !== 'expected' || report.expectedFailures.length > 0);
  const legend = seen.map((each) => `${statusTexts[each].symbol} ${statusTexts[each].word}`).join(', ');
  const scope = versionsIn(report).length > 1 ? '; the gravest of all versions' : '';
  return el(
    'section',
    { 'aria-labelledby': 'grid' },
    el('h2', { id: 'grid' }, 'Rules and scenarios'),
    el('p', { class: 'muted' }, `${legend}; blank: not judged there${scope}.`),
    grid(report),
  );
}

function grid(report: Report): Element {
  const columns = byScenario(report).map(([id, results]) => ({
    id,
    first: results[0],
    cells: gravestOf(report, results),
  }));
  const heads = columns.map(({ id, first }, place) =>
    el(
      'th',
      { scope: 'col' },
      el(
        'a',
        { href: `#${anchorOfScenario(first === undefined ? id : nameOf(first, report))}`, title: first?.title },
        `${place + 1} ${id}`,
      ),
    ),
  );
  return rulesTable(report, {
    label: 'Table of rules and scenarios',
    className: 'grid',
    heads,
    cellsOf: ({ id }) => columns.map(({ cells }) => cellOf(report, id, cells.get(id))),
  });
}

function gravestOf(report: Report, results: readonly ScenarioResult[]): ReadonlyMap<string, Cell> {
  const cells = new Map<string, Cell>();
  for (const scenario of results) {
    for (const rule of scenario.rules) {
      const shown = shownOf(report, scenario, rule);
      const known = cells.get(rule.id);
      if (known === undefined || inOrder.indexOf(shown) < inOrder.indexOf(known.shown))
        cells.set(rule.id, { shown, scenario });
    }
  }
  return cells;
}

function shownOf(report: Report, scenario: ScenarioResult, rule: RuleResult): Shown {
  return isExpectedFailure(report, scenario, rule) ? 'expected' : rule.status;
}

function cellOf(report: Report, rule: string, cell: Cell | undefined): Element {
  if (cell === undefined) return el('td', {}, unseen('not judged'));
  const { symbol, word } = statusTexts[cell.shown];
  if (cell.shown === 'pass') {
    return el('td', { class: 'pass' }, el('span', { 'aria-hidden': 'true' }, symbol), unseen(word));
  }
  const href = `#${anchorOfResult(nameOf(cell.scenario, report), rule)}`;
  // A page has thousands of these.
  return el('td', { class: cell.shown }, el('a', { href, 'aria-label': word }, symbol));
}
