import type { ServerVersion } from '../../server/index.ts';

/** Flags that change what a scenario does; the others only select or report. */
export interface ReproFlags {
  readonly seed: number;
  readonly serverVersion: ServerVersion;
  readonly capabilities: readonly string[];
  readonly restore?: string;
  readonly shell: boolean;
  /** Where the scenario comes from, if not from the kit. */
  readonly scenarioFile?: string | undefined;
}

/** The command that plays one scenario again, for a person to paste into a shell. */
export function formatRepro(scenario: string, command: readonly string[], flags: ReproFlags): string {
  const which = flags.scenarioFile === undefined ? ['--only', scenario] : ['--scenario', flags.scenarioFile];
  const parts = ['axon-backup-kit', 'check', ...which, '--seed', String(flags.seed)];
  if (flags.serverVersion !== 'documented') parts.push('--server-version', flags.serverVersion);
  if (flags.capabilities.length > 0) parts.push('--capabilities', flags.capabilities.join(','));
  if (flags.restore !== undefined) parts.push('--restore', flags.restore);
  if (flags.shell) parts.push('--shell');
  return [...parts, '--', ...command].map(quote).join(' ');
}

/** The same for a program, whose client is a function that has no name in a shell. */
export function formatProgramRepro(scenario: string, seed: number, serverVersion: ServerVersion): string {
  const version = serverVersion === 'documented' ? '' : `, serverVersion: '${serverVersion}'`;
  return `runConformance({ client, only: ['${scenario}'], seed: ${seed}${version} })`;
}

function quote(word: string): string {
  return /^[\w@%+=:,./{}*-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
