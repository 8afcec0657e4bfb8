import { Argument, type Command } from 'commander';
import { hazardsIn, judgesOf, reachersOf, victimsOf } from '../reporters/explain-text.ts';
import { alignColumns, count } from '../reporters/layout.ts';
import { createReporterStyle } from '../reporters/style.ts';
import { reasonsNotToPlay } from '../scenarios/needs.ts';
import { describeScenario } from '../scenarios/described-scenario.ts';
import type { Catalogue } from './catalogue.ts';
import { listedFaults } from './list-faults.ts';

const topics = ['rules', 'scenarios', 'hazards', 'faults'] as const;
type Topic = (typeof topics)[number];

/** One entry of a list: its cells for people, and all of it for programs. */
interface Entry {
  readonly cells: readonly string[];
  readonly data: object;
}

const examples = `
Examples:
  $ axon-backup-kit list rules
      what a client has to do; axon-backup-kit explain RULE says more

  $ axon-backup-kit list scenarios --json | jq -r '.[].id'
      for programs; without a topic: {"rules":[…],"scenarios":[…],"hazards":[…],"faults":[…]}`;

/** `list`: what there is to be judged by, in one line each. */
export function addListCommand(program: Command, catalogue: Catalogue): void {
  program
    .command('list')
    .description('list rules, scenarios, hazards and faults')
    .addArgument(new Argument('[topic]', 'one of them (default: all four)').choices(topics))
    .option('--json', 'for programs', false)
    .addHelpText('after', examples)
    .allowExcessArguments(false)
    .action((topic: Topic | undefined, { json }: { readonly json: boolean }) => {
      process.stdout.write(json ? formatListAsJson(topic, catalogue) : formatList(topic, catalogue));
    });
}

function formatListAsJson(topic: Topic | undefined, catalogue: Catalogue): string {
  const dataOf = (one: Topic): object[] => entriesOf(one, catalogue).map(({ data }) => data);
  const shown = topic === undefined ? Object.fromEntries(topics.map((one) => [one, dataOf(one)])) : dataOf(topic);
  return `${JSON.stringify(shown, null, 2)}\n`;
}

function formatList(topic: Topic | undefined, catalogue: Catalogue): string {
  const linesOf = (one: Topic): string[] => alignColumns(entriesOf(one, catalogue).map(({ cells }) => cells));
  if (topic !== undefined) return joinLines(linesOf(topic));
  const { bold } = createReporterStyle(process.stdout, process.env);
  const sections = topics.map((one) => [bold(one), ...linesOf(one).map((line) => `  ${line}`)]);
  return sections.map(joinLines).join('\n');
}

function joinLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function entriesOf(topic: Topic, catalogue: Catalogue): Entry[] {
  switch (topic) {
    case 'rules':
      return catalogue.rules.map((rule) => {
        const { id, level, requirement, source, why, remedy, waivedBy = [] } = rule;
        const scenarios = judgesOf(rule, catalogue.scenarios).map((scenario) => scenario.id);
        const mutants = victimsOf(rule, catalogue.mutants).map((mutant) => mutant.id);
        return {
          cells: [id, level, requirement],
          data: { id, level, requirement, source, why, remedy, waivedBy, scenarios, mutants },
        };
      });
    case 'scenarios':
      return catalogue.scenarios.map((scenario) => {
        const { id, title } = scenario;
        return {
          cells: [id, title],
          data: { ...describeScenario(scenario), notPlayed: reasonsNotToPlay(scenario) },
        };
      });
    case 'hazards':
      return listHazards(catalogue);
    case 'faults':
      return listedFaults.map((fault) => ({
        cells: [fault.action, fault.meaning, JSON.stringify(fault.example)],
        data: fault,
      }));
  }
}

/** Each hazard once, with the scenarios that must reach it. */
function listHazards({ scenarios }: Catalogue): Entry[] {
  return hazardsIn(scenarios).map(({ id, title }) => {
    const reaching = reachersOf(id, scenarios).map((scenario) => scenario.id);
    return { cells: [id, title, `in ${count(reaching.length, 'scenario')}`], data: { id, title, scenarios: reaching } };
  });
}
