import * as fs from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { verifyBackup } from '../../conformance/index.ts';
import { encodeEventMessage } from '../../server/formats/event-message.ts';
import { encodeEventSegmentHeader, encodeTransaction } from '../../server/formats/event-segment.ts';
import { formatSegmentName } from '../../server/formats/segment-name.ts';
import type { BenchPlace } from './bench.ts';
import { createFigure, type Figure } from './figure.ts';
import { inTurn, timeOf } from './measure.ts';

const SEGMENT_BYTES = 64 * 1024 ** 2;
const SEGMENTS = 8;
const LEAST_GAIN = 1.8;

/** `verify` of large segments beside reading them with a CRC-32, in one thread and in two. */
export async function measureVerify({ runs, folder, say }: BenchPlace): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const { eventBytes, least } of [
    { eventBytes: 20_000, least: 0.5 },
    { eventBytes: 200, least: 0.2 },
  ]) {
    say(`writing ${SEGMENTS} segments with events of ${eventBytes} bytes`);
    const backup = path.join(folder, `events-of-${eventBytes}`);
    const files = writeBackup(backup, eventBytes);
    const rateOf = async (work: () => Promise<void> | void): Promise<number> =>
      (SEGMENTS * SEGMENT_BYTES) / 1000 / (await timeOf(work));
    const [crc, one, two] = await inTurn(
      [
        () => rateOf(() => files.forEach(readWithCrc)),
        () => rateOf(() => verifyAll(backup, 1)),
        () => rateOf(() => verifyAll(backup, 2)),
      ],
      { runs },
    );
    const what = `events of ${eventBytes.toLocaleString('en')} bytes`;
    figures.push(
      createFigure({
        what,
        unit: 'MB/s',
        measured: { name: 'verify', values: one },
        baseline: { name: 'read and CRC-32', values: crc },
        promised: { of: 'ratio', bound: 'at least', limit: least },
      }),
      createFigure({
        what: `${what}, in two threads`,
        unit: 'MB/s',
        measured: { name: 'verify in two threads', values: two },
        baseline: { name: 'in one', values: one },
        promised: { of: 'ratio', bound: 'at least', limit: LEAST_GAIN },
      }),
    );
    fs.rmSync(backup, { recursive: true, force: true });
  }
  return figures;
}

async function verifyAll(backup: string, jobs: number): Promise<void> {
  const { verdict } = await verifyBackup(backup, { jobs });
  if (verdict !== 'consistent') throw new Error(`the backup is ${verdict}`);
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
