import { Option, type Command } from 'commander';
import { parsePathMapping, type PathMapping } from '../watch/path-map.ts';
import type { ExitWith } from './exit-code.ts';
import { untilInterrupted } from './interruption.ts';
import { parseList, parseText, parseTimeout, parseWhole } from './option-values.ts';
import { addReportOptions } from './report-targets.ts';
import { runWatch, USUAL_WATCH_TIMEOUT_MS, type WatchFlags } from './watch-run.ts';

const examples = `
Examples:
  $ axon-backup-kit watch --target http://axonserver:8024 --map /axonserver/events=/mnt/events -- ./my-backup.sh
      one backup of a server of yours, through a proxy that looks on; nothing is written but what the client does

  $ axon-backup-kit watch --target https://axon.example/axonserver-1 --ca ca.pem --token "$TOKEN" --runs 2 -- ./my-backup.sh
      two runs, so that cursors are judged, too

  $ axon-backup-kit watch --target http://axonserver:8024 --out last-night --report html=watched.html -- ./my-backup.sh
      what the client leaves stays in last-night

The client is told as in check (AXONSERVER_URL, BACKUP_DIR, …); AXONSERVER_URL is the proxy. --map says where the files that the server
names lie here: copies are compared with them. The backup is verified in the end.

Exit codes: 0 every MUST rule that a trace can prove was judged and passed; 1 one failed; 2 something that a trace can prove was
not judged; 64 usage. What needs the fake cluster is named, and changes none of that: check judges it.`;

/** `watch`: judges one real run of a client against a real server. */
export function addWatchCommand(program: Command, exitWith: ExitWith): void {
  const command = program
    .command('watch')
    .description('judge a client at work on a real server, through a proxy')
    .usage('[options] --target URL -- CMD [ARG…]')
    .argument('[command...]', 'the client: one invocation is one backup run')
    .requiredOption('--target <url>', 'a node of the server: scheme, host, port and base path', parseText)
    .option('--token <t>', 'given to the client as AXONSERVER_TOKEN; kept nowhere', parseText)
    .option('--map <server=local>', 'where a folder of the server lies here; repeatable', collectMappings, [])
    .option('--ca <file>', 'a certificate to trust beside those of the system, PEM', parseText)
    .option('--runs <n>', 'runs of the client, one after the other', parseWhole, 1)
    .addOption(
      new Option('--timeout <d>', 'of one run of the client')
        .default(USUAL_WATCH_TIMEOUT_MS, '24h')
        .argParser(parseTimeout),
    )
    .option(
      '--capabilities <list>',
      'what the client declares not to do: no-open-segment, no-snapshots, in-place',
      parseList,
      [],
    )
    .option(
      '--restore <cmd>',
      'for stores that need their own tool: run with BACKUP_DIR and RESTORE_DIR after each run, leaves plain files',
      parseText,
    )
    .addOption(new Option('--fail-on <level>', 'what counts as a failure').choices(['fail', 'warn']).default('fail'))
    .option('--out <dir>', 'where the client finds its folders, and leaves them: none, or an empty one', parseText)
    .option('--shell', 'give the client to a shell, as one command line', false);
  addReportOptions(command)
    .addHelpText('after', examples)
    .action((client: readonly string[]) =>
      untilInterrupted((signal) => runWatch(client, command.opts<WatchFlags>(), signal), exitWith),
    );
}

function collectMappings(text: string, before: readonly PathMapping[]): PathMapping[] {
  return [...before, parsePathMapping(text)];
}
