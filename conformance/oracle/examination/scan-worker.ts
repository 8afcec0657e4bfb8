import { scanPlain, type PlainScan } from './plain-scan.ts';

/** What a thread of the pool is given: a scan, and where all of them count the bytes that they have read. */
export interface ScanMessage {
  readonly scan: PlainScan;
  /** One i64. */
  readonly doneBytes: SharedArrayBuffer;
}

/** Runs in a thread of its own (scan-pool.ts). */
export async function scanInThread({ scan, doneBytes }: ScanMessage): ReturnType<typeof scanPlain> {
  const counter = new BigInt64Array(doneBytes);
  return scanPlain(scan, async (bytes) => {
    Atomics.add(counter, 0, BigInt(bytes));
  });
}
