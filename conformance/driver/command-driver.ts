import path from 'node:path';
import { AxonError } from '../../server/index.ts';
import { formatClientUser, type ClientUser } from './client-user.ts';
import type { ClientDriver, Invocation, RunResult } from './client-driver.ts';
import { fillPlaceholders, placeholderNames, variablesOf, withoutVariables } from './invocation-variables.ts';
import { unknownPlaceholderIn } from './unknown-placeholders.ts';
import { pastProxies } from './past-proxies.ts';
import { withReadOnly, type Command } from './read-only-source.ts';
import { supervise, type SupervisedProcess } from './supervised-process.ts';

export interface CommandDriverOptions {
  readonly argv: readonly string[];
  /** Gives the command to a shell; off unless asked for. */
  readonly useShell: boolean;
  /** What the client inherits, but for the variables of the contract: of these it gets those of the run. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** As whom it runs; as this process unless given. */
  readonly user?: ClientUser;
  /** Whether it can write nothing of the nodes' folders; false unless given. */
  readonly isSourceReadOnly?: boolean;
}

/**
 * Runs the client as a process of its own, in a process group that ends with the run. A command that cannot be started is
 * no failure of a client: `run` fails with `bad-option`, and so does the driver without any command, or with a placeholder
 * that there is not.
 */
export class CommandDriver implements ClientDriver {
  readonly argv: readonly string[];
  readonly #options: CommandDriverOptions;

  constructor(options: CommandDriverOptions) {
    if ((options.argv[0] ?? '') === '') {
      throw new AxonError('bad-option', 'the client is an empty command: name a program, such as ./my-backup.sh');
    }
    const unknown = unknownPlaceholderIn(options.argv);
    if (unknown !== null) {
      const known = placeholderNames.map((name) => `{${name}}`).join(', ');
      throw new AxonError('bad-option', `the client is given ${unknown}, and there is no such placeholder: ${known}`);
    }
    this.#options = options;
    this.argv = options.argv;
  }

  async run(invocation: Invocation): Promise<RunResult> {
    const { environment, user } = this.#options;
    const { timeoutMs, kill, askToEnd, temporaryDir, fileLimitBytes } = invocation;
    const variables = variablesOf(invocation);
    // What is at home with the user that runs the check is closed to another one.
    const home = user === undefined ? {} : { HOME: temporaryDir, USER: undefined, LOGNAME: undefined };
    const straight = pastProxies(environment, [invocation.url, ...invocation.nodes.map(({ url }) => url)]);
    const told = { ...withoutVariables(environment), ...straight, ...home, ...variables };
    try {
      const result = await supervise({
        ...this.#started(fillPlaceholders(this.argv, variables, invocation.dataDir), invocation),
        environment: told,
        timeoutMs,
        kill,
        ...(askToEnd === undefined ? {} : { askToEnd }),
      });
      return fileLimitBytes === undefined ? result : { ...result, fileLimitBytes };
    } catch (error) {
      throw new AxonError('bad-option', `the client cannot be started: ${reasonOf(error, user)}`, { cause: error });
    }
  }

  /** What is given to the system: the command, within all that it is to be held to. */
  #started(
    filled: readonly string[],
    { fileLimitBytes, dataDir }: Invocation,
  ): Pick<SupervisedProcess, 'command' | 'args' | 'useShell' | 'user'> {
    const { useShell, user, isSourceReadOnly = false } = this.#options;
    const { command, args } = limited(filled, useShell, fileLimitBytes);
    if (!isSourceReadOnly || dataDir === undefined) {
      return { command, args, useShell, ...(user === undefined ? {} : { user }) };
    }
    const inner: Command = useShell ? ['/bin/sh', '-c', [command, ...args].join(' ')] : [command, ...args];
    const [program, ...rest] = withReadOnly(path.join(dataDir, 'cluster'), inner, user);
    return { command: program, args: rest, useShell: false };
  }
}

/** What POSIX has `ulimit -f` count in. */
const BLOCK_BYTES = 512;

/** The command, under a limit of the size of its files where there is one: the system ends a write that goes beyond it. */
function limited(
  [command = '', ...args]: readonly string[],
  useShell: boolean,
  limitBytes: number | undefined,
): { readonly command: string; readonly args: readonly string[] } {
  if (limitBytes === undefined) return { command, args };
  // Whom the system ends leaves no core behind.
  const limits = `ulimit -c 0; ulimit -f ${Math.floor(limitBytes / BLOCK_BYTES)}`;
  if (useShell) return { command: `${limits}; ${command}`, args };
  return { command: '/bin/sh', args: ['-c', `${limits}; exec "$@"`, 'sh', command, ...args] };
}

function reasonOf(error: unknown, user: ClientUser | undefined): string {
  if (!(error instanceof Error)) return String(error);
  const { code, path: command = 'the command' }: NodeJS.ErrnoException = error;
  if (code === 'ENOENT') return `there is no ${command} (a file in this folder is ./NAME)`;
  if (code === 'EACCES' && user !== undefined)
    return `user ${formatClientUser(user)} may not execute ${command}, or not enter the folder that it is in`;
  if (code === 'EACCES') return `${command} is not executable (chmod +x, or name its interpreter: bash ${command})`;
  return error.message;
}
