import { reasonsNotToPlay } from '../scenarios/needs.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { hazardsIn, reachersOf } from './explain-text.ts';
import { codeBlock, codeSpan, formatProse, markdownTable } from './markdown-text.ts';
import { describeCluster, describeStep } from './step-text.ts';

/** A rule may have the id of a scenario, so that the two need headings of their own. */
const SCENARIO_HEADING = 'Scenario';

/** A table to jump from, and a section for each scenario: what happens in it, what it reaches, what it judges. */
export function formatScenarios(scenarios: readonly Scenario[]): string[] {
  return [
    ...markdownTable(
      ['scenario', 'situation', 'runs', 'hazards', 'rules'],
      scenarios.map(({ id, title, steps, hazards, rules }) => [
        linkToScenario(id, { inTable: true }),
        formatProse(title, { inTable: true }),
        String(steps.filter(({ kind }) => kind === 'run').length),
        String(hazards.length),
        String(rules.length),
      ]),
    ),
    ...scenarios.flatMap((scenario) => ['', ...formatScenario(scenario)]),
  ];
}

function formatScenario(scenario: Scenario): string[] {
  const { id, title, story, steps, hazards, rules } = scenario;
  const cluster = describeCluster(scenario).map((fact) => formatProse(fact));
  return [
    `### ${SCENARIO_HEADING} ${id}`,
    '',
    `**${formatProse(title)}**: ${formatProse(story)}`,
    '',
    ...(cluster.length === 0 ? [] : [`The cluster: ${cluster.join('; ')}.`, '']),
    ...codeBlock(steps.flatMap(describeStep), 'text'),
    '',
    ...reasonsNotToPlay(scenario).map((reason) => `- Not played: ${formatProse(reason)}`),
    `- Must reach: ${hazards.map((hazard) => `${codeSpan(hazard.id)} (${formatProse(hazard.title)})`).join(', ')}`,
    `- Must judge: ${rules.map((rule) => linkToRule(rule)).join(', ')}`,
  ];
}

/** Each hazard once, with the scenarios that must reach it. */
export function formatHazards(scenarios: readonly Scenario[]): string[] {
  return markdownTable(
    ['hazard', 'what it is', 'reached in'],
    hazardsIn(scenarios).map(({ id, title }) => [
      codeSpan(id, { inTable: true }),
      formatProse(title, { inTable: true }),
      reachersOf(id, scenarios)
        .map((scenario) => linkToScenario(scenario.id, { inTable: true }))
        .join(', '),
    ]),
  );
}

/** Links within the page. */
export function linkToRule(id: string, place = { inTable: false }): string {
  return `[${codeSpan(id, place)}](#${anchorOf(id)})`;
}

export function linkToScenario(id: string, place = { inTable: false }): string {
  return `[${codeSpan(id, place)}](#${anchorOf(`${SCENARIO_HEADING} ${id}`)})`;
}

/** As GitHub and GitLab make it of a heading: `order/control-db-first` → `ordercontrol-db-first`. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9_ -]/g, '')
    .replaceAll(' ', '-');
}
