import os from 'node:os';
import { AxonError } from '../../server/index.ts';
import { EXIT_KIT_FAILED, type ExitWith } from './exit-code.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What a shell says of a process that a signal has ended: 130 for Ctrl-C. */
const EXIT_BY_SIGNAL = 128;

/**
 * Does work that Ctrl-C and its kin end in an orderly way: `signal` tells it to stop, and when it has cleared up the exit code
 * is 130, 143 or 129, whatever the work has come to. The second one ends it at once.
 */
export async function untilInterrupted(
  work: (signal: AbortSignal) => Promise<number>,
  exitWith: ExitWith,
): Promise<void> {
  const stop = new AbortController();
  let code: number | null = null;
  const forget = (): void => {
    for (const name of signals) process.off(name, interrupt);
  };
  const interrupt = (name: NodeJS.Signals): void => {
    code = EXIT_BY_SIGNAL + os.constants.signals[name];
    forget();
    process.stderr.write('axon-backup-kit: interrupted, clearing up\n');
    stop.abort();
  };
  for (const name of signals) process.on(name, interrupt);
  try {
    const worked = await work(stop.signal);
    exitWith(code ?? worked);
  } catch (error) {
    if (!(error instanceof AxonError && error.kind === 'interrupted')) throw error;
    exitWith(code ?? EXIT_KIT_FAILED);
  } finally {
    forget();
  }
}
