import * as fs from 'node:fs';
import path from 'node:path';
import { runConformance } from '../../conformance/check/run-conformance.ts';
import { CommandDriver } from '../../conformance/driver/command-driver.ts';
import type { ClientDriver } from '../../conformance/driver/client-driver.ts';
import type { Evidence } from '../../conformance/journal/evidence.ts';
import type { Scenario } from '../../conformance/scenarios/scenario.ts';
import type { Report } from '../../conformance/verdict/report.ts';
import type { ServerVersion } from '../../server/index.ts';

const folder = path.resolve(import.meta.dirname, '../cases');

/** A schedule of test/cases, which is the data of a scenario that promises nothing. */
export function caseScenario(name: string): Scenario {
  return JSON.parse(fs.readFileSync(path.join(folder, 'schedules', `${name}.json`), 'utf8')) as Scenario;
}

/** A client of test/cases in Python, as a check runs it. */
export function pythonClient(name: string): CommandDriver {
  const argv = ['python3', path.join(folder, 'clients', name)];
  return new CommandDriver({ argv, useShell: false, environment: process.env });
}

export interface Played {
  readonly report: Report;
  readonly evidence: Evidence;
  /** `rule: message` of everything that failed or warned. */
  readonly failed: readonly string[];
  readonly warned: readonly string[];
}

/** Has a client play one scenario that is none of the kit's own. */
export async function playScenario(
  scenario: Scenario,
  driver: ClientDriver,
  options: { readonly serverVersion?: ServerVersion; readonly capabilities?: readonly string[] } = {},
): Promise<Played> {
  let evidence: Evidence | null = null;
  const report = await runConformance({
    ...options,
    driver,
    scenarios: [scenario],
    jobs: 1,
    keepsFailures: false,
    onEvidence: (left) => (evidence = left),
  });
  const [result] = report.scenarios;
  if (evidence === null || result === undefined) throw new Error(`${scenario.id} was not played: ${result?.message}`);
  const told = (status: string): string[] =>
    result.rules.filter((rule) => rule.status === status).map(({ id, message }) => `${id}: ${message}`);
  return { report, evidence, failed: told('fail'), warned: told('warn') };
}
