import * as fs from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Tinypool } from 'tinypool';
import type { LogScan } from '../segments/log-scanner.ts';
import type { PlainScan } from './plain-scan.ts';
import type { ScannedSegment } from '../segments/scan-segment.ts';
import type { ScanMessage } from './scan-worker.ts';

/** Starting threads takes as long as reading so much. */
const WORTH_BYTES = 64 * 1024 ** 2;
const TICK_MS = 50;

/** Where the compiled worker lies; in a source tree there is none, and then everything is read by this thread. */
const workerFile = new URL('./scan-worker.js', import.meta.url);

/** Threads that read segments side by side. */
export class ScanPool {
  readonly #pool: Tinypool;
  readonly #doneBytes = new SharedArrayBuffer(8);

  private constructor(jobs: number) {
    this.#pool = new Tinypool({
      filename: fileURLToPath(workerFile),
      name: 'scanInThread',
      minThreads: jobs,
      maxThreads: jobs,
      // Nothing is asked of a thread that would hold much for long.
      resourceLimits: { maxYoungGenerationSizeMb: 16 },
    });
  }

  /** Null where one thread is as good for so many bytes in so many files. */
  static startFor(scans: readonly PlainScan[], jobs: number): ScanPool | null {
    const bytes = scans.reduce((sum, { source }) => sum + source.sizeBytes, 0);
    const threads = Math.min(jobs, scans.length);
    if (threads < 2 || bytes < WORTH_BYTES || !fs.existsSync(workerFile)) return null;
    return new ScanPool(threads);
  }

  /**
   * What the scans come to, in their order. `between` is told of the bytes that were read meanwhile, and may fail; then this
   * fails, too.
   */
  async run(
    scans: readonly PlainScan[],
    between: (bytes: number) => Promise<void>,
  ): Promise<ReadonlyArray<ScannedSegment | LogScan | null>> {
    const results = Promise.all(
      scans.map((scan): Promise<ScannedSegment | LogScan | null> => {
        const message: ScanMessage = { scan, doneBytes: this.#doneBytes };
        return this.#pool.run(message);
      }),
    );
    // Should this end before, by a failure of `between`, nobody else looks at it.
    results.catch(() => undefined);
    const counter = new BigInt64Array(this.#doneBytes);
    for (let isDone = false; !isDone;) {
      isDone = await Promise.race([results.then(() => true), wait(TICK_MS, false)]);
      await between(Number(Atomics.exchange(counter, 0, 0n)));
    }
    return results;
  }

  /** Ends whatever is under way. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}
