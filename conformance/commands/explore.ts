import { Option, type Command } from 'commander';
import { serverVersions } from '../../server/index.ts';
import type { ExitWith } from './exit-code.ts';
import { runExplore, type ExploreFlags } from './explore-run.ts';
import { untilInterrupted } from './interruption.ts';
import { parseCount, parseList, parseShard, parseText, parseTimeout, parseWhole } from './option-values.ts';
import { collectReports } from './report-targets.ts';

const examples = `
Examples:
  $ axon-backup-kit explore -- ./my-backup.sh
      200 schedules that nobody wrote; the first that breaks the client is shrunk to the shortest, and written as a file

  $ axon-backup-kit explore --for 10m --bail 5 --server-version all -- my-tool --server {url} --to {backup}

  $ axon-backup-kit check --scenario explore-seed-17.json -- ./my-backup.sh
      plays such a file again

A schedule is a cluster, growth, passing time, cleanings, faults, kills, crashes, lag, and surprises in the midst of runs. Seed n is
the same schedule on every machine. Exit codes as in check.`;

/** `explore`: plays schedules that chance has written, and shrinks what breaks the client. */
export function addExploreCommand(program: Command, exitWith: ExitWith): void {
  program
    .command('explore')
    .description('search for situations that break a client, where no scenario looks')
    .usage('[options] -- CMD [ARG…]')
    .argument('[command...]', 'the client: one invocation is one backup run')
    .option('--runs <n>', 'schedules to play (default: 200, or no end with --for)', parseWhole)
    .option('--for <d>', 'how long to go on: 10m', parseTimeout)
    .option('--from <seed>', 'of the first schedule; each has the next one', parseWhole, 1)
    .option('--jobs <n>', 'schedules side by side (default: the number of processors)', parseCount)
    .addOption(
      new Option('--shard <i/n>', 'the i-th of n parts of the schedules')
        .default({ index: 1, count: 1 }, '1/1')
        .argParser(parseShard),
    )
    .option('--bail <n>', 'end after so many schedules that fail', parseWhole, 1)
    .addOption(
      new Option('--server-version <v>', 'whose behaviour the cluster shows; all: by turns')
        .choices([...serverVersions, 'all'])
        .default('documented'),
    )
    .addOption(new Option('--timeout <d>', 'of one run of the client').default(60_000, '60s').argParser(parseTimeout))
    .option(
      '--capabilities <list>',
      'what the client declares not to do: no-open-segment, no-snapshots, in-place',
      parseList,
      [],
    )
    .option(
      '--expected-failures <file>',
      'rules whose failure is known, as of check: none of them ends the search, or is shrunk',
      parseText,
    )
    .addOption(new Option('--fail-on <level>', 'what counts as a failure').choices(['fail', 'warn']).default('fail'))
    .option('--report <kind=file>', 'json=, junit=, html= or markdown=; repeatable', collectReports, [])
    .option('--restore <cmd>', 'for stores that need their own tool: run with BACKUP_DIR and RESTORE_DIR', parseText)
    .option('--out <dir>', 'where schedules that fail are written', parseText, '.')
    .option('--shell', 'give the client to a shell, as one command line', false)
    .addHelpText('after', examples)
    .action((command: readonly string[], flags: ExploreFlags) =>
      untilInterrupted((signal) => runExplore(command, flags, signal), exitWith),
    );
}
