import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeFolder } from '../../folders/make-folder.ts';
import { makeTemporaryFolder } from '../../folders/temporary-folder.ts';
import { AxonError, describeSystemFailure } from '../../server/index.ts';
import { assembleReport } from '../check/report/assemble-report.ts';
import { kitVersion } from '../check/report/kit-version.ts';
import { describeLeft } from '../check/judge/left-by-scenario.ts';
import { journalOf } from '../check/judge/scenario-journal.ts';
import { formatWatchRepro } from '../check/report/repro.ts';
import { CommandDriver } from '../driver/command-driver.ts';
import { unpackWith } from '../driver/restore-command.ts';
import { createReporterStyle } from '../reporters/style.ts';
import { formatWatchProgress } from '../reporters/watch-text.ts';
import { rules } from '../rules/catalog.ts';
import { REAL_SERVER, type Report, type ScenarioResult } from '../verdict/report.ts';
import { judgeTrace, WATCHED_ID, type JudgedTrace } from '../watch/judge-trace.ts';
import type { PathMapping } from '../watch/path-map.ts';
import { openTarget } from '../watch/target.ts';
import { watch, type Watched } from '../watch/watch.ts';
import { commandAsCalled } from './as-called.ts';
import { complain } from './complaints.ts';
import { EXIT_KIT_FAILED } from './exit-code.ts';
import { requireWritable } from './output-files.ts';
import { ProgressLine } from './progress-line.ts';
import { filesOf, publish, type ReportFlags } from './report-targets.ts';
import { formatVerification } from './verify-text.ts';

/** A real backup takes hours. */
export const USUAL_WATCH_TIMEOUT_MS = 24 * 60 * 60_000;

export interface WatchFlags extends ReportFlags {
  readonly target: string;
  readonly token?: string;
  readonly map: readonly PathMapping[];
  readonly ca?: string;
  readonly runs: number;
  readonly timeout: number;
  readonly capabilities: readonly string[];
  readonly failOn: 'fail' | 'warn';
  readonly restore?: string;
  readonly out?: string;
  readonly shell: boolean;
}

/** Watches, reports, verifies what is left, and resolves to the exit code. */
export async function runWatch(client: readonly string[], flags: WatchFlags, signal: AbortSignal): Promise<number> {
  if (client.length === 0) {
    throw new AxonError(
      'bad-option',
      'no client to watch: put it behind --, as in  watch --target URL -- ./my-backup.sh',
    );
  }
  if (flags.runs < 1) throw new AxonError('bad-option', '--runs: one run at least');
  requireWritable(filesOf(flags.report));
  const target = openTarget(flags.target, flags.ca ?? null);
  const folder = provideFolder(flags.out);
  const progress = new ProgressLine(process.stderr);
  let [run, requests] = [0, 0];
  const show = (): void => progress.show(formatWatchProgress({ run, runs: flags.runs, requests }));
  try {
    const watched = await watch({
      target,
      token: flags.token ?? null,
      mappings: flags.map,
      driver: new CommandDriver({ argv: client, useShell: flags.shell, environment: process.env }),
      runs: flags.runs,
      folder,
      timeoutMs: flags.timeout,
      capabilities: flags.capabilities,
      unpack: flags.restore === undefined ? null : unpackWith(flags.restore, process.env),
      signal,
      nowMs: () => Date.now(),
      onRun: (number) => {
        run = number;
        show();
      },
      onRequest: (count) => {
        requests = count;
        show();
      },
    });
    progress.clear();
    const exitCode = tell(watched, client, flags);
    if (flags.out === undefined && exitCode === 0) fs.rmSync(folder, { recursive: true, force: true });
    else process.stdout.write(`left in      ${folder}\n`);
    return exitCode;
  } catch (error) {
    progress.clear();
    if (flags.out === undefined) fs.rmSync(folder, { recursive: true, force: true });
    throw error;
  } finally {
    await target.dispatcher.close();
  }
}

function tell(watched: Watched, client: readonly string[], flags: WatchFlags): number {
  const judged = judgeTrace(watched.evidence, rules, watched.facts);
  const report = reportOf(watched, judged, client, flags);
  const [result] = report.scenarios;
  if (result === undefined) throw new Error('a trace is one scenario');
  const journals = [journalOf(result, watched.evidence, result.rules)];
  const unwritten = publish(report, flags, {
    journals,
    ruleOf: (id) => rules.find((rule) => rule.id === id),
    storyOf: () => undefined,
  });
  if (!flags.quiet && watched.verification !== null) {
    process.stdout.write(
      `\n${formatVerification(watched.verification, createReporterStyle(process.stdout, process.env))}`,
    );
  }
  unwritten.forEach(complain);
  return unwritten.length > 0 ? EXIT_KIT_FAILED : report.exitCode;
}

function reportOf(
  { evidence, clientMs }: Watched,
  judged: JudgedTrace,
  client: readonly string[],
  flags: WatchFlags,
): Report {
  const { capabilities, failOn, target, restore, runs, shell } = flags;
  const { restored: _none, ...left } = describeLeft(evidence);
  const kit = commandAsCalled({ argv: process.argv, environment: process.env, workingDir: process.cwd() });
  const maps = flags.map.map(({ server, local }) => `${server}=${local}`);
  const result: ScenarioResult = {
    id: WATCHED_ID,
    serverVersion: REAL_SERVER,
    title: `what passed between the client and ${target}`,
    status: judged.status,
    message: judged.message,
    rules: [...judged.rules, ...judged.beyond],
    hazards: [],
    ...left,
    repro: formatWatchRepro(kit, client, {
      target,
      maps,
      runs,
      ca: flags.ca ?? null,
      hasToken: flags.token !== undefined,
      ...(restore === undefined ? {} : { restore }),
      failOn,
      shell,
    }),
    artefacts: null,
    wallClock: { totalMs: clientMs, clientMs },
  };
  const facts = {
    version: kitVersion,
    seed: 1,
    serverVersion: REAL_SERVER,
    argv: client,
    capabilities,
    expectedFailures: [],
    failOn,
  };
  return assembleReport(facts, [result], rules);
}

/** Fails with `bad-option` for a folder that has something in it. */
function provideFolder(out: string | undefined): string {
  if (out === undefined) return makeTemporaryFolder(os.tmpdir(), 'kept');
  try {
    makeFolder(out);
    if (fs.readdirSync(out).length === 0) return path.resolve(out);
  } catch (error) {
    throw new AxonError('bad-option', `--out ${out}: ${describeSystemFailure(error)}`);
  }
  throw new AxonError('bad-option', `--out ${out}: there is something in it; a first run begins with nothing`);
}
