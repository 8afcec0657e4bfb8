import type { Report } from '../verdict/report.ts';
import type { ScenarioJournal } from '../verdict/scenario-journal.ts';
import { el } from './html/elements.ts';
import { gridSection } from './html/grid-section.ts';
import { page } from './html/page.ts';
import { rulesSection } from './html/rules-section.ts';
import { scenarioSection } from './html/scenario-section.ts';
import { firstFailure, outcomes, summarySection } from './html/summary-section.ts';
import type { PageTexts } from './html/texts.ts';

const noTexts: PageTexts = { ruleOf: () => undefined, storyOf: () => undefined };

/**
 * The whole report as one page that needs nothing else: no script, no network, which its policy also forbids. Scenarios
 * without a journal (the kit itself failed there) are without a picture and requests.
 */
export function formatHtml(
  report: Report,
  journals: readonly ScenarioJournal[] = [],
  texts: PageTexts = noTexts,
): string {
  const first = firstFailure(report);
  const byScenario = new Map(journals.map((journal) => [journal.scenario, journal]));
  const scenarios = report.scenarios.map((scenario, place) =>
    scenarioSection(scenario, {
      report,
      number: place + 1,
      journal: byScenario.get(scenario.id),
      texts,
      isFirstFailure: scenario === first,
    }),
  );
  return page(`${outcomes[report.exitCode].words}: backup conformance of ${report.client.argv.join(' ')}`, [
    summarySection(report),
    el(
      'main',
      {},
      el(
        'section',
        { 'aria-labelledby': 'scenarios' },
        el('h2', { id: 'scenarios' }, 'Scenarios'),
        ...(scenarios.length === 0 ? [el('p', {}, 'None was played.')] : scenarios),
      ),
      gridSection(report),
      rulesSection(report, texts),
    ),
  ]);
}
