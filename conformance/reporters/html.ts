import type { Element } from 'xast';
import type { Report, ScenarioResult } from '../verdict/report.ts';
import type { ScenarioJournal } from '../verdict/scenario-journal.ts';
import { el } from './html/elements.ts';
import { gridSection } from './html/grid-section.ts';
import { page } from './html/page.ts';
import { rulesSection } from './html/rules-section.ts';
import { scenarioSection } from './html/scenario-section.ts';
import { firstFailure, outcomes, summarySection } from './html/summary-section.ts';
import type { PageTexts } from './html/texts.ts';
import { triageSection } from './html/triage-section.ts';
import { versionsSection } from './html/versions-section.ts';
import { nameOf, versionsIn } from './scenario-name.ts';

const noTexts: PageTexts = { ruleOf: () => undefined, storyOf: () => undefined };

/**
 * The whole report as one page that needs nothing else: no script, no network, which its policy also forbids. Scenarios
 * without a journal (the kit itself failed there) are without a picture and requests; so are, of several versions, those
 * of the later ones that have passed, for they make up most of the page and show what the first one shows.
 */
export function formatHtml(
  report: Report,
  journals: readonly ScenarioJournal[] = [],
  texts: PageTexts = noTexts,
): string {
  const first = firstFailure(report);
  const journalOf = new Map(
    journals.map((journal) => [nameOf({ ...journal, id: journal.scenario }, report), journal] as const),
  );
  const pictures = new Map(report.scenarios.map((scenario, place) => [scenario, `timeline-${place + 1}`]));
  const sectionOf = (scenario: ScenarioResult, place: number): Element => {
    const isShort = isShortIn(report, scenario);
    return scenarioSection(scenario, {
      report,
      number: place + 1,
      pictureId: pictures.get(scenario) ?? '',
      journal: isShort ? undefined : journalOf.get(nameOf(scenario, report)),
      isShort,
      texts,
      isFirstFailure: scenario === first,
    });
  };
  return page(`${outcomes[report.exitCode].words}: backup conformance of ${report.client.argv.join(' ')}`, [
    summarySection(report),
    el(
      'main',
      {},
      ...triageSection(report, texts),
      el(
        'section',
        { 'aria-labelledby': 'scenarios' },
        el('h2', { id: 'scenarios' }, 'Scenarios'),
        ...(report.scenarios.length === 0 ? [el('p', {}, 'None was played.')] : []),
        // Numbers begin anew with each version, so that a scenario has the same with all of them.
        ...versionsIn(report).flatMap((version) =>
          report.scenarios.filter(({ serverVersion }) => serverVersion === version).map(sectionOf),
        ),
      ),
      ...versionsSection(report),
      gridSection(report),
      rulesSection(report, texts),
    ),
  ]);
}

function isShortIn(report: Report, { serverVersion, status }: ScenarioResult): boolean {
  return status === 'pass' && serverVersion !== versionsIn(report)[0];
}
