import * as fs from 'node:fs';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { editions, serverVersions, type Edition, type ServerVersion } from '../versions/behaviours.ts';
import { AxonError, describeSystemFailure, isDiskFull } from '../errors.ts';
import type { ClusterEvent, Simulator, SimulatorOptions } from '../index.ts';
import type { ClusterFileOptions } from '../options/cluster-file.ts';
import { parseTokenRoles } from '../options/token-options.ts';
import { parseSize } from '../quantities.ts';
import { createStyle, formatBanner } from './serve-banner.ts';

interface ServeFlags {
  readonly port: number;
  readonly host: string;
  readonly nodes?: number;
  readonly contexts?: readonly string[];
  readonly cluster?: string;
  readonly dataDir?: string;
  readonly rate: number;
  readonly maxDisk: number;
  readonly seed?: number;
  readonly speed: number;
  readonly serverVersion: ServerVersion;
  readonly edition: Edition;
  readonly segmentSize: number;
  readonly logSegmentSize: number;
  readonly serverRoot?: string;
  readonly dcbBackupDir: readonly string[];
  readonly contextPath?: string;
  readonly token?: string;
  readonly tokenRoles: readonly string[];
  readonly json: boolean;
}

const examples = `
Examples:
  $ axon-backup-kit serve
      three nodes on http://127.0.0.1:8024 to 8026, a virtual minute each second

  $ axon-backup-kit serve --speed 0 --rate 0 --data-dir ./cluster
      time stands still until the control API moves it; the files stay in ./cluster

  $ axon-backup-kit serve --cluster ./cluster.yaml
      groups, members, roles and tokens as the file says

  $ axon-backup-kit serve --port 0 --json
      any free ports; the first line on stdout says which

The control API (time, growth, crashes, faults) is described at /_sim/docs of every node.`;

/** `serve`: flags → a simulator → wait for a signal. */
export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('run the fake cluster until SIGINT or SIGTERM')
    .option(
      '--port <n>',
      "first node's port, the next nodes take the following ones; 0 = any free ports",
      parseWhole,
      8024,
    )
    .option('--host <h>', 'address to bind', '127.0.0.1')
    .option('--nodes <n>', 'cluster size (default: 3)', parseWhole)
    .option(
      '--contexts <a,b>',
      'contexts with an event store, each in a replication group of its name (default: default)',
      parseList,
    )
    .addOption(
      new Option(
        '--cluster <file>',
        'YAML or JSON: nodes, replication groups with contexts, members and roles, tokens, users',
      ).conflicts(['nodes', 'contexts']),
    )
    .option(
      '--data-dir <dir>',
      'where the nodes keep their files; an existing one is recovered (default: a temporary folder)',
    )
    .option(
      '--rate <r>',
      'transactions per virtual second and context; 0 = only what the control API appends',
      parseAmount,
      1,
    )
    .addOption(
      sizeOption(
        '--max-disk <s>',
        'when the data folder reaches it, the workload pauses; appends and backups of the control database fail',
        '2GiB',
      ),
    )
    .option('--seed <n>', 'same seed and same calls give byte-identical files (default: 1)', parseWhole)
    .option('--speed <x>', 'virtual seconds per real second; 0 = time stands still until it is moved', parseAmount, 60)
    .addOption(
      new Option('--server-version <v>', 'whose behaviour to show').choices(serverVersions).default('documented'),
    )
    .addOption(
      new Option('--edition <e>', 'standard: one node, context default alone, no replication log, no groups')
        .choices(editions)
        .default('enterprise'),
    )
    .addOption(sizeOption('--segment-size <s>', 'size of event and snapshot segments', '1MiB'))
    .addOption(sizeOption('--log-segment-size <s>', 'size of log segments', '256KiB'))
    .option(
      '--context-path <p>',
      'below which every public path lies, as /axonserver-1; /_sim and the live page do not',
    )
    .option(
      '--server-root <dir>',
      'the server names its files as if its data folder were DIR (/axonserver), in the layout of its images',
    )
    .option(
      '--dcb-backup-dir <dir>',
      'a folder below which POST /v2/backup may have the nodes write backups; repeatable (default: nowhere)',
      (value: string, before: readonly string[]) => [...before, value],
      [],
    )
    .option('--token <t>', 'turns access control on, with this token, which may do everything')
    .option(
      '--token-roles <token=roles>',
      'turns access control on, with a token that may do less: nightly=ADMIN@_admin,USE_CONTEXT@default; repeatable',
      (value: string, before: readonly string[]) => [...before, value],
      [],
    )
    .option('--json', 'first line on stdout: {"nodes":[…],"seed":1}; logs go to stderr', false)
    .addHelpText('after', examples)
    .allowExcessArguments(false)
    .action(serve);
}

async function serve(flags: ServeFlags): Promise<void> {
  const cluster = flags.cluster === undefined ? null : await readClusterFile(flags.cluster);
  const token = flags.token ?? cluster?.token ?? null;
  // Here, not where flags are parsed: a complaint there would show the token.
  const tokens = [...(cluster?.tokens ?? []), ...flags.tokenRoles.map(parseTokenRoles)];
  // Signals that arrive while the nodes start must end the process as cleanly as later ones.
  const ended = waitForSignal();
  const simulator = await start({
    port: flags.port,
    host: flags.host,
    rate: flags.rate,
    maxDiskBytes: flags.maxDisk,
    speed: flags.speed,
    serverVersion: flags.serverVersion,
    edition: flags.edition,
    segmentSizeBytes: flags.segmentSize,
    logSegmentSizeBytes: flags.logSegmentSize,
    dataDir: flags.dataDir ?? null,
    dcbBackupFolders: flags.dcbBackupDir,
    ...cluster,
    ...(flags.contextPath === undefined ? {} : { contextPath: flags.contextPath }),
    token,
    tokens,
    ...(flags.serverRoot === undefined ? {} : { serverRoot: flags.serverRoot }),
    ...(flags.nodes === undefined ? {} : { nodes: flags.nodes }),
    ...(flags.contexts === undefined ? {} : { contexts: flags.contexts }),
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
  });
  announce(simulator, flags, token !== null || tokens.length + (cluster?.users.length ?? 0) > 0);
  const style = createStyle(process.stderr, process.env);
  const endEvents = simulator.onEvent((event) => {
    const line = describeEvent(event);
    // Of a full disk each log and each store would tell: one line below does.
    if (line !== null && !line.includes('ENOSPC'))
      process.stderr.write(`${style.dim(new Date(event.atMs).toISOString())} ${line}\n`);
  });
  let lastTrouble = '';
  simulator.onTrouble((error) => {
    const text = isDiskFull(error) ? 'the disk is full: nothing more is written until there is room' : error.message;
    if (text !== lastTrouble) process.stderr.write(`${style.bold('trouble')} ${text}\n`);
    lastTrouble = text;
  });
  await ended;
  endEvents();
  await simulator.close().catch((error: unknown) => {
    throw inWords(error, 'how far time had come could not be noted');
  });
}

async function start(options: SimulatorOptions): Promise<Simulator> {
  try {
    const { startShaped } = await import('../start/start.ts');
    return await startShaped(options);
  } catch (error) {
    throw inWords(error, 'the cluster cannot start');
  }
}

/** Of a full disk one sentence, whichever file found out; anything else as it is. */
function inWords(error: unknown, what: string): unknown {
  return isDiskFull(error) ? new AxonError('disk-full', `the disk is full: ${what}`, { cause: error }) : error;
}

/** Fails with `bad-option` where there is no such file, or something in it is wrong. */
async function readClusterFile(file: string): Promise<ClusterFileOptions> {
  // Most have none, and what reads it takes its time to load.
  const { parseClusterFile } = await import('../options/cluster-file.ts');
  try {
    return parseClusterFile(fs.readFileSync(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof AxonError) throw error;
    throw new AxonError('bad-option', `--cluster ${file}: ${describeSystemFailure(error)}`);
  }
}

function announce(simulator: Simulator, flags: ServeFlags, hasToken: boolean): void {
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ nodes: simulator.nodes, seed: simulator.seed })}\n`);
    return;
  }
  const style = createStyle(process.stdout, process.env);
  process.stdout.write(formatBanner(simulator, { speed: flags.speed, hasToken }, style));
}

/** What an operator wants to know as it happens; segments and elections are for the event stream. */
function describeEvent(event: ClusterEvent): string | null {
  switch (event.kind) {
    case 'workload-paused':
      return `the workload pauses: ${event.reason}; raise --max-disk, or POST /_sim/reset`;
    case 'workload-resumed':
      return `the workload goes on: ${event.reason}`;
    case 'apply-failed':
    case 'group-failed':
    case 'log-lost':
      return `${event.node}: ${event.message}`;
    case 'dcb-backup-failed':
      return `${event.node}: the backup of ${event.context} to ${event.location} broke off: ${event.message}`;
    case 'node-started':
    case 'node-stopped':
    case 'node-crashed':
      return `${event.node} ${event.kind.slice('node-'.length)}`;
    default:
      return null;
  }
}

/**
 * Resolves with the first signal. Later ones change nothing: npm and timeout(1) pass on what the process gets from the
 * terminal, too, and the second of a pair must not kill what is about to end cleanly.
 */
function waitForSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.on('SIGINT', () => resolve());
    process.on('SIGTERM', () => resolve());
    process.on('SIGHUP', () => resolve());
  });
}

function parseWhole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('A whole number is wanted.');
  return Number(text);
}

function parseAmount(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError('A number of 0 or more is wanted.');
  return Number(text);
}

function parseList(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}

function sizeOption(flags: string, description: string, standard: string): Option {
  return new Option(flags, description).default(parseSize(standard), standard).argParser((text) => {
    try {
      return parseSize(text);
    } catch (error) {
      throw new InvalidArgumentError(error instanceof AxonError ? error.message : String(error));
    }
  });
}
