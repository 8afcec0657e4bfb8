import { AxonError } from '../../server/index.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Does work that Ctrl-C and its kin end in an orderly way: `signal` tells it to stop, and when it has cleared up the process
 * ends by the very signal, as whoever sent it expects. The second one ends it at once.
 */
export async function untilInterrupted(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  let caught: NodeJS.Signals | null = null;
  const forget = (): void => {
    for (const name of signals) process.off(name, interrupt);
  };
  const interrupt = (name: NodeJS.Signals): void => {
    caught = name;
    forget();
    process.stderr.write('axon-backup-kit: interrupted, clearing up\n');
    stop.abort();
  };
  for (const name of signals) process.on(name, interrupt);
  try {
    await work(stop.signal);
  } catch (error) {
    if (!(error instanceof AxonError && error.kind === 'interrupted')) throw error;
  } finally {
    forget();
    if (caught !== null) process.kill(process.pid, caught);
  }
}
