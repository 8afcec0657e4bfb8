import { Option, type Command } from 'commander';
import { editions, serverVersions, type Edition, type ServerVersion } from '../../server/index.ts';
import { USUAL_TIMEOUT_MS } from '../check/repro.ts';
import type { Shard } from '../verdict/report.ts';
import { USUAL_CONFIG_FILE } from './config-file.ts';
import {
  collectFiles,
  collectGlobs,
  parseBail,
  parseCount,
  parseList,
  parseShard,
  parseText,
  parseTimeout,
  parseWhole,
} from './option-values.ts';
import { addReportOptions, type ReportFlags } from './report-targets.ts';

/** What `check` can be told, as commander hands it over. */
export interface CheckFlags extends ReportFlags {
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly jobs?: number;
  readonly seed: number;
  readonly serverVersion: ServerVersion | 'all';
  readonly edition: Edition;
  readonly timeout: number;
  readonly capabilities: readonly string[];
  readonly expectedFailures?: string;
  readonly writeExpectedFailures?: string;
  readonly out?: string;
  readonly failOn: 'fail' | 'warn';
  readonly restore?: string;
  readonly scenario: readonly string[];
  readonly bail?: number;
  readonly lastFailed?: string;
  readonly shard?: Shard;
  readonly config?: string;
  readonly shell: boolean;
}

/** The options of `check`, in the order in which its help has them. */
export function addCheckOptions(command: Command): Command {
  return addReportOptions(command)
    .option('--only <glob>', 'scenarios to play, by id: log/**; repeatable', collectGlobs, [])
    .option('--skip <glob>', 'scenarios to leave out; repeatable', collectGlobs, [])
    .option('--jobs <n>', 'scenarios side by side (default: the number of processors)', parseCount)
    .option('--seed <n>', 'of every cluster', parseWhole, 1)
    .addOption(
      new Option('--server-version <v>', 'whose behaviour the cluster shows; all: each scenario with each version')
        .choices([...serverVersions, 'all'])
        .default('documented'),
    )
    .addOption(
      new Option('--edition <e>', 'of every cluster; standard: one node, context default alone, no log, no groups')
        .choices(editions)
        .default('enterprise'),
    )
    .addOption(
      new Option('--timeout <d>', 'of one run of the client').default(USUAL_TIMEOUT_MS, '60s').argParser(parseTimeout),
    )
    .option(
      '--capabilities <list>',
      'what the client declares not to do: no-open-segment, no-snapshots, in-place',
      parseList,
      [],
    )
    .option(
      '--expected-failures <file>',
      'known failures, one a line: RULE, SCENARIO:RULE or SCENARIO, then perhaps until 2027-01-31, and # reason',
      parseText,
    )
    .option(
      '--write-expected-failures <file>',
      'write the list of known failures with which this check would end with 0',
      parseText,
    )
    .option('--out <dir>', 'keep journal, output, backup and verdict of each scenario here', parseText)
    .addOption(new Option('--fail-on <level>', 'what makes the check fail').choices(['fail', 'warn']).default('fail'))
    .option(
      '--restore <cmd>',
      'for stores that need their own tool: run with BACKUP_DIR and RESTORE_DIR, leaves plain files',
      parseText,
    )
    .option('--scenario <file>', "play this one (YAML or JSON) in place of the kit's own; repeatable", collectFiles, [])
    .addOption(
      new Option('--bail [n]', 'begin no more scenarios once so many have failed (1 unless given)')
        .preset('1')
        .argParser(parseBail),
    )
    .option(
      '--last-failed <report>',
      'only what did not pass in this JSON report, with its seed and server version unless given',
      parseText,
    )
    .option(
      '--shard <i/n>',
      'the i-th of n parts of scenarios and versions; merge makes one report of them',
      parseShard,
    )
    .option(
      '--config <file>',
      `these options by their names, and client: [argv]; flags win (default: ${USUAL_CONFIG_FILE}, where there is one)`,
      parseText,
    )
    .option('--shell', 'give the client to a shell, as one command line', false);
}
