import * as fs from 'node:fs';
import path from 'node:path';
import { Option, type Command } from 'commander';
import { AxonError, serverVersions, type ServerVersion } from '../../server/index.ts';
import { formatRepro } from '../check/repro.ts';
import { CommandDriver } from '../driver/command-driver.ts';
import { unpackWith } from '../driver/restore-command.ts';
import { explore, type Exploration, type ShrunkFailure } from '../explore/explore.ts';
import { formatConsoleReport } from '../reporters/console.ts';
import { formatExploreProgress, formatExploreSummary, formatShrunk, type ExploreFacts } from '../reporters/explore-text.ts';
import { createReporterStyle } from '../reporters/style.ts';
import { rules } from '../rules/catalog.ts';
import { scenarios } from '../scenarios/catalog.ts';
import { describeScenario } from '../scenarios/scenario-file.ts';
import { EXIT_INCONCLUSIVE, EXIT_RULE_FAILED, type ExitWith } from './exit-code.ts';
import { untilInterrupted } from './interruption.ts';
import { parseCount, parseShard, parseText, parseTimeout, parseWhole } from './option-values.ts';

interface ExploreFlags {
  readonly runs?: number;
  readonly for?: number;
  readonly from: number;
  readonly jobs?: number;
  readonly shard: { readonly part: number; readonly parts: number };
  readonly bail: number;
  readonly serverVersion: ServerVersion | 'all';
  readonly timeout: number;
  readonly capabilities: readonly string[];
  readonly restore?: string;
  readonly shell: boolean;
  readonly out: string;
}

const USUAL_RUNS = 200;
const MOST_SHRINKING_PLAYS = 200;

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
    .option('--runs <n>', `schedules to play (default: ${USUAL_RUNS}, or no end with --for)`, parseWhole)
    .option('--for <d>', 'how long to go on: 10m', parseTimeout)
    .option('--from <seed>', 'of the first schedule; each has the next one', parseWhole, 1)
    .option('--jobs <n>', 'schedules side by side (default: the number of processors)', parseCount)
    .addOption(
      new Option('--shard <i/n>', 'the i-th of n parts of the schedules').default({ part: 1, parts: 1 }, '1/1').argParser(parseShard),
    )
    .option('--bail <n>', 'end after so many schedules that fail', parseWhole, 1)
    .addOption(
      new Option('--server-version <v>', 'whose behaviour the cluster shows; all: by turns')
        .choices([...serverVersions, 'all'])
        .default('documented'),
    )
    .addOption(new Option('--timeout <d>', 'of one run of the client').default(60_000, '60s').argParser(parseTimeout))
    .option('--capabilities <list>', 'what the client declares not to do: no-open-segment, no-snapshots, in-place', parseList, [])
    .option('--restore <cmd>', 'for stores that need their own tool: run with BACKUP_DIR and RESTORE_DIR', parseText)
    .option('--out <dir>', 'where schedules that fail are written', parseText, '.')
    .option('--shell', 'give the client to a shell, as one command line', false)
    .addHelpText('after', examples)
    .action((command: readonly string[], flags: ExploreFlags) =>
      untilInterrupted(async (signal) => exitWith(await run(command, flags, signal))),
    );
}
