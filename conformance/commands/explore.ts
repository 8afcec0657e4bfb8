import { Option, type Command } from 'commander';
import type { ExitWith } from './exit-code.ts';
import { runExplore, type ExploreFlags } from './explore-run.ts';
import { addClientOptions, namesOfClientOptions } from './client-options.ts';
import { applyConfig, USUAL_CONFIG_FILE } from './config-file.ts';
import { untilInterrupted } from './interruption.ts';
import { parseShard, parseText, parseTimeout, parseWhole } from './option-values.ts';
import { addReportOptions } from './report-targets.ts';

const examples = `
Examples:
  $ axon-backup-kit explore -- ./my-backup.sh
      200 schedules that nobody wrote; the first that breaks the client is shrunk to the shortest, and written as a file

  $ axon-backup-kit explore --for 10m --bail 5 --server-version all -- my-tool --server {url} --to {backup}

  $ axon-backup-kit check --scenario explore-seed-17.json --server-version 4.6 -- ./my-backup.sh
      plays such a file again, on the version that its story names

  $ axon-backup-kit explore
      with the client of axon-backup-kit.yaml, and what that says of it: timeout, capabilities, server version, …

A schedule is a cluster, growth, passing time, cleanings, faults, kills, crashes, lag, and surprises in the midst of runs. Seed n is
the same schedule on every machine. Exit codes as in check.`;

/** `explore`: plays schedules that chance has written, and shrinks what breaks the client. */
export function addExploreCommand(program: Command, exitWith: ExitWith): void {
  const command = program
    .command('explore')
    .description('search for situations that break a client, where no scenario looks')
    .usage('[options] -- CMD [ARG…]')
    .argument('[command...]', 'the client: one invocation is one backup run')
    .option('--runs <n>', 'schedules to play (default: 200, or no end with --for)', parseWhole)
    .option('--for <d>', 'how long to go on: 10m', parseTimeout)
    .option('--from <seed>', 'of the first schedule; each has the next one', parseWhole, 1)
    .addOption(
      new Option('--shard <i/n>', 'the i-th of n parts of the schedules')
        .default({ index: 1, count: 1 }, '1/1')
        .argParser(parseShard),
    )
    .option('--bail <n>', 'end after so many schedules that fail', parseWhole, 1);
  addClientOptions(addReportOptions(command), {
    played: 'schedules',
    all: 'by turns',
    known: 'RULE, SCENARIO:RULE, as of check; none of them ends the search, or is shrunk',
  })
    .option('--out <dir>', 'where schedules that fail are written', parseText, '.')
    .option(
      '--config <file>',
      `of check: its client, and what it says of it; flags win (default: ${USUAL_CONFIG_FILE}, where there is one)`,
      parseText,
    )
    .addHelpText('after', examples)
    .action((client: readonly string[]) => {
      const argv = applyConfig(command, client, namesOfClientOptions(command));
      return untilInterrupted((signal) => runExplore(argv, command.opts<ExploreFlags>(), signal), exitWith);
    });
}
