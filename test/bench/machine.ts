import os from 'node:os';

/** On what was measured: enough to compare by, and nothing that names it. */
export interface Machine {
  /** As the processor calls itself. */
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  /** As `v20.19.5`. */
  readonly node: string;
  /** Name and release of the system, and the architecture: `Linux 6.1 x64`. */
  readonly system: string;
  /** Processes at work on all cores within the last minute, before the bench and after it: on a quiet machine 0 and 1 to 2. */
  readonly load: { readonly before: number; readonly after: number };
}

/** This machine; `loadBefore` is the load of the last minute when the bench began. */
export function describeMachine(loadBefore: number): Machine {
  return {
    processor: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    memoryGiB: Math.round(os.totalmem() / 1024 ** 3),
    node: process.version,
    system: `${os.type()} ${/^\d+(\.\d+)?/.exec(os.release())?.[0] ?? ''} ${os.arch()}`,
    load: { before: loadBefore, after: loadNow() },
  };
}

/** Processes at work within the last minute. */
export function loadNow(): number {
  return Number((os.loadavg()[0] ?? 0).toFixed(1));
}
