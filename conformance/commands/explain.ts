import type { Command } from 'commander';
import { AxonError } from '../../server/index.ts';
import { demonstrations } from '../demo/catalog.ts';
import { explainHazard, explainRule, explainScenario, hazardsIn } from '../reporters/explain-text.ts';
import { printable } from '../reporters/printable.ts';
import { createReporterStyle, type Style } from '../reporters/style.ts';
import { describeScenario } from '../scenarios/described-scenario.ts';
import type { Catalogue } from './catalogue.ts';
import { findNearest } from './explain-nearest.ts';
import { listedFaults, type ListedFault } from './list-faults.ts';
import { remedies } from './verify-answer.ts';

/** What a message repeats of an id that may be anything. */
const MOST_ECHOED = 60;

const examples = `
Examples:
  $ axon-backup-kit explain order/control-db-first
  $ axon-backup-kit explain listing/descending

  $ axon-backup-kit explain log/compacted-while-copying --json > my-scenario.json
      the scenario as a file, to be changed and played:  check --scenario my-scenario.json -- ./my-backup.sh

axon-backup-kit list tells the ids: of rules, scenarios, hazards and faults.`;

/** `explain`: what a rule demands, what happens in a scenario, what a hazard is, what a fault does. */
export function addExplainCommand(program: Command, catalogue: Catalogue): void {
  program
    .command('explain')
    .description(
      'what a rule, a scenario, a hazard or a fault is about: what it demands, why, how it breaks, who proves it',
    )
    .argument(
      '<id>',
      'of a rule, a scenario, a hazard, a fault, or a problem of verify, such as order/control-db-first',
    )
    .option('--json', 'the scenario as a file of check --scenario', false)
    .addHelpText('after', examples)
    .allowExcessArguments(false)
    .action((id: string, { json }: { readonly json: boolean }) => {
      const style = createReporterStyle(process.stdout, process.env);
      process.stdout.write(json ? printScenario(id, catalogue) : explain(id, catalogue, style));
    });
}

/** One id may be that of several things, such as a rule and a scenario; then all of them are meant. */
function explain(id: string, catalogue: Catalogue, style: Style): string {
  const rules = catalogue.rules.filter((rule) => rule.id === id).map((rule) => explainRule(rule, catalogue, style));
  const scenarios = catalogue.scenarios
    .filter((scenario) => scenario.id === id)
    .map((scenario) => explainScenario(scenario, style));
  const hazards = hazardsIn(catalogue.scenarios)
    .filter((hazard) => hazard.id === id)
    .map((hazard) => {
      const isShown = demonstrations.some((each) => each.id === id);
      return explainHazard(hazard, { scenarios: catalogue.scenarios, isShown }, style);
    });
  const faults = listedFaults.filter(({ action }) => action === id).map((fault) => explainFault(fault, style));
  const problems = Object.entries(remedies)
    .filter(([kind]) => kind === id)
    .map(([kind, remedy]) => explainProblem(kind, remedy, style));
  const explained = [...rules, ...scenarios, ...hazards, ...faults, ...problems];
  if (explained.length === 0) {
    const things = [...catalogue.rules, ...catalogue.scenarios, ...hazardsIn(catalogue.scenarios)];
    throw unknownId(id, [...things.map((each) => each.id), ...listedFaults.map(({ action }) => action)]);
  }
  return explained.join('\n');
}

function explainFault({ action, meaning, example }: ListedFault, { bold, dim }: Style): string {
  const call = `curl -s -X PUT URL/_sim/faults -d '${JSON.stringify({ rules: [example] })}'`;
  return `${bold(action)}  (fault)\n  ${meaning}\n\n  ${dim('plan it with')}  ${call}\n`;
}

function explainProblem(kind: string, remedy: string, { bold, dim }: Style): string {
  const text = 'what verify and restore find in a finished backup; their report says where, and what is wrong there';
  return `${bold(kind)}  (problem)\n  ${text}\n\n  ${dim('what to do')}  ${remedy}\n`;
}

function printScenario(id: string, { scenarios }: Catalogue): string {
  const scenario = scenarios.find((each) => each.id === id);
  if (scenario === undefined)
    throw unknownId(
      id,
      scenarios.map((each) => each.id),
    );
  return `${JSON.stringify(describeScenario(scenario), null, 2)}\n`;
}

function unknownId(id: string, known: readonly string[]): AxonError {
  const nearest = findNearest(id, [...new Set(known)]);
  const shown = printable(id.length > MOST_ECHOED ? `${id.slice(0, MOST_ECHOED)}…` : id);
  const way = nearest.length > 0 ? `did you mean ${nearest.join(' or ')}?` : '`list` tells what there is';
  return new AxonError('bad-option', `nothing is called "${shown}": ${way}`);
}
