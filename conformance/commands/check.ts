import type { Command } from 'commander';
import { AxonError } from '../../server/index.ts';
import { clientDriver } from './client-driver.ts';
import { unpackWith } from '../driver/restore-command.ts';
import { parseExpectedFailure, reviewExpectedFailures } from '../verdict/expected-failures.ts';
import { listKnownFailures } from '../verdict/known-failures.ts';
import { nameOf } from '../reporters/scenario-name.ts';
import { commandAsCalled } from './as-called.ts';
import { PlayingLine } from './playing-line.ts';
import { formatScenarioLine } from '../reporters/console.ts';
import { createReporterStyle } from '../reporters/style.ts';
import { rules } from '../rules/catalog.ts';
import { runConformance } from '../check/run-conformance.ts';
import { surroundingsOf } from '../check/selection/surroundings.ts';
import { formatContainerCommand } from '../check/container-command.ts';
import { formatRepro } from '../check/report/repro.ts';
import type { Report } from '../verdict/report.ts';
import type { ScenarioJournal } from '../verdict/scenario-journal.ts';
import { addCheckOptions, type CheckFlags } from './check-options.ts';
import { applyConfig, USUAL_CONFIG_FILE } from './config-file.ts';
import { chooseWhatToPlay } from './check-selection.ts';
import { complain, describeLeftBehind, describeOldRemoved } from './complaints.ts';
import { EXIT_KIT_FAILED, type ExitWith } from './exit-code.ts';
import { untilInterrupted } from './interruption.ts';
import { readKnownFailures, today } from './known-failures-file.ts';
import { requireWritable } from './output-files.ts';
import { filesOf, publish, writeText } from './report-targets.ts';
import { fileOf } from './scenario-files.ts';

const examples = `
Examples:
  $ axon-backup-kit check -- ./my-backup.sh
      each run is told by environment variables: AXONSERVER_URL, BACKUP_DIR, …

  $ axon-backup-kit check -- my-tool --server {url} --to {backup} --state {state}
      the same by placeholders in the arguments

  $ axon-backup-kit check --server-version all -- ./my-backup.sh
      every scenario once for each version of the server, and a table of rules and versions

  $ axon-backup-kit check --scenario my-scenario.yaml -- ./my-backup.sh
      a situation of your own; \`explain log/compacted-while-copying --json\` prints one to begin with

  $ axon-backup-kit check --only 'log/**' --report junit=report.xml --report html=report.html -- ./my-backup.sh

  $ axon-backup-kit check
      with an axon-backup-kit.yaml that names the client and the options; \`init\` writes one

  $ axon-backup-kit check --shard 2/4 --report json=report-2.json -- ./my-backup.sh
      a quarter of it, on one of four machines; merge makes one report of the four

Exit codes: 0 every MUST rule judged and passed; 1 a MUST rule failed, or an expected failure is stale;
2 something is inconclusive, or nothing was judged; 64 usage; 70 the kit itself failed; 130 and 143 interrupted.`;

/** `check`: runs a client through the scenarios, reports, and sets the exit code. */
export function addCheckCommand(program: Command, exitWith: ExitWith): void {
  const command = program
    .command('check')
    .description('judge a backup client')
    .usage('[options] -- CMD [ARG…]')
    .argument('[command...]', 'the client: one invocation is one backup run');
  addCheckOptions(command)
    .addHelpText('after', examples)
    .action((client: readonly string[]) => {
      const argv = applyConfig(command, client);
      return untilInterrupted((signal) => check(argv, command, signal), exitWith);
    });
}

async function check(client: readonly string[], command: Command, signal: AbortSignal): Promise<number> {
  const flags: CheckFlags = command.opts();
  if (flags.printContainerCommand) {
    process.stdout.write(`${formatContainerCommand(client, flags)}\n`);
    return 0;
  }
  if (client.length === 0) {
    const way = `put it behind --, as in  check -- ./my-backup.sh, or into ${USUAL_CONFIG_FILE} as client: [./my-backup.sh]`;
    throw new AxonError('bad-option', `no client to judge: ${way}`);
  }
  const { writeExpectedFailures: listFile } = flags;
  requireWritable([
    ...filesOf(flags.report),
    ...(listFile === undefined ? [] : [{ option: '--write-expected-failures', file: listFile }]),
  ]);
  const expectedFailures = readKnownFailures(flags.expectedFailures);
  const driver = await clientDriver(client, flags);
  const choice = chooseWhatToPlay(flags, {
    isGiven: (option) => (command.getOptionValueSource(option) ?? 'default') !== 'default',
  });
  for (const note of choice.notes) complain(note);
  const { seed, serverVersion, edition, own, played } = choice;
  const style = createReporterStyle(process.stdout, process.env);
  const wantsJournals = flags.report.some(({ kind }) => kind === 'html');
  const journals: ScenarioJournal[] = [];
  const kit = commandAsCalled({ argv: process.argv, environment: process.env, workingDir: process.cwd() });
  const checked = {
    serverVersion,
    expectedFailures: reviewExpectedFailures(expectedFailures.map(parseExpectedFailure), [], today()),
  };
  const housekeeping: string[] = [];
  const playing = new PlayingLine(process.stdout, () => performance.now(), !flags.quiet);
  const clock = setInterval(() => playing.refresh(), 1000);
  const report = await runConformance({
    driver,
    scenarios: played,
    refusesClientThatCannotRun: true,
    reportsInterrupted: true,
    today: today(),
    seed,
    serverVersion,
    edition,
    timeoutMs: flags.timeout,
    capabilities: flags.capabilities,
    failOn: flags.failOn,
    expectedFailures,
    outDir: flags.out ?? null,
    signal,
    ...surroundingsOf(flags),
    unpack: flags.restore === undefined ? null : unpackWith(flags.restore, process.env),
    reproCommand: (scenario, version) =>
      formatRepro(scenario, client, {
        ...flags,
        seed,
        kit,
        serverVersion: version,
        edition,
        scenarioFile: fileOf(scenario, own),
      }),
    onStart: (play) => playing.begin(nameOf(play, checked)),
    onResult: (result, journal, progress) => {
      if (journal !== null && wantsJournals) journals.push(journal);
      const line = flags.quiet ? null : formatScenarioLine(result, style, checked, progress);
      playing.end(nameOf(result, checked), line);
    },
    onLeftBehind: (reasons) => complain(describeLeftBehind(reasons)),
    onOldRemoved: (removed) => housekeeping.push(describeOldRemoved(removed)),
    ...choice.selection,
    ...(flags.jobs === undefined ? {} : { jobs: flags.jobs }),
    ...(flags.bail === undefined ? {} : { bail: flags.bail }),
  }).finally(() => {
    clearInterval(clock);
    playing.clear();
  });
  const unwritten = publish(report, flags, {
    journals,
    ruleOf: (id) => rules.find((rule) => rule.id === id),
    storyOf: (id) => played.find((scenario) => scenario.id === id),
  });
  unwritten.push(...writeKnownFailures(report, flags));
  [...housekeeping, ...unwritten].forEach(complain);
  return unwritten.length > 0 ? EXIT_KIT_FAILED : report.exitCode;
}

function writeKnownFailures(report: Report, { writeExpectedFailures: file, failOn }: CheckFlags): string[] {
  if (file === undefined) return [];
  return writeText('the list of known failures', file, listKnownFailures(report, failOn));
}
