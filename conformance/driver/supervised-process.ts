import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { ClientUser } from './client-user.ts';
import type { RunResult } from './client-driver.ts';

const KILL_AFTER_TERM_MS = 5000;
/** So long output may still come once a process has ended; then who holds the pipes is waited for no longer. */
const LAST_OUTPUT_MS = 1000;
const MOST_OUTPUT_BYTES = 1 << 20;

export interface SupervisedProcess {
  readonly command: string;
  readonly args: readonly string[];
  /** Whether a shell is given the command, with its arguments as one line. */
  readonly useShell: boolean;
  /** As whom; as this process unless given. */
  readonly user?: ClientUser;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Real milliseconds; then SIGTERM, and a while later SIGKILL. */
  readonly timeoutMs: number;
  /** Ends the process at once and without warning. */
  readonly kill: AbortSignal;
  /** Ends it as the time limit does, which counts no more then. */
  readonly askToEnd?: AbortSignal;
}

/**
 * Runs a command in a process group of its own, up to its end or its time limit, and ends what it has left behind in that
 * group. A daemon that has left the group (setsid) lives on; it is not waited for, even where it holds the output.
 * Rejects with the system's error where the command cannot be started.
 */
export function supervise(options: SupervisedProcess): Promise<RunResult> {
  const { command, args, useShell, environment, user } = options;
  return new Promise((resolve, reject) => {
    // Some refusals of the system are thrown here, and reject as well.
    const child = spawn(command, args, {
      detached: true,
      shell: useShell,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...environment },
      ...user,
    });
    follow(child, options, resolve, reject);
  });
}

function follow(
  child: ChildProcess,
  { timeoutMs, kill, askToEnd }: SupervisedProcess,
  resolve: (result: RunResult) => void,
  reject: (error: Error) => void,
): void {
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  let hasTimedOut = false;
  let lastResort: NodeJS.Timeout | undefined;
  const ask = (): void => {
    clearTimeout(timeout);
    signalGroup(child, 'SIGTERM');
    lastResort ??= setTimeout(killNow, KILL_AFTER_TERM_MS);
  };
  const timeout = setTimeout(() => {
    hasTimedOut = true;
    ask();
  }, timeoutMs);
  // A client that has become another user may be out of reach: it is left alone rather than waited for without end.
  const killNow = (): void => {
    if (signalGroup(child, 'SIGKILL')) return;
    leave();
    child.removeAllListeners();
    child.on('error', () => undefined);
    for (const pipe of [child.stdout, child.stderr]) pipe?.destroy();
    child.unref();
    const why = 'axon-backup-kit: this process may not end the client, which runs as another user\n';
    resolve({ exitCode: null, signal: null, hasTimedOut, stdout: stdout(), stderr: `${stderr()}${why}` });
  };
  const leave = (): void => {
    clearTimeout(timeout);
    clearTimeout(lastResort);
    kill.removeEventListener('abort', killNow);
    askToEnd?.removeEventListener('abort', ask);
  };
  askToEnd?.addEventListener('abort', ask, { once: true });
  if (askToEnd?.aborted === true) ask();
  kill.addEventListener('abort', killNow, { once: true });
  if (kill.aborted) killNow();

  child.on('error', (error) => {
    leave();
    reject(error);
  });
  child.on('exit', (exitCode, signal) => {
    leave();
    // A background process that was left behind ends now; what is still in the pipes arrives before they close.
    signalGroup(child, 'SIGKILL');
    const leavePipes = (): void => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    };
    // Not before the pipes were looked at once more: this process may have been busy all the time.
    const lastOutput = setTimeout(() => setImmediate(leavePipes), LAST_OUTPUT_MS);
    child.on('close', () => {
      clearTimeout(lastOutput);
      resolve({ exitCode, signal, hasTimedOut, stdout: stdout(), stderr: stderr() });
    });
  });
}

/** False where the system does not let this process do so; a group that is gone already is well. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): boolean {
  if (child.pid === undefined) return true;
  try {
    return process.kill(-child.pid, signal);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EPERM';
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
