import type { Element } from 'xast';
import type { Report, ScenarioResult } from '../../verdict/report.ts';
import { nameOf, versionsIn } from '../scenario-name.ts';
import { isExpectedFailure } from '../report-facts.ts';
import { statusTexts, verdicts, type Shown } from '../status-text.ts';
import { anchorOfResult, anchorOfScenario } from './anchors.ts';
import { el, unseen, type Content } from './elements.ts';
import { rulesTable } from './rules-table.ts';

/** Rules against scenarios, which stand as numbers; a table for each version. What did not pass is a link to why. */
export function gridSection(report: Report): Element {
  const shown: readonly Shown[] = report.expectedFailures.length > 0 ? [...verdicts, 'expected'] : verdicts;
  const legend = shown.map((each) => `${statusTexts[each].symbol} ${statusTexts[each].word}`).join(', ');
  const versions = versionsIn(report);
  return el(
    'section',
    { 'aria-labelledby': 'grid' },
    el('h2', { id: 'grid' }, 'Rules and scenarios'),
    versions.length > 1
      ? versions.flatMap((version) => gridOfVersion(report, version))
      : grid(report, report.scenarios),
    el('p', { class: 'muted' }, `${legend}; blank: not judged there. Numbers are those of the scenarios.`),
  );
}

function gridOfVersion(report: Report, version: string): Content[] {
  const scenarios = report.scenarios.filter(({ serverVersion }) => serverVersion === version);
  return [el('h3', { class: 'block' }, `Server version ${version}`), grid(report, scenarios, ` with ${version}`)];
}

function grid(report: Report, scenarios: readonly ScenarioResult[], note = ''): Element {
  const results = scenarios.map((scenario) => ({
    name: nameOf(scenario, report),
    title: scenario.title,
    statuses: new Map(
      scenario.rules.map(
        (rule) => [rule.id, isExpectedFailure(report, scenario, rule) ? 'expected' : rule.status] as const,
      ),
    ),
  }));
  const heads = results.map(({ name, title }, place) =>
    el(
      'th',
      { scope: 'col' },
      el('a', { href: `#${anchorOfScenario(name)}`, title: `${name}: ${title}` }, place + 1, unseen(` ${name}`)),
    ),
  );
  return rulesTable(report, {
    label: `Table of rules and scenarios${note}`,
    className: 'grid',
    heads,
    cellsOf: ({ id }) => results.map(({ name, statuses }) => cell(name, id, statuses.get(id))),
  });
}

function cell(scenario: string, rule: string, status: Shown | undefined): Element {
  if (status === undefined) return el('td', {}, unseen('not judged'));
  const { symbol, word } = statusTexts[status];
  const shown = [el('span', { 'aria-hidden': 'true' }, symbol), unseen(word)];
  if (status === 'pass') return el('td', { class: status }, shown);
  return el('td', { class: status }, el('a', { href: `#${anchorOfResult(scenario, rule)}` }, shown));
}
