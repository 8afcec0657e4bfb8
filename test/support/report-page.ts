import * as fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { runConformance } from '../../conformance/check/run-conformance.ts';
import { journalOf } from '../../conformance/check/judge/scenario-journal.ts';
import type { PageTexts } from '../../conformance/reporters/html/texts.ts';
import { formatHtml } from '../../conformance/reporters/html.ts';
import { rules } from '../../conformance/rules/catalog.ts';
import { scenarios } from '../../conformance/scenarios/catalog.ts';
import type { Report } from '../../conformance/verdict/report.ts';
import type { ScenarioJournal } from '../../conformance/verdict/scenario-journal.ts';
import type { ServerVersion } from '../../server/index.ts';
import type { ClientDriver } from '../../conformance/driver/client-driver.ts';
import { evidence, goodRun } from './evidence.ts';
import { buildReport, failedRule, finding, scenarioResult } from './report.ts';

/** A report as `check --report html=FILE` writes it. */
export interface ReportPage {
  readonly report: Report;
  readonly html: string;
}

const texts: PageTexts = {
  ruleOf: (id) => rules.find((rule) => rule.id === id),
  storyOf: (id) => scenarios.find((scenario) => scenario.id === id),
};

/** Has a client judged for real in some scenarios. */
export async function reportPageOf(
  driver: ClientDriver,
  only: readonly string[],
  serverVersion: ServerVersion | 'all' = 'documented',
): Promise<ReportPage> {
  const journals: ScenarioJournal[] = [];
  const report = await runConformance({
    driver,
    only,
    serverVersion,
    keepsFailures: false,
    reproCommand: (scenario) => `axon-backup-kit check --only ${scenario} --seed 1 -- ./my-backup.sh`,
    onResult: (_result, journal) => {
      if (journal !== null) journals.push(journal);
    },
  });
  return { report, html: formatHtml(report, journals, texts) };
}

/** Of a client that fails every rule in every scenario, in all of its four runs, and loses all that there is. */
export function worstReportPage(): ReportPage {
  const results = scenarios.map(({ id, title }) =>
    scenarioResult({
      id,
      title,
      rules: rules.map((rule) => {
        const findings = Array.from({ length: 24 }, (_nothing, place) =>
          finding({ run: 1 + (place % 4), subject: `GET /v1/backup/filenames?type=EVENT (request ${place + 1})` }),
        );
        return failedRule({ id: rule.id, level: rule.level, evidence: findings });
      }),
      loss: ['EVENT', 'SNAPSHOT'].map((type) => ({ context: 'default', type, events: 10_016, virtualTime: 49_215 })),
    }),
  );
  const report = buildReport(results);
  const played = evidence({ runs: [1, 2, 3, 4].map((run) => goodRun(run)) });
  const journals = results.map((result) => journalOf(result, played, result.rules));
  return { report, html: formatHtml(report, journals, texts) };
}

/** Where a browser finds a page that was written to a folder. */
export function writePage(folder: string, name: string, html: string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, html);
  return pathToFileURL(file).href;
}
