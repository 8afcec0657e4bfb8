import type { ClientDriver, Invocation, RunResult } from './client-driver.ts';

/** What a client that is a function gets: the contract's values, typed. */
export type ClientFunction = (invocation: Invocation) => Promise<void>;

/**
 * A client in this process. Resolving means "this backup is good", rejecting "this run failed". A function cannot be
 * killed: on a time-out or a planned kill the run is given up, and what the function still does is its own affair.
 */
export class FunctionDriver implements ClientDriver {
  readonly argv: readonly string[];
  readonly #client: ClientFunction;

  constructor(client: ClientFunction) {
    this.#client = client;
    this.argv = [client.name === '' ? 'function' : client.name];
  }

  async run(invocation: Invocation): Promise<RunResult> {
    const ended = (exitCode: number | null, rest: Partial<RunResult> = {}): RunResult => {
      return { exitCode, signal: null, hasTimedOut: false, stdout: '', stderr: '', ...rest };
    };
    let timeout: NodeJS.Timeout | undefined;
    const outlived = new Promise<RunResult>((resolve) => {
      timeout = setTimeout(() => resolve(ended(null, { hasTimedOut: true, signal: 'SIGTERM' })), invocation.timeoutMs);
    });
    const killed = new Promise<RunResult>((resolve) => {
      invocation.kill.addEventListener('abort', () => resolve(ended(null, { signal: 'SIGKILL' })), { once: true });
    });
    const ran = this.#client(invocation).then(
      () => ended(0),
      (error: unknown) => ended(1, { stderr: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
    const result = await Promise.race([ran, outlived, killed]);
    clearTimeout(timeout);
    return result;
  }
}
