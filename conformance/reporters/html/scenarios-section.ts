import type { Element } from 'xast';
import type { Report, ScenarioResult } from '../../verdict/report.ts';
import { formatScenarioCounts } from '../report-facts.ts';
import { versionsIn } from '../scenario-name.ts';
import { el } from './elements.ts';
import type { Illustration } from './illustrations.ts';
import { sameWithEarlier, tellingsOf } from './repetition.ts';
import { scenarioSection } from './scenario-section.ts';
import type { PageTexts } from './texts.ts';

/** What the sections of scenarios need beside the report. */
export interface ScenariosSurroundings {
  /** The one that is open; none where nothing is wrong. */
  readonly first: ScenarioResult | undefined;
  readonly illustrations: ReadonlyMap<ScenarioResult, Illustration>;
  readonly texts: PageTexts;
}

/**
 * All scenarios, a line each; the first failure is open, and nothing else. Of several versions each is behind a line of its
 * own, and numbers begin anew with it, so that a scenario has the same with all of them.
 */
export function scenariosSection(report: Report, surroundings: ScenariosSurroundings): Element {
  const { first, illustrations, texts } = surroundings;
  const versions = versionsIn(report);
  const tellingOf = tellingsOf(report, first);
  const sectionsOf = (version: string): Element[] =>
    report.scenarios
      .filter(({ serverVersion }) => serverVersion === version)
      .map((scenario, place) =>
        scenarioSection(scenario, {
          report,
          number: place + 1,
          illustration: illustrations.get(scenario),
          isOpen: scenario === first,
          earlier: sameWithEarlier(report, scenario),
          tellingOf,
          texts,
        }),
      );
  const opened = first?.serverVersion ?? versions[0];
  return el(
    'section',
    { 'aria-labelledby': 'scenarios' },
    el('h2', { id: 'scenarios' }, 'Scenarios'),
    ...(report.scenarios.length === 0 ? [el('p', {}, 'None was played.')] : []),
    ...(versions.length < 2
      ? versions.flatMap(sectionsOf)
      : versions.map((version) => versionGroup(report, version, sectionsOf(version), version === opened))),
  );
}

function versionGroup(report: Report, version: string, sections: readonly Element[], isOpen: boolean): Element {
  const { expectedFailures } = report;
  const scenarios = report.scenarios.filter(({ serverVersion }) => serverVersion === version);
  return el(
    'details',
    isOpen ? { open: '' } : {},
    el(
      'summary',
      {},
      el('h3', {}, version === 'documented' ? 'The documented server' : `Server version ${version}`),
      el('span', { class: 'muted' }, ` ${formatScenarioCounts({ scenarios, expectedFailures })}`),
    ),
    el('div', { class: 'inside' }, sections),
  );
}
