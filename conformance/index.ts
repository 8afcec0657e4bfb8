/// <reference types="node" preserve="true" />
/** The judge in process: run any backup client through the scenarios, or through random ones, or verify a finished backup. */
import os from 'node:os';
import { AxonError, type Edition, type ServerVersion } from '../server/index.ts';
import { runConformance as runWithDriver, type Capability } from './check/run-conformance.ts';
import { surroundingsOf, type Surroundings } from './check/selection/surroundings.ts';
import { formatRepro } from './check/report/repro.ts';
import type { ClientDriver } from './driver/client-driver.ts';
import { requireClientUser } from './driver/client-user.ts';
import { requireReadOnly } from './driver/read-only-source.ts';
import { CommandDriver } from './driver/command-driver.ts';
import { FunctionDriver, type ClientFunction } from './driver/function-driver.ts';
import { unpackBy, unpackWith, type Unpack } from './driver/restore-command.ts';
import type { Explored, ExploreSettings } from './explore/for-programs.ts';
import type { Report, ScenarioResult } from './verdict/report.ts';
import type { ScenarioJournal } from './verdict/scenario-journal.ts';

export { AxonError, type Edition, type ServerVersion } from '../server/index.ts';
export { formatJson } from './reporters/json.ts';
export { parseJsonReport } from './reporters/parse-json.ts';
export { verifyBackup, type BackupVerification, type VerifyOptions } from './oracle/verification/verify-backup.ts';
export type { ReadingLimits } from './oracle/archives/reading-budget.ts';
export type { Capability } from './check/run-conformance.ts';
export type { ClientFunction, ClientInvocation } from './driver/function-driver.ts';
export type {
  RestoreOutlook,
  VerificationProblem,
  VerifiedContext,
  VerifiedControlDb,
  VerifiedLog,
  VerifiedStore,
} from './oracle/verification/verification.ts';
export type { Explored, FoundFailure } from './explore/for-programs.ts';
export type { Finding, Level } from './rules/rule.ts';
export type {
  Artefacts,
  ExpectedFailure,
  Incomplete,
  Report,
  ReportedLoss,
  RuleResult,
  RunSummary,
  ScenarioResult,
  Summary,
} from './verdict/report.ts';
export type { ReportedRequest, ScenarioJournal } from './verdict/scenario-journal.ts';
export type { Verdict } from './verdict/verdict.ts';

/**
 * What `runConformance` can be told; only the client has to be there. What is not said is as in `axon-backup-kit check`.
 *
 *   { client: ['bash', './my-backup.sh'] }
 *   { client: ['my-tool', '--server', '{url}', '--to', '{backup}'], only: ['log/**'] }
 *   { client: async ({ url, backupDir }) => { … } }
 */
export interface ConformanceOptions extends Surroundings {
  /**
   * The client to judge. A command with its arguments is started for each run, without a shell, and is told by environment
   * variables (`AXONSERVER_URL`, `BACKUP_DIR`, …) or placeholders in its arguments (`{url}`, `{backup}`, …). A function is
   * called for each run: to resolve means "this backup is good", to reject "this run failed".
   */
  readonly client: readonly [command: string, ...args: string[]] | ClientFunction;
  /** Globs of scenario ids to play, such as `log/**`; all unless given. */
  readonly only?: readonly string[];
  /** Globs of scenario ids to leave out. */
  readonly skip?: readonly string[];
  /** Scenarios side by side; as many as there are processors unless given. */
  readonly jobs?: number;
  /** Of every cluster; 1 unless given. */
  readonly seed?: number;
  /**
   * The version of the server that the clusters behave as: `documented`, what the manual promises, unless given. With `all`
   * every scenario is played once for each version, and the results come version by version.
   */
  readonly serverVersion?: ServerVersion | 'all';
  /** The enterprise one unless given; what the standard one has not got is not applicable. */
  readonly edition?: Edition;
  /** Below which every public path of every cluster lies, as `/axonserver-1`; as the scenario has it unless given. */
  readonly contextPath?: string;
  /** Real milliseconds that one run of the client may take; a minute unless given. */
  readonly timeoutMs?: number;
  /** What the client declares not to do: rules about that are not applicable, and never counted as passed. */
  readonly capabilities?: readonly Capability[];
  /**
   * Known failures, with any version: `rule`, `scenario:rule`, or `scenario` for the hazards that it misses, then perhaps
   * ` until 2027-01-31` and `# reason`. They do not fail the check; one that no longer fails does.
   */
  readonly expectedFailures?: readonly string[];
  /** What makes the check fail: `fail` unless given; `warn` lets rules of level *should* count. */
  readonly failOn?: 'fail' | 'warn';
  /** Only what did not pass in this report of an earlier check; say its `seed` and `serverVersion`, too. */
  readonly lastFailed?: Report;
  /** Only the `index`-th, from 1, of `count` parts of scenarios and versions: disjoint, and together all. */
  readonly shard?: { readonly index: number; readonly count: number };
  /** Nothing new is begun once so many scenarios have failed; the report says what was not played. All are unless given. */
  readonly bail?: number;
  /**
   * Keeps journal, output, backup and verdict of each scenario here, with a folder for each version where there are several;
   * else of failures alone, in a temporary folder.
   */
  readonly outDir?: string;
  /**
   * For stores that need their own tool (encrypted, deduplicated): turns what lies in `backupDir` into plain files in
   * `restoreDir`, within `timeoutMs`. A command is given to a shell, with `BACKUP_DIR` and `RESTORE_DIR`. One that fails, or
   * a function that rejects, says that the store does not restore: that is a finding.
   */
  readonly restore?: string | ((backupDir: string, restoreDir: string) => Promise<void>);
  /** What a command inherits beside the variables of the contract; the environment of this process unless given. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Ends the check: clients are killed, temporary folders go, and it fails with an AxonError `interrupted`. */
  readonly signal?: AbortSignal;
  /** Called for each scenario and version when it begins. */
  readonly onStart?: (scenario: {
    readonly id: string;
    readonly title: string;
    readonly serverVersion: ServerVersion;
  }) => void;
  /**
   * Called for each scenario and version when it is done. The journal is what the scenario has left for pictures and tables;
   * null where the version cannot play it, or the kit itself failed.
   */
  readonly onResult?: (result: ScenarioResult, journal: ScenarioJournal | null) => void;
  /** Told in the end what could not be cleared away, or kept, each with the reason; the report is the same. */
  readonly onLeftBehind?: (reasons: readonly string[]) => void;
  /**
   * Told in the end how many temporary folders of earlier checks are gone, where there were any: those of checks that were
   * killed, and all but the newest of those that failures were kept in.
   */
  readonly onOldRemoved?: (removed: { readonly sweptFolders: number; readonly outdatedFolders: number }) => void;
}

/**
 * Runs a client through all selected scenarios, each on a cluster of its own, and resolves to the report: `formatJson` of it is
 * what `check --report json=` writes, which `parseJsonReport` reads back. `exitCode` is 0 where every MUST rule was judged and passed, and never where nothing was proved.
 * Fails with an AxonError `bad-option` where an option is unknown or makes no sense, or a command cannot be started, and with `interrupted`
 * where `signal` ends it.
 */
export async function runConformance(options: ConformanceOptions): Promise<Report> {
  const { requireProgramOptions } = await import('./check/selection/program-options.ts');
  requireProgramOptions('check', options);
  const { client, environment = process.env, restore, ...rest } = options;
  const unpack = unpackFor(restore, environment);
  const driver = driverFor(options);
  if (typeof client === 'function') return runWithDriver({ ...rest, driver, unpack });
  const flags = {
    seed: options.seed ?? 1,
    capabilities: options.capabilities ?? [],
    shell: false,
    ...(options.failOn === undefined ? {} : { failOn: options.failOn }),
    ...(options.edition === undefined ? {} : { edition: options.edition }),
    ...surroundingsOf(options),
    ...(typeof restore === 'string' ? { restore } : {}),
  };
  return runWithDriver({
    ...rest,
    driver,
    unpack,
    reproCommand: (scenario, serverVersion) => formatRepro(scenario, client, { ...flags, serverVersion }),
  });
}

/** What `explore` can be told; only the client has to be there. What is not said is as in `axon-backup-kit explore`. */
export interface ExploreOptions
  extends
    Omit<ExploreSettings, 'unpack' | 'capabilities'>,
    Pick<ConformanceOptions, 'client' | 'capabilities' | 'restore' | 'environment'> {}

/**
 * Plays schedules that chance has written until one breaks a rule, and looks for the shortest that breaks the same: what
 * `axon-backup-kit explore` does. The same seeds and the same client come to the same; `{ fromSeed: 17, runs: 1 }` repeats
 * what seed 17 has found. Interrupted by `signal`, it resolves to what was found by then.
 */
export async function explore(options: ExploreOptions): Promise<Explored> {
  const { requireProgramOptions } = await import('./check/selection/program-options.ts');
  requireProgramOptions('explore', options);
  const { client: _client, environment = process.env, restore, ...rest } = options;
  const { exploreFor } = await import('./explore/for-programs.ts');
  return exploreFor(driverFor(options), { ...rest, unpack: unpackFor(restore, environment) });
}

/** The client in its surroundings. Fails with `bad-option` where those cannot be had here. */
function driverFor({
  client,
  environment = process.env,
  clientUser,
  source,
}: Pick<ConformanceOptions, 'client' | 'environment' | 'clientUser' | 'source'>): ClientDriver {
  if (typeof client === 'function') {
    if ((clientUser ?? source) === undefined) return new FunctionDriver(client);
    const which = clientUser === undefined ? 'source' : 'clientUser';
    throw new AxonError('bad-option', `${which}: a function runs in this process, as its user and with what it sees`);
  }
  if (clientUser !== undefined) requireClientUser(clientUser, process.getuid?.());
  if (source === 'read-only') requireReadOnly(os.tmpdir());
  return new CommandDriver({
    argv: client,
    useShell: false,
    environment,
    ...(clientUser === undefined ? {} : { user: clientUser }),
    isSourceReadOnly: source === 'read-only',
  });
}

function unpackFor(
  restore: ConformanceOptions['restore'],
  environment: Readonly<Record<string, string | undefined>>,
): Unpack | null {
  if (restore === undefined) return null;
  return typeof restore === 'string' ? unpackWith(restore, environment) : unpackBy(restore);
}
