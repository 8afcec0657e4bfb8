import { AxonError } from '../../server/index.ts';
import type { ClientDriver, Invocation, RunResult } from './client-driver.ts';

/** Kills the client once `signal` says that nobody wants to know any more; from then on every run fails with `interrupted`. */
export class StoppableDriver implements ClientDriver {
  readonly argv: readonly string[];
  readonly #driver: ClientDriver;
  readonly #signal: AbortSignal;

  constructor(driver: ClientDriver, signal: AbortSignal) {
    this.argv = driver.argv;
    this.#driver = driver;
    this.#signal = signal;
  }

  async run(invocation: Invocation): Promise<RunResult> {
    requireGoing(this.#signal);
    const kill = AbortSignal.any([invocation.kill, this.#signal]);
    const result = await this.#driver.run({ ...invocation, kill });
    requireGoing(this.#signal);
    return result;
  }
}

/** Fails with `interrupted` once `signal` says that nobody wants to know any more. */
export function requireGoing(signal: AbortSignal): void {
  if (signal.aborted) throw new AxonError('interrupted', 'the check was interrupted, nothing is judged');
}
