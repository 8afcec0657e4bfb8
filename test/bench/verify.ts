import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { crc32 } from 'node:zlib';
import { verifyBackup } from '../../conformance/index.ts';
import { encodeEventMessage } from '../../server/formats/event-message.ts';
import { encodeEventSegmentHeader, encodeTransaction } from '../../server/formats/event-segment.ts';
import { formatSegmentName } from '../../server/formats/segment-name.ts';
import { report } from './measure.ts';

const SEGMENT_BYTES = 64 * 1024 ** 2;
const SEGMENTS = 8;
const ROUNDS = 5;
const LEAST_GAIN = 1.8;

/** `verify` of segments beside `read + CRC` of the same files, in one thread and in two. */
export async function benchVerify(folder: string): Promise<void> {
  for (const { eventBytes, least } of [
    { eventBytes: 20_000, least: 0.5 },
    { eventBytes: 200, least: 0.2 },
  ]) {
    process.stdout.write(`writing ${SEGMENTS} segments with events of ${eventBytes} bytes …\n`);
    const backup = path.join(folder, `events-of-${eventBytes}`);
    const files = writeBackup(backup, eventBytes);
    const timings: Array<readonly [crc: number, one: number, two: number]> = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const crc = await timeOf(async () => files.forEach(readWithCrc));
      const one = await timeOf(() => verify(backup, 1));
      const two = await timeOf(() => verify(backup, 2));
      // The first warms up the cache of the disk, and the code.
      if (round > 0) timings.push([crc, one, two]);
    }
    const megabytes = (SEGMENTS * SEGMENT_BYTES) / 1e6;
    const ratio = medianOf(timings.map(([crc, one]) => crc / one));
    const gain = medianOf(timings.map(([, one, two]) => one / two));
    const [crcMs, oneMs, twoMs] = [0, 1, 2].map((place) => medianOf(timings.map((each) => each[place] ?? Number.NaN)));
    const rate = (ms: number | undefined): string => `${((megabytes / (ms ?? Number.NaN)) * 1000).toFixed(0)} MB/s`;
    const what = `verify, events of ${eventBytes} bytes`;
    const figure = `${rate(oneMs)}, read + CRC ${rate(crcMs)}, ratio ${ratio.toFixed(2)}`;
    report(what, figure, `ratio ${least} at least`, ratio >= least);
    const promise = `${LEAST_GAIN} times one thread, on 2 idle cores`;
    report(`${what}, in two threads`, `${rate(twoMs)}, ${gain.toFixed(2)} times`, promise, gain >= LEAST_GAIN);
    fs.rmSync(backup, { recursive: true, force: true });
  }
  process.stdout.write(
    `peak memory of all that: ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB, ${os.loadavg()[0]?.toFixed(1)} processes at work on this machine\n`,
  );
}

async function verify(backup: string, jobs: number): Promise<void> {
  const { verdict } = await verifyBackup(backup, { jobs });
  if (verdict !== 'consistent') throw new Error(`the backup is ${verdict}`);
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

function readWithCrc(file: string): void {
  const fd = fs.openSync(file, 'r');
  const buffer = Buffer.allocUnsafe(1 << 20);
  let checksum = 0;
  for (let length = -1; length !== 0;) {
    length = fs.readSync(fd, buffer, 0, buffer.length, null);
    checksum = crc32(buffer.subarray(0, length), checksum);
  }
  fs.closeSync(fd);
}

/** Full segments of one context, closed, without indexes; their paths. */
function writeBackup(backup: string, eventBytes: number): string[] {
  const folder = path.join(backup, 'events', 'default');
  fs.mkdirSync(folder, { recursive: true });
  let token = 0;
  return Array.from({ length: SEGMENTS }, () => {
    const file = path.join(folder, formatSegmentName(BigInt(token), '.events'));
    const bytes = Buffer.alloc(SEGMENT_BYTES);
    let at = encodeEventSegmentHeader().copy(bytes);
    for (;;) {
      const transaction = encodeTransaction([eventOf(token, eventBytes)]);
      if (at + transaction.length + 4 > bytes.length) break;
      at += transaction.copy(bytes, at);
      token++;
    }
    bytes.writeInt32BE(-1, at);
    fs.writeFileSync(file, bytes);
    return file;
  });
}

function eventOf(token: number, eventBytes: number): Buffer {
  const event = {
    messageIdentifier: `11111111-2222-3333-4444-${String(token).padStart(12, '0')}`,
    aggregateIdentifier: `order-${token % 5000}`,
    aggregateSequenceNumber: BigInt(Math.floor(token / 5000)),
    aggregateType: 'Order',
    timestampMs: 1_700_000_000_000n + BigInt(token),
    metaData: [],
    snapshot: false,
  };
  const bare = encodeEventMessage({ ...event, payload: null }).length;
  const payload = { type: 'a', revision: '', data: Buffer.alloc(Math.max(1, eventBytes - bare - 10), token & 0xff) };
  return encodeEventMessage({ ...event, payload });
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
