import * as fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { runConformance } from '../../conformance/check/run-conformance.ts';
import { formatHtml } from '../../conformance/reporters/html.ts';
import { rules } from '../../conformance/rules/catalog.ts';
import { scenarios } from '../../conformance/scenarios/catalog.ts';
import type { Report } from '../../conformance/verdict/report.ts';
import type { ScenarioJournal } from '../../conformance/verdict/scenario-journal.ts';
import type { ServerVersion } from '../../server/index.ts';
import type { ClientDriver } from '../../conformance/driver/client-driver.ts';

/** A report as `check --report html=FILE` writes it. */
export interface ReportPage {
  readonly report: Report;
  readonly html: string;
}

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
  const html = formatHtml(report, journals, {
    ruleOf: (id) => rules.find((rule) => rule.id === id),
    storyOf: (id) => scenarios.find((scenario) => scenario.id === id),
  });
  return { report, html };
}

/** Where a browser finds a page that was written to a folder. */
export function writePage(folder: string, name: string, html: string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, html);
  return pathToFileURL(file).href;
}
