import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { AxonError } from '../../server/index.ts';
import type { ClientDriver, Invocation, RunResult } from './client-driver.ts';
import { fillPlaceholders, variablesOf } from './invocation-variables.ts';

const KILL_AFTER_TERM_MS = 5000;
const MOST_OUTPUT_BYTES = 1 << 20;

export interface CommandDriverOptions {
  readonly argv: readonly string[];
  /** Gives the command to a shell; off unless asked for. */
  readonly useShell: boolean;
  /** What the client inherits; the variables of the run are added. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Runs the client as a process of its own, in a process group of its own, so that nothing of it outlives a run. A command
 * that cannot be started is no failure of a client: `run` fails with `bad-option`.
 */
export class CommandDriver implements ClientDriver {
  readonly argv: readonly string[];
  readonly #options: CommandDriverOptions;

  constructor(options: CommandDriverOptions) {
    this.#options = options;
    this.argv = options.argv;
  }

  run(invocation: Invocation): Promise<RunResult> {
    const variables = variablesOf(invocation);
    const [command = '', ...rest] = fillPlaceholders(this.argv, variables);
    const child = spawn(command, rest, {
      detached: true,
      shell: this.#options.useShell,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...this.#options.environment, ...variables },
    });
    return follow(child, invocation);
  }
}

function follow(child: ChildProcess, invocation: Invocation): Promise<RunResult> {
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  let hasTimedOut = false;
  let lastResort: NodeJS.Timeout | undefined;
  const timeout = setTimeout(() => {
    hasTimedOut = true;
    signalGroup(child, 'SIGTERM');
    lastResort = setTimeout(() => signalGroup(child, 'SIGKILL'), KILL_AFTER_TERM_MS);
  }, invocation.timeoutMs);
  const killNow = (): void => signalGroup(child, 'SIGKILL');
  invocation.kill.addEventListener('abort', killNow, { once: true });
  if (invocation.kill.aborted) killNow();

  return new Promise((resolve, reject) => {
    const end = (exitCode: number | null, signal: string | null): void => {
      clearTimeout(timeout);
      clearTimeout(lastResort);
      invocation.kill.removeEventListener('abort', killNow);
      // A background process that the client has left behind ends with the run.
      signalGroup(child, 'SIGKILL');
      resolve({ exitCode, signal, hasTimedOut, stdout: stdout(), stderr: stderr() });
    };
    child.on('error', (error) => {
      clearTimeout(timeout);
      reject(new AxonError('bad-option', `the client cannot be started: ${reasonOf(error)}`, { cause: error }));
    });
    child.on('exit', (exitCode, signal) => {
      // What is still in the pipes arrives before they close; a grandchild may keep them open, so the group goes first.
      signalGroup(child, 'SIGKILL');
      child.on('close', () => end(exitCode, signal));
    });
  });
}

function reasonOf(error: NodeJS.ErrnoException): string {
  const command = error.path ?? 'the command';
  if (error.code === 'ENOENT') return `there is no ${command} (a file in this folder is ./NAME)`;
  if (error.code === 'EACCES')
    return `${command} is not executable (chmod +x, or name its interpreter: bash ${command})`;
  return error.message;
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

/** Keeps what comes; the result gives it as text. */
function collect(stream: Readable | null): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream?.on('data', (chunk: Buffer) => {
    if (bytes < MOST_OUTPUT_BYTES) chunks.push(chunk.subarray(0, MOST_OUTPUT_BYTES - bytes));
    bytes += chunk.length;
  });
  return () => {
    const note = bytes > MOST_OUTPUT_BYTES ? `\n… ${bytes - MOST_OUTPUT_BYTES} more bytes\n` : '';
    return Buffer.concat(chunks).toString('utf8') + note;
  };
}
