import type { Rule } from '../rules/rule.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { describeKinship, judgesOf, timelineLines, victimsOf, type Mutant } from './explain-text.ts';
import { count } from './layout.ts';
import { codeBlock, codeSpan, formatProse, markdownTable } from './markdown-text.ts';
import { formatHazards, formatScenarios, linkToRule, linkToScenario } from './rules-page-scenarios.ts';

/** The page of all rules and scenarios (docs/rules.md), generated, so that it says what the code does. */
export function formatRulesPage(
  rules: readonly Rule[],
  scenarios: readonly Scenario[],
  mutants: readonly Mutant[],
): string {
  const lines = [
    '# Rules and scenarios',
    '',
    '<!-- Generated from the rules, scenarios, hazards and mutants themselves. Do not edit: change those, and `npm run docs`. -->',
    '',
    `What a backup client has to do, in ${count(rules.length, 'rule')}, and the ${count(scenarios.length, 'scenario')} in which it is judged. Ids are stable and never`,
    'used again. A MUST rule that fails fails the check; a SHOULD rule that fails is a warning. A rule is judged in the scenarios',
    'that it names, and wherever else its situation arises. Its mutants are clients with that one defect; each of them has to die',
    'by the rule. `axon-backup-kit explain ID` shows the same in a terminal.',
    '',
    '[Rules](#rules) · [Scenarios](#scenarios) · [Hazards](#hazards)',
    '',
    '## Rules',
    '',
    ...markdownTable(
      ['rule', 'level', 'demands', 'scenarios', 'mutants'],
      rules.map((rule) => [
        linkToRule(rule.id, { inTable: true }),
        rule.level,
        formatProse(rule.requirement, { inTable: true }),
        String(judgesOf(rule, scenarios).length),
        String(victimsOf(rule, mutants).length),
      ]),
    ),
    ...rules.flatMap((rule) => ['', ...formatRule(rule, scenarios, mutants)]),
    '',
    '## Scenarios',
    '',
    ...formatScenarios(scenarios),
    '',
    '## Hazards',
    '',
    ...formatHazards(scenarios),
  ];
  return `${lines.join('\n')}\n`;
}

function formatRule(rule: Rule, scenarios: readonly Scenario[], mutants: readonly Mutant[]): string[] {
  const { id, level, requirement, why, source, remedy, waivedBy = [], consequenceOf = [], timelines } = rule;
  const waivers = waivedBy.map((capability) => codeSpan(capability)).join(' or ');
  return [
    `### ${id}`,
    '',
    `**${level.toUpperCase()}**: ${formatProse(requirement)}`,
    '',
    formatProse(why),
    '',
    `- Source: ${linkPages(formatProse(source))}`,
    `- What to do: ${formatProse(remedy)}`,
    ...(consequenceOf.length === 0 ? [] : [`- Comes of: ${formatProse(describeKinship(consequenceOf))}`]),
    ...(waivers === '' ? [] : [`- Not applicable to a client that declares ${waivers}`]),
    '',
    'Goes well:',
    '',
    ...codeBlock(timelineLines(timelines.good), 'text'),
    '',
    'Goes wrong:',
    '',
    ...codeBlock(timelineLines(timelines.bad), 'text'),
    '',
    ...formatList(
      'Judged in',
      judgesOf(rule, scenarios).map((scenario) => [linkToScenario(scenario.id), scenario.title]),
    ),
    '',
    ...formatList(
      'Must kill',
      victimsOf(rule, mutants).map((mutant) => [codeSpan(mutant.id), mutant.defect]),
    ),
  ];
}

function formatList(title: string, entries: ReadonlyArray<readonly [string, string]>): string[] {
  if (entries.length === 0) return [`${title}: nothing yet.`];
  return [`${title}:`, '', ...entries.map(([name, text]) => `- ${name}: ${formatProse(text)}`)];
}

/** Pages beside this one, of which a source names a section. */
function linkPages(text: string): string {
  return text.replaceAll(/docs\/(?<page>[a-z-]+\.md)/g, '[docs/$<page>]($<page>)');
}
