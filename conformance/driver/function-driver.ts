import type { ClientDriver, Invocation, RunResult } from './client-driver.ts';

/** Real milliseconds that a function has to come to its end, once its signal has told it to. */
const GIVEN_UP_AFTER_MS = 5000;

/** What a client that is a function is told for one run: the values of the contract, typed. */
export interface ClientInvocation extends Omit<Invocation, 'kill' | 'askToEnd' | 'timeoutMs' | 'fileLimitBytes'> {
  /**
   * Tells the run to end at once: it has taken too long, the scenario kills it as a power cut would, or asks it to end as whoever
   * stops a job does. Give it to `fetch`, and look at it between two files, and reject then: to resolve still means "this
   * backup is good", where it does not count as killed in any case.
   */
  readonly signal: AbortSignal;
}

/** A client in this process: to resolve means "this backup is good", to reject "this run failed". */
export type ClientFunction = (invocation: ClientInvocation) => Promise<void>;

/**
 * A client in this process. A function cannot be killed, so it is told to end, and given up where it does not: what it
 * still does then is its own affair.
 */
export class FunctionDriver implements ClientDriver {
  readonly argv: readonly string[];
  readonly #client: ClientFunction;

  constructor(client: ClientFunction) {
    this.#client = client;
    this.argv = [client.name === '' ? 'function' : client.name];
  }

  async run({ kill, askToEnd, timeoutMs, fileLimitBytes, ...told }: Invocation): Promise<RunResult> {
    const stop = new AbortController();
    let cutShort: RunResult | null = null;
    const end = (result: RunResult): void => {
      cutShort ??= result;
      stop.abort();
    };
    const killNow = (): void => end(ended(null, { signal: 'SIGKILL' }));
    const ask = (): void => {
      clearTimeout(timeout);
      stop.abort();
    };
    const timeout = setTimeout(() => end(ended(null, { signal: 'SIGTERM', hasTimedOut: true })), timeoutMs);
    let lastResort: NodeJS.Timeout | undefined;
    const givenUp = new Promise<RunResult>((resolve) => {
      stop.signal.addEventListener('abort', () => {
        lastResort = setTimeout(() => resolve(ended(null)), GIVEN_UP_AFTER_MS);
      });
    });
    askToEnd?.addEventListener('abort', ask, { once: true });
    if (askToEnd?.aborted === true) ask();
    kill.addEventListener('abort', killNow, { once: true });
    if (kill.aborted) killNow();
    const result = await Promise.race([this.#call({ ...told, signal: stop.signal }), givenUp]);
    clearTimeout(timeout);
    clearTimeout(lastResort);
    kill.removeEventListener('abort', killNow);
    askToEnd?.removeEventListener('abort', ask);
    // What this process may write cannot be limited for one function in it.
    const limit = fileLimitBytes === undefined ? {} : { fileLimitBytes: null };
    return { ...(cutShort ?? result), ...limit };
  }

  async #call(invocation: ClientInvocation): Promise<RunResult> {
    try {
      await this.#client(invocation);
      return ended(0);
    } catch (error) {
      return ended(1, { stderr: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  }
}

function ended(exitCode: number | null, rest: Partial<RunResult> = {}): RunResult {
  return { exitCode, signal: null, hasTimedOut: false, stdout: '', stderr: '', ...rest };
}
