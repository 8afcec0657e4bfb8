import type { Report, ScenarioResult } from '../../verdict/report.ts';
import { nameOf, versionsIn } from '../scenario-name.ts';
import { anchorOfResult, anchorOfScenario } from './anchors.ts';
import { el, type Content } from './elements.ts';

/** Where a rule was looked at, version by version where there are several: what did not pass leads to why. */
export function judgedIn(report: Report, rule: string): Content[] {
  const versions = versionsIn(report);
  return versions.flatMap((version) => {
    const looks = report.scenarios
      .filter(({ serverVersion }) => serverVersion === version)
      .flatMap((scenario) =>
        scenario.rules.filter(({ id }) => id === rule).map(({ status }) => ({ scenario, status })),
      );
    const wrong = looks.filter(({ status }) => status !== 'pass').map(({ scenario }) => scenario);
    const right = looks.filter(({ status }) => status === 'pass').map(({ scenario }) => scenario);
    const where = versions.length > 1 ? `with ${version} in ` : 'in ';
    return [
      ...sentence(`Not passed ${where}`, wrong, (scenario) => anchorOfResult(nameOf(scenario, report), rule)),
      ...sentence(`Passed ${where}`, right, (scenario) => anchorOfScenario(nameOf(scenario, report))),
    ];
  });
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
