import type { Command } from 'commander';
import { AxonError } from '../../server/index.ts';
import { explainRule, explainScenario } from '../reporters/explain-text.ts';
import { printable } from '../reporters/printable.ts';
import { createReporterStyle, type Style } from '../reporters/style.ts';
import { describeScenario } from '../scenarios/scenario-file.ts';
import type { Catalogue } from './catalogue.ts';
import { findNearest } from './explain-nearest.ts';

/** What a message repeats of an id that may be anything. */
const MOST_ECHOED = 60;

const examples = `
Examples:
  $ axon-backup-kit explain order/control-db-first
  $ axon-backup-kit explain listing/descending

  $ axon-backup-kit explain log/compacted-while-copying --json > my-scenario.json
      the scenario as a file, to be changed and played:  check --scenario my-scenario.json -- ./my-backup.sh

axon-backup-kit list rules and list scenarios tell the ids.`;

/** `explain`: what a rule demands, or what happens in a scenario. */
export function addExplainCommand(program: Command, catalogue: Catalogue): void {
  program
    .command('explain')
    .description('what a rule or a scenario demands, why, how it breaks, who proves it')
    .argument('<rule|scenario>', 'an id, such as order/control-db-first')
    .option('--json', 'the scenario as a file of check --scenario', false)
    .addHelpText('after', examples)
    .allowExcessArguments(false)
    .action((id: string, { json }: { readonly json: boolean }) => {
      const style = createReporterStyle(process.stdout, process.env);
      process.stdout.write(json ? printScenario(id, catalogue) : explain(id, catalogue, style));
    });
}

/** A rule and a scenario may have the same id; then both are meant. */
function explain(id: string, catalogue: Catalogue, style: Style): string {
  const rules = catalogue.rules.filter((rule) => rule.id === id).map((rule) => explainRule(rule, catalogue, style));
  const scenarios = catalogue.scenarios
    .filter((scenario) => scenario.id === id)
    .map((scenario) => explainScenario(scenario, style));
  const explained = [...rules, ...scenarios];
  if (explained.length === 0) throw unknownId(id, catalogue);
  return explained.join('\n');
}

function printScenario(id: string, { scenarios }: Catalogue): string {
  const scenario = scenarios.find((each) => each.id === id);
  if (scenario === undefined) throw unknownId(id, { scenarios, rules: [] });
  return `${JSON.stringify(describeScenario(scenario), null, 2)}\n`;
}

function unknownId(id: string, { rules, scenarios }: Pick<Catalogue, 'rules' | 'scenarios'>): AxonError {
  const nearest = findNearest(id, [...new Set([...rules, ...scenarios].map((one) => one.id))]);
  const shown = printable(id.length > MOST_ECHOED ? `${id.slice(0, MOST_ECHOED)}…` : id);
  const way =
    nearest.length > 0
      ? `did you mean ${nearest.join(' or ')}?`
      : '`list rules` and `list scenarios` tell what there is';
  return new AxonError('bad-option', `no rule or scenario is called "${shown}": ${way}`);
}
