import * as fs from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { startSimulator } from '../../server/index.ts';
import type { BenchPlace } from './bench.ts';
import { createFigure, type Figure } from './figure.ts';
import { inTurn, timeOf } from './measure.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const MOST_SECONDS = 20;
const NODES = 3;

/** A virtual day, beside a loop that does nothing but append. */
export async function measureDay({ runs, folder, say }: BenchPlace): Promise<readonly Figure[]> {
  let transactions = 0;
  let bytes = 0;
  const liveADay = async (): Promise<number> => {
    say('living through 24 virtual hours');
    const dataDir = path.join(folder, 'day');
    const simulator = await startSimulator({
      port: 0,
      nodes: NODES,
      speed: 0,
      rate: 10,
      payloadBytes: 200,
      maxDiskBytes: 8 * 1024 ** 3,
      dataDir,
    });
    try {
      const seconds = (await timeOf(() => simulator.clock.advance(DAY_MS))) / 1000;
      transactions = simulator.ledger.of('default', 'EVENT').length;
      bytes = writtenIn(dataDir);
      return seconds;
    } finally {
      await simulator.close();
      fs.rmSync(dataDir, { recursive: true, force: true });
    }
  };
  await liveADay();
  const [daySeconds, bareSeconds] = await inTurn([liveADay, async () => appendBare(folder, transactions, bytes)], {
    runs,
    warmUp: 0,
  });
  return [
    createFigure({
      what: '24 virtual hours',
      unit: 's',
      measured: { name: 'the cluster', values: daySeconds },
      baseline: { name: 'a bare loop', values: bareSeconds },
      promised: { of: 'value', bound: 'at most', limit: MOST_SECONDS },
      notes: [
        `${transactions.toLocaleString('en')} transactions on ${NODES} nodes`,
        `${Math.round(bytes / 1e6).toLocaleString('en')} MB of files`,
      ],
    }),
  ];
}

/** Bytes in the files of a folder, as far as they are written: files that are made in their full size have holes. */
function writtenIn(folder: string): number {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + fs.statSync(path.join(entry.parentPath, entry.name)).blocks * 512, 0);
}

/** Seconds for so many bytes in as many transactions for each node, half of them in a log and half in a store of events. */
function appendBare(folder: string, transactions: number, bytes: number): number {
  const startMs = performance.now();
  const transaction = Buffer.alloc(Math.round(bytes / transactions / NODES / 2), 7);
  const block = Buffer.alloc(64 * 1024);
  for (let place = 0; place < NODES * 2; place++) {
    const file = path.join(folder, 'bare');
    const fd = fs.openSync(file, 'w');
    let used = 0;
    for (let each = 0; each < transactions; each++) {
      if (used + transaction.length + 4 > block.length) {
        fs.writeSync(fd, block, 0, used);
        used = 0;
      }
      used += transaction.copy(block, used);
      used = block.writeInt32BE(crc32(transaction) | 0, used);
    }
    fs.writeSync(fd, block, 0, used);
    fs.closeSync(fd);
    fs.rmSync(file);
  }
  return (performance.now() - startMs) / 1000;
}
