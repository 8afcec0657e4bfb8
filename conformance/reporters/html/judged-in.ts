import { versionInWords } from '../../scenarios/version-words.ts';
import type { Report, ScenarioResult } from '../../verdict/report.ts';
import { nameOf, versionsIn } from '../scenario-name.ts';
import { anchorOfResult, anchorOfScenario } from './anchors.ts';
import { el, type Content } from './elements.ts';

/**
 * Where a rule was looked at, version by version where there are several, those together with which it came to the same: what
 * did not pass leads to why, with the first of them.
 */
export function judgedIn(report: Report, rule: string): Content[] {
  const versions = versionsIn(report);
  const looks = versions.map((version) => ({ version, ...looksWith(report, rule, version) }));
  const groups = new Map<string, typeof looks>();
  for (const look of looks) {
    const came = JSON.stringify([look.wrong, look.right].map((each) => each.map(({ id }) => id)));
    groups.set(came, [...(groups.get(came) ?? []), look]);
  }
  return [...groups.values()].flatMap((alike) => {
    const { wrong, right } = alike[0] ?? { wrong: [], right: [] };
    const where =
      versions.length > 1 ? `with ${alike.map(({ version }) => versionInWords(version)).join(', ')} in ` : 'in ';
    return [
      ...sentence(`Not passed ${where}`, wrong, (scenario) => anchorOfResult(nameOf(scenario, report), rule)),
      ...sentence(`Passed ${where}`, right, (scenario) => anchorOfScenario(nameOf(scenario, report))),
    ];
  });
}

function looksWith(
  { scenarios }: Report,
  rule: string,
  version: string,
): { readonly wrong: readonly ScenarioResult[]; readonly right: readonly ScenarioResult[] } {
  const looks = scenarios
    .filter(({ serverVersion }) => serverVersion === version)
    .flatMap((scenario) => scenario.rules.filter(({ id }) => id === rule).map(({ status }) => ({ scenario, status })));
  const those = (isRight: boolean): ScenarioResult[] =>
    looks.filter(({ status }) => (status === 'pass') === isRight).map(({ scenario }) => scenario);
  return { wrong: those(false), right: those(true) };
}

function sentence(
  beginning: string,
  scenarios: readonly ScenarioResult[],
  anchorOf: (scenario: ScenarioResult) => string,
): Content[] {
  if (scenarios.length === 0) return [];
  const links = scenarios.flatMap((scenario, place) => [
    ...(place === 0 ? [] : [', ']),
    el('a', { href: `#${anchorOf(scenario)}` }, scenario.id),
  ]);
  return [el('p', {}, beginning, links, '.')];
}
