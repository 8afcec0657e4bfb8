import { Option, type Command } from 'commander';
import { editions, serverVersions, type Edition, type ServerVersion } from '../../server/index.ts';
import { USUAL_TIMEOUT_MS } from '../check/report/repro.ts';
import type { Surroundings } from '../check/selection/surroundings.ts';
import { parseContextPath, parseCount, parseList, parseText, parseTimeout, parseUser } from './option-values.ts';

/** What whoever judges a client is told of it, and of the clusters that it meets. */
export interface ClientFlags extends Surroundings {
  readonly jobs?: number;
  readonly serverVersion: ServerVersion | 'all';
  readonly edition: Edition;
  readonly timeout: number;
  readonly capabilities: readonly string[];
  readonly expectedFailures?: string;
  readonly failOn: 'fail' | 'warn';
  readonly restore?: string;
  readonly shell: boolean;
}

/** What of it is said otherwise by who plays schedules, and not scenarios. */
interface Wording {
  /** What is played side by side. */
  readonly played: string;
  /** How `all` versions are played. */
  readonly all: string;
  /** What a known failure is good for. */
  readonly known: string;
}

/** What `check` and `explore` have in common; in a config file these hold for both. */
export function addClientOptions(command: Command, { played, all, known }: Wording): Command {
  return command
    .option('--jobs <n>', `${played} side by side (default: the number of processors)`, parseCount)
    .addOption(
      new Option('--server-version <v>', `whose behaviour the cluster shows; all: ${all}`)
        .choices([...serverVersions, 'all'])
        .default('documented'),
    )
    .addOption(
      new Option('--edition <e>', 'of every cluster; standard: one node, context default alone, no log, no groups')
        .choices(editions)
        .default('enterprise'),
    )
    .option(
      '--context-path <p>',
      'of every cluster: every public path lies below it, as /axonserver-1',
      parseContextPath,
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
    .option('--expected-failures <file>', `known failures, one a line: ${known}`, parseText)
    .addOption(new Option('--fail-on <level>', 'what counts as a failure').choices(['fail', 'warn']).default('fail'))
    .option(
      '--restore <cmd>',
      'for stores that need their own tool: run with BACKUP_DIR and RESTORE_DIR, leaves plain files',
      parseText,
    )
    .option(
      '--server-root <dir>',
      'the server names its files as if its data folder were DIR (/axonserver); the client is told by AXONSERVER_PATH_MAP where they lie',
      parseText,
    )
    .option('--host <h>', 'address that the clusters bind and the client is told (default: 127.0.0.1)', parseText)
    .addOption(
      new Option(
        '--client-user <uid[:gid]>',
        'as whom the client runs, with folders of its own (needs root; default: as the caller)',
      ).argParser(parseUser),
    )
    .addOption(
      new Option(
        '--source <how>',
        "how the client sees the nodes' folders: read-only, through a mount (needs root)",
      ).choices(['read-only']),
    )
    .option('--shell', 'give the client to a shell, as one command line', false);
}

/** Their names, as in a config file. */
export function namesOfClientOptions(command: Command): ReadonlySet<string> {
  const shared = addClientOptions(command.createCommand(), { played: '', all: '', known: '' });
  return new Set(shared.options.map((option) => option.name()));
}
