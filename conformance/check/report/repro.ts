import type { Edition, ServerVersion } from '../../../server/index.ts';
import { formatClientUser } from '../../driver/client-user.ts';
import type { Surroundings } from '../selection/surroundings.ts';

/** How long a run may take unless told otherwise, real milliseconds. */
export const USUAL_TIMEOUT_MS = 60_000;

/** Flags that change what a scenario does; the others only select or report. */
export interface ReproFlags extends Surroundings {
  /** The words that call the kit; its bare name unless given. */
  readonly kit?: readonly string[];
  /** Real milliseconds; the usual ones unless given. */
  readonly timeout?: number;
  readonly seed: number;
  readonly serverVersion: ServerVersion;
  /** The enterprise one unless given. */
  readonly edition?: Edition;
  /** Of every cluster; as the scenario has it unless given. */
  readonly contextPath?: string;
  readonly capabilities: readonly string[];
  readonly restore?: string;
  /** Fails alone unless given. */
  readonly failOn?: 'fail' | 'warn';
  readonly shell: boolean;
  /** The config file that was named, which has more than is here. */
  readonly config?: string;
  /** Where the scenario comes from, if not from the kit. */
  readonly scenarioFile?: string | undefined;
}

/** The command that plays one scenario again, for a person to paste into a shell. */
export function formatRepro(scenario: string, command: readonly string[], flags: ReproFlags): string {
  const { kit = ['axon-backup-kit'], timeout = USUAL_TIMEOUT_MS, scenarioFile } = flags;
  const which = scenarioFile === undefined ? ['--only', scenario] : ['--scenario', scenarioFile];
  const parts = [...kit, 'check', ...which, '--seed', String(flags.seed)];
  if (flags.config !== undefined) parts.push('--config', flags.config);
  if (flags.serverVersion !== 'documented') parts.push('--server-version', flags.serverVersion);
  if (flags.edition === 'standard') parts.push('--edition', flags.edition);
  if (flags.serverRoot !== undefined) parts.push('--server-root', flags.serverRoot);
  if (flags.clientUser !== undefined) parts.push('--client-user', formatClientUser(flags.clientUser));
  if (flags.source !== undefined) parts.push('--source', flags.source);
  if (flags.host !== undefined) parts.push('--host', flags.host);
  if (flags.contextPath !== undefined) parts.push('--context-path', flags.contextPath);
  if (flags.capabilities.length > 0) parts.push('--capabilities', flags.capabilities.join(','));
  if (timeout !== USUAL_TIMEOUT_MS) parts.push('--timeout', `${timeout}ms`);
  if (flags.restore !== undefined) parts.push('--restore', flags.restore);
  if (flags.failOn === 'warn') parts.push('--fail-on', 'warn');
  if (flags.shell) parts.push('--shell');
  return [...parts, '--', ...command].map(quoteWord).join(' ');
}

/** The same for a program, whose client is a function that has no name in a shell. */
export function formatProgramRepro(
  scenario: string,
  seed: number,
  serverVersion: ServerVersion,
  { edition = 'enterprise', contextPath, failOn }: Pick<ReproFlags, 'edition' | 'contextPath' | 'failOn'> = {},
): string {
  const version = serverVersion === 'documented' ? '' : `, serverVersion: '${serverVersion}'`;
  const ofEdition = edition === 'enterprise' ? '' : `, edition: '${edition}'`;
  const below = contextPath === undefined ? '' : `, contextPath: '${contextPath}'`;
  const gravity = failOn === 'warn' ? `, failOn: 'warn'` : '';
  return `runConformance({ client, only: ['${scenario}'], seed: ${seed}${version}${ofEdition}${below}${gravity} })`;
}

/** Of what was watched: the command line again. A token is no part of it. */
export function formatWatchRepro(
  kit: readonly string[],
  command: readonly string[],
  {
    target,
    maps,
    runs,
    ca,
    hasToken,
    restore,
    failOn,
    shell,
  }: {
    readonly target: string;
    readonly maps: readonly string[];
    readonly runs: number;
    readonly ca: string | null;
    readonly hasToken: boolean;
    readonly restore?: string;
    readonly failOn: 'fail' | 'warn';
    readonly shell: boolean;
  },
): string {
  const parts = [...kit, 'watch', '--target', target, ...maps.flatMap((map) => ['--map', map])].map(quoteWord);
  if (hasToken) parts.push('--token "$AXONSERVER_TOKEN"');
  if (ca !== null) parts.push('--ca', quoteWord(ca));
  if (runs !== 1) parts.push('--runs', String(runs));
  if (restore !== undefined) parts.push('--restore', quoteWord(restore));
  if (failOn === 'warn') parts.push('--fail-on', 'warn');
  if (shell) parts.push('--shell');
  return [...parts, '--', ...command.map(quoteWord)].join(' ');
}

/** Bare where no shell takes it for anything but itself: `{url}` is a placeholder, `{a,b}` would be two words. */
export function quoteWord(word: string): string {
  const isPlain = /^[\w@%+:./-][\w@%+=:,./-]*$/.test(word.replaceAll(/\{\w+\}/g, 'x'));
  return isPlain ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
