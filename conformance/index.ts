/** The judge in process: run any backup client through the scenarios, or verify a finished backup. */
import type { ClientFunction } from './driver/function-driver.ts';
import { CommandDriver } from './driver/command-driver.ts';
import { FunctionDriver } from './driver/function-driver.ts';
import { runConformance as runWithDriver, type ConformanceOptions as DriverOptions } from './check/run-conformance.ts';
import type { Report } from './verdict/report.ts';

export { verifyBackup, type BackupVerification } from './oracle/verify-backup.ts';
export type { Invocation } from './driver/client-driver.ts';
export type { ClientFunction } from './driver/function-driver.ts';
export type { Finding, Level } from './rules/rule.ts';
export type { Report, ReportedLoss, RuleResult, RunSummary, ScenarioResult, Summary } from './verdict/report.ts';
export type { ReportedRequest, ScenarioJournal } from './verdict/scenario-journal.ts';
export type { Verdict } from './verdict/verdict.ts';

/** What `runConformance` can be told; the client is a command with its arguments, or an async function. */
export interface ConformanceOptions extends Omit<DriverOptions, 'driver'> {
  readonly client: readonly string[] | ClientFunction;
  /** What a command inherits beside the variables of the contract; the environment of this process unless given. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * Runs a client through all selected scenarios, each on a cluster of its own, and resolves to the report: the same that
 * `check --report json=` writes. Fails with an AxonError where an option makes no sense.
 */
export function runConformance(options: ConformanceOptions): Promise<Report> {
  const { client, environment = process.env, ...rest } = options;
  const driver =
    typeof client === 'function'
      ? new FunctionDriver(client)
      : new CommandDriver({ argv: client, useShell: false, environment });
  return runWithDriver({ ...rest, driver });
}
