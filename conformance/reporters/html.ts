import { triage } from '../triage/triage.ts';
import type { Report, ScenarioResult } from '../verdict/report.ts';
import type { ScenarioJournal } from '../verdict/scenario-journal.ts';
import { el } from './html/elements.ts';
import { gridSection } from './html/grid-section.ts';
import { illustrate, type Illustration } from './html/illustrations.ts';
import { page } from './html/page.ts';
import { rulesSection } from './html/rules-section.ts';
import { scenariosSection } from './html/scenarios-section.ts';
import { aboutSection, outcomes, summarySection } from './html/summary-section.ts';
import type { PageTexts } from './html/texts.ts';
import { triageSection } from './html/triage-section.ts';
import { versionsSection } from './html/versions-section.ts';

const noTexts: PageTexts = { ruleOf: () => undefined, storyOf: () => undefined };

/** Of a page, more or less: one that is larger cannot be sent by mail, and opens slowly. */
const MOST_BYTES = 2_750_000;

/**
 * The whole report as one page that needs nothing else: no script, no network, which its policy also forbids. It begins with
 * the verdict and what is wrong, causes first; of the scenarios the first failure is open. Scenarios without a journal (the
 * kit itself failed there) are without a picture and requests; so are, in a report of very many, those that come last.
 */
export function formatHtml(
  report: Report,
  journals: readonly ScenarioJournal[] = [],
  texts: PageTexts = noTexts,
): string {
  const sorted = triage(report, texts.ruleOf);
  const first: ScenarioResult | undefined = report.exitCode === 0 ? undefined : (sorted.startWith ?? undefined);
  const title = `${outcomes[report.exitCode].words}: backup conformance of ${report.client.argv.join(' ')}`;
  const pageWith = (illustrations: ReadonlyMap<ScenarioResult, Illustration>): string =>
    page(title, [
      summarySection(report, first),
      el(
        'main',
        {},
        ...triageSection(sorted, report, texts),
        scenariosSection(report, { first, illustrations, texts }),
        ...versionsSection(report),
        gridSection(report),
        rulesSection(report, texts),
        aboutSection(report),
      ),
    ]);
  // What is said in words comes first; pictures and requests have the room that it leaves.
  const room = MOST_BYTES - Buffer.byteLength(pageWith(new Map()));
  return pageWith(illustrate(report, journals, { first, room }));
}
