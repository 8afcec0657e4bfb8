import { AxonError } from '../../server/index.ts';
import { withoutVariables } from './invocation-variables.ts';
import { requireGoing } from './stoppable-driver.ts';
import { supervise } from './supervised-process.ts';

export interface UnpackLimits {
  /** Real milliseconds, as for one run of the client. */
  readonly timeoutMs: number;
  /** Ends it at once: nobody wants to know any more. */
  readonly signal: AbortSignal;
}

/**
 * Turns a store that needs its own tool into plain files. Fails with `restore-command-failed`, in the tool's words, where
 * the tool refuses the store: that is the store's fault, or the tool's, and a finding either way.
 */
export type Unpack = (backupDir: string, restoreDir: string, limits: UnpackLimits) => Promise<void>;

/** What a shell ends with where it cannot execute, or does not find, what it was told to run. */
const NOT_STARTED: ReadonlySet<number | null> = new Set([126, 127]);

/** Of what a tool has said, so much is repeated: the end of it, where the reason stands. */
const MOST_ECHOED = 500;

/**
 * The `--restore` command: it is given to a shell, with `BACKUP_DIR` to read and `RESTORE_DIR` to fill with plain files.
 * One that was never seen to start is a slip of the pen, and no word about any store: `bad-option`.
 */
export function unpackWith(command: string, environment: Readonly<Record<string, string | undefined>>): Unpack {
  let hasStarted = false;
  return async (backupDir, restoreDir, { timeoutMs, signal }) => {
    requireGoing(signal);
    const told = { ...withoutVariables(environment), BACKUP_DIR: backupDir, RESTORE_DIR: restoreDir };
    const { exitCode, hasTimedOut, stderr, ...ended } = await supervise({
      command,
      args: [],
      useShell: true,
      environment: told,
      timeoutMs,
      kill: signal,
    }).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new AxonError('bad-option', `--restore cannot be started: ${reason}`, { cause: error });
    });
    requireGoing(signal);
    const said = stderr.trim().slice(-MOST_ECHOED);
    if (!hasStarted && NOT_STARTED.has(exitCode)) {
      throw new AxonError('bad-option', `--restore cannot be started: ${oneLine(said)}`);
    }
    hasStarted = true;
    if (exitCode === 0 && !hasTimedOut) return;
    const end = hasTimedOut
      ? `did not end within ${timeoutMs / 1000} s`
      : exitCode === null
        ? `was ended by ${ended.signal}`
        : `ended with ${exitCode}`;
    throw refusal(`--restore ${end}`, said);
  };
}

/** The same for a function of the caller's: one that rejects, or takes too long, refuses the store. */
export function unpackBy(restore: (backupDir: string, restoreDir: string) => Promise<void>): Unpack {
  return async (backupDir, restoreDir, { timeoutMs, signal }) => {
    requireGoing(signal);
    const end = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const late = new Promise<never>((_resolve, reject) => {
      const text = `the restore function did not end within ${timeoutMs / 1000} s`;
      end.addEventListener('abort', () => reject(refusal(text, '')));
    });
    try {
      await Promise.race([restore(backupDir, restoreDir), late]);
    } catch (error) {
      requireGoing(signal);
      if (error instanceof AxonError) throw error;
      throw refusal('the restore function failed', error instanceof Error ? error.message : String(error));
    }
  };
}

function refusal(what: string, said: string): AxonError {
  return new AxonError('restore-command-failed', said === '' ? what : `${what}: ${oneLine(said)}`);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, '; ');
}
