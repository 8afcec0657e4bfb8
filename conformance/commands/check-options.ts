import { Option, type Command } from 'commander';
import type { Shard } from '../verdict/report.ts';
import { addClientOptions, type ClientFlags } from './client-options.ts';
import { USUAL_CONFIG_FILE } from './config-file.ts';
import { collectFiles, collectGlobs, parseBail, parseShard, parseText, parseWhole } from './option-values.ts';
import { addReportOptions, type ReportFlags } from './report-targets.ts';

/** What `check` can be told, as commander hands it over. */
export interface CheckFlags extends ReportFlags, ClientFlags {
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly seed: number;
  readonly writeExpectedFailures?: string;
  readonly out?: string;
  readonly printContainerCommand: boolean;
  readonly scenario: readonly string[];
  readonly bail?: number;
  readonly lastFailed?: string;
  readonly shard?: Shard;
  readonly config?: string;
}

/** The options of `check`, in the order in which its help has them. */
export function addCheckOptions(command: Command): Command {
  const withSelection = addReportOptions(command)
    .option('--only <glob>', 'scenarios to play, by id: log/**; repeatable', collectGlobs, [])
    .option('--skip <glob>', 'scenarios to leave out; repeatable', collectGlobs, [])
    .option('--seed <n>', 'of every cluster', parseWhole, 1);
  return addClientOptions(withSelection, {
    played: 'scenarios',
    all: 'each scenario with each version',
    known: 'RULE, SCENARIO:RULE or SCENARIO, then perhaps until 2027-01-31, and # reason',
  })
    .option(
      '--write-expected-failures <file>',
      'write the list of known failures with which this check would end with 0',
      parseText,
    )
    .option('--out <dir>', 'keep journal, output, backup and verdict of each scenario here', parseText)
    .option(
      '--print-container-command',
      'print the docker run line for a client in a container (IMAGE and its arguments stand behind --), and end',
      false,
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
    );
}
