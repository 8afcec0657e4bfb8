import type { Rule } from '../rules/rule.ts';
import { reasonsNotToPlay } from '../scenarios/needs.ts';
import type { Hazard, Scenario } from '../scenarios/scenario.ts';
import { alignColumns, labelled, paragraph } from './layout.ts';
import { describeCluster, describeStep } from './step-text.ts';
import { plainStyle, type Style } from './style.ts';

/** A client with one defect, and the rule that must catch it; null where it has none that any rule forbids. */
export interface Mutant {
  readonly id: string;
  /** What it does wrong, in a few words. */
  readonly defect: string;
  readonly killedBy: string | null;
}

/** Who judges a rule, and who proves that it can fail. */
export interface Surroundings {
  readonly scenarios: readonly Scenario[];
  readonly mutants: readonly Mutant[];
}

const LABEL_WIDTH = 'what to do'.length;

/** Everything about a rule: what it demands and why, how it goes well and badly, and who proves it. */
export function explainRule(rule: Rule, surroundings: Surroundings, style: Style = plainStyle): string {
  const scenarios = judgesOf(rule, surroundings.scenarios);
  const mutants = victimsOf(rule, surroundings.mutants);
  const field = (name: string, text: string): string[] =>
    labelled(name, text, { indent: 2, labelWidth: LABEL_WIDTH, paint: style.dim, columns: style.columns });
  return joinLines([
    `${style.bold(rule.id)}  (${rule.level})`,
    ...paragraph(rule.requirement, 2, style.columns),
    '',
    ...field('why', rule.why),
    ...field('source', rule.source),
    ...field('what to do', rule.remedy),
    ...(rule.consequenceOf === undefined ? [] : field('comes of', describeKinship(rule.consequenceOf))),
    ...(rule.waivedBy === undefined ? [] : field('waived by', `--capabilities ${rule.waivedBy.join(' or ')}`)),
    ...section('Goes well', formatTimeline(rule.timelines.good), style),
    ...section('Goes wrong', formatTimeline(rule.timelines.bad), style),
    ...section(
      'Judged in',
      scenarios.map(({ id, title }) => [id, title]),
      style,
      'wherever its situation arises',
    ),
    ...section(
      'Must kill',
      mutants.map(({ id, defect }) => [id, defect]),
      style,
      'no mutant yet',
    ),
  ]);
}

/** Everything about a scenario: what happens in it, step by step, what it must reach, and which rules it must judge. */
export function explainScenario(scenario: Scenario, style: Style = plainStyle): string {
  const cluster = describeCluster(scenario);
  return joinLines([
    `${style.bold(scenario.id)}  (scenario)`,
    ...paragraph(scenario.title, 2, style.columns),
    '',
    ...paragraph(scenario.story, 2, style.columns),
    ...section(
      'Cluster',
      cluster.map((fact) => [fact]),
      style,
      'as it comes',
    ),
    ...section(
      'Steps',
      scenario.steps.flatMap(describeStep).map((line) => [line]),
      style,
      'none',
    ),
    ...formatNeeds(scenario, style),
    ...section(
      'Must reach',
      scenario.hazards.map(({ id, title }) => [id, title]),
      style,
      'no hazard',
    ),
    ...section(
      'Must judge',
      scenario.rules.map((id) => [id]),
      style,
      'no rule',
    ),
    '',
    `  ${style.dim('play it with')}  axon-backup-kit check --only ${scenario.id} -- CMD`,
  ]);
}

/** A hazard: what it is, which scenarios must reach it, and whether it can be seen. */
export function explainHazard(
  { id, title }: Pick<Hazard, 'id' | 'title'>,
  { scenarios, isShown }: { readonly scenarios: readonly Scenario[]; readonly isShown: boolean },
  style: Style = plainStyle,
): string {
  return joinLines([
    `${style.bold(id)}  (hazard)`,
    ...paragraph(title, 2),
    ...section(
      'Reached in',
      reachersOf(id, scenarios).map((scenario) => [scenario.id, scenario.title]),
      style,
      'no scenario',
    ),
    ...(isShown ? ['', `  ${style.dim('see what it costs')}  axon-backup-kit demo ${id}`] : []),
  ]);
}

/** The scenarios that must reach a hazard. */
export function reachersOf(hazard: string, scenarios: readonly Scenario[]): Scenario[] {
  return scenarios.filter(({ hazards }) => hazards.some(({ id }) => id === hazard));
}

/** Each hazard of some scenarios once, in reading order. */
export function hazardsIn(scenarios: readonly Scenario[]): Hazard[] {
  return [...new Map(scenarios.flatMap(({ hazards }) => hazards.map((each) => [each.id, each] as const))).values()];
}

/** Versions that cannot play a scenario, each with the reason; most scenarios are for all of them. */
function formatNeeds(scenario: Scenario, style: Style): string[] {
  const reasons = reasonsNotToPlay(scenario);
  if (reasons.length === 0) return [];
  return section(
    'Not played',
    reasons.map((reason) => [reason]),
    style,
  );
}

/**
 * What makes a rule fail too, in words: `order/control-db-first, every rule of log`. Where one of them fails in the same
 * scenario, reports tell the rule behind it.
 */
export function describeKinship(consequenceOf: readonly string[]): string {
  return consequenceOf
    .map((name) => {
      if (name === '*') return 'whatever else fails in the same scenario';
      return name.endsWith('/*') ? `every rule of ${name.slice(0, -2)}` : name;
    })
    .join(', ');
}

/** The scenarios that must judge a rule. */
export function judgesOf({ id }: Rule, scenarios: readonly Scenario[]): Scenario[] {
  return scenarios.filter(({ rules }) => rules.includes(id));
}

/** The mutants that a rule must kill. */
export function victimsOf({ id }: Rule, mutants: readonly Mutant[]): Mutant[] {
  return mutants.filter(({ killedBy }) => killedBy === id);
}

/** Lines of a timeline as they were written, without the white space that its place in the source gave it. */
export function timelineLines(timeline: string): string[] {
  const lines = timeline.split('\n').map((line) => line.trimEnd());
  while (lines[0] === '') lines.shift();
  while (lines.at(-1) === '') lines.pop();
  const margins = lines.filter((line) => line !== '').map((line) => line.length - line.trimStart().length);
  const margin = Math.min(...margins);
  return lines.map((line) => line.slice(margin));
}

function formatTimeline(timeline: string): string[][] {
  return timelineLines(timeline).map((line) => [line]);
}

function section(name: string, rows: ReadonlyArray<readonly string[]>, style: Style, none = ''): string[] {
  const lines = rows.length === 0 ? [none] : alignColumns(rows);
  return ['', `  ${style.bold(name)}`, ...lines.map((line) => `    ${line}`.trimEnd())];
}

function joinLines(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
