import { toXml } from 'xast-util-to-xml';
import { timelineStyle } from '../../timeline/index.ts';
import type { Report } from '../verdict/report.ts';
import type { ScenarioJournal } from '../verdict/scenario-journal.ts';
import { el, type Content } from './html/elements.ts';
import { gridSection } from './html/grid-section.ts';
import { rulesSection } from './html/rules-section.ts';
import { scenarioSection } from './html/scenario-section.ts';
import { pageStyle } from './html/style.ts';
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

/** The head is written out: it has elements that HTML does not close. All that comes from elsewhere is in the body. */
function page(title: string, body: readonly Content[]): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  const head = [
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    write([el('title', {}, title)]),
    `<style>${pageStyle}\n${timelineStyle}</style>`,
  ];
  return `<!doctype html>\n<html lang="en">\n<head>\n${head.join('\n')}\n</head>\n<body>\n${write(body)}\n</body>\n</html>\n`;
}

function write(content: readonly Content[]): string {
  const children = content.map((each) =>
    typeof each === 'object' ? each : { type: 'text' as const, value: String(each) },
  );
  return toXml(children, { allowDangerousXml: true });
}
