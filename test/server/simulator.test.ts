import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { startSimulator, type ClusterEvent } from '../../server/index.ts';
import { transactionsIn } from '../support/cluster-files.ts';
import { openFilesIn } from '../support/open-files.ts';
import { nodeOf, stillSimulator, urlOf } from '../support/simulator.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { differingFiles, treeDigest } from '../support/tree-digest.ts';

const HOUR_MS = 60 * 60 * 1000;
const startMs = Date.UTC(2024, 0, 1);

function handles(): string[] {
  return process.getActiveResourcesInfo();
}

function timers(): number {
  return handles().filter((name) => name === 'Timeout').length;
}

/** What ends, ends within a few turns of the event loop; the test's own time-out is for what does not. */
async function turnsUntil(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

describe('a simulator', () => {
  test('begins in 2024, with every node answering, in a folder that goes with it', async () => {
    const before = timers();
    const simulator = await startSimulator({ port: 0, speed: 0, rate: 0 });
    expect(simulator.clock.nowMs).toBe(startMs);
    expect(simulator.seed).toBe(1);
    expect(simulator.nodes.map(({ name }) => name)).toEqual(['node-1', 'node-2', 'node-3']);
    for (const { name, url, dataDir, eventsDir, logDir, controlDbDir, roles } of simulator.nodes) {
      expect(await (await fetch(`${url}/v1/public/me`)).json()).toMatchObject({ name });
      for (const folder of [dataDir, eventsDir, logDir, controlDbDir]) expect(path.isAbsolute(folder)).toBe(true);
      expect(fs.readdirSync(eventsDir)).toEqual(['default']);
      expect(fs.readdirSync(logDir)).toEqual(['_admin', 'default']);
      expect(roles).toEqual({ _admin: 'PRIMARY', default: 'PRIMARY' });
    }
    const root = path.dirname(nodeOf(simulator).dataDir);
    await Promise.all([simulator.close(), simulator.close()]);
    await simulator.close();
    expect(fs.existsSync(root)).toBe(false);
    // No server is left, and no timer but those that were there before.
    await turnsUntil(() => handles().filter((name) => name === 'TCPServerWrap').length === 0);
    await turnsUntil(() => timers() <= before);
  });

  test('leaves a folder that it was given, with no file open and no lock', async () => {
    const folder = temporaryFolder();
    const simulator = await stillSimulator({ dataDir: folder });
    await simulator.control.append('default', { transactions: 3 });
    expect(openFilesIn(folder)).not.toEqual([]);
    await simulator.close();
    expect(openFilesIn(folder)).toEqual([]);
    expect(transactionsIn(folder, 'node-1', 'default', 'EVENT').size).toBe(3);
    expect(fs.readdirSync(path.join(folder, 'simulator')).toSorted()).toEqual(['cluster.json', 'node-1']);
  });

  test('does what it is told in the order in which it is told, one at a time', async () => {
    const simulator = await stillSimulator({ rate: 0.1 });
    const order: string[] = [];
    const note = (name: string) => (): void => void order.push(name);
    const calls = [
      simulator.clock.advance(HOUR_MS).then(note('advance')),
      simulator.control.append('default').then(note('append')),
      simulator.control.stop('node-1').then(note('stop')),
      simulator.control.start('node-1').then(note('start')),
    ];
    await Promise.all(calls);
    expect(order).toEqual(['advance', 'append', 'stop', 'start']);
    expect(simulator.clock.nowMs).toBeGreaterThanOrEqual(startMs + HOUR_MS);
  });

  test('has all files up to date once a call is answered', async () => {
    const folder = temporaryFolder();
    const simulator = await stillSimulator({ dataDir: folder, nodes: 3, rate: 3 });
    for (let round = 0; round < 3; round++) {
      await simulator.clock.advance(7_000);
      const ledger = simulator.ledger.of('default', 'EVENT');
      const stored = transactionsIn(folder, 'node-1', 'default', 'EVENT');
      expect(stored.size).toBe(ledger.length);
      expect([...stored.keys()].at(-1)).toBe(ledger.at(ledger.length - 1).firstToken);
    }
  });

  test('lets requests in while much time passes in one call', async () => {
    const simulator = await stillSimulator({ nodes: 3 });
    let isOver = false;
    const advance = simulator.clock.advance(100 * HOUR_MS).then(() => (isOver = true));
    await fetch(`${urlOf(simulator)}/v1/public/me`);
    expect(isOver).toBe(false);
    expect(simulator.clock.nowMs).toBeGreaterThan(startMs);
    await advance;
    expect(simulator.clock.nowMs).toBe(startMs + 100 * HOUR_MS);
  });

  test('goes on after a call that failed', async () => {
    const simulator = await stillSimulator();
    const { control } = simulator;
    await expect(control.append('nothing')).rejects.toMatchObject({ kind: 'context-not-found' });
    await expect(control.roll('default')).rejects.toMatchObject({ kind: 'conflict' });
    await expect(control.stop('node-9')).rejects.toMatchObject({ kind: 'unknown-node', status: 404 });
    await expect(control.start('node-1')).rejects.toMatchObject({ kind: 'conflict' });
    await expect(control.cleanLog('node-1', 'nothing')).rejects.toThrow('[AXONIQ-1302] nothing: not found');
    await expect(control.append('default', { payloadBytes: 1024 ** 2 })).rejects.toMatchObject({
      kind: 'transaction-too-large',
    });
    expect(await control.append('default')).toEqual({ firstToken: 0n, lastToken: 0n });
    expect(await control.roll('default')).toEqual(new Map([['node-1', 0n]]));
  });

  test('is told that it is over by whoever comes too late', async () => {
    const simulator = await stillSimulator();
    await simulator.close();
    await expect(simulator.clock.advance(1)).rejects.toMatchObject({ kind: 'conflict' });
    await expect(simulator.control.append('default')).rejects.toThrow('shutting down');
  });

  test('tells those who listen what happens, until they no longer want to know', async () => {
    const simulator = await stillSimulator();
    const seen: ClusterEvent['kind'][] = [];
    const end = simulator.onEvent(({ kind }) => seen.push(kind));
    await simulator.control.append('default');
    await simulator.control.roll('default');
    await simulator.control.crash('node-1');
    expect(seen).toEqual([
      'segment-full',
      'segment-created',
      'segment-closed',
      'leader-lost',
      'leader-lost',
      'node-crashed',
    ]);
    end();
    await simulator.control.start('node-1');
    expect(seen).toHaveLength(6);
  });

  test('lets time pass by itself where it is given a speed', async () => {
    const simulator = await stillSimulator({ speed: 3600 });
    await turnsUntil(() => simulator.clock.nowMs > startMs + HOUR_MS / 4);
    await simulator.close();
    const { nowMs } = simulator.clock;
    await new Promise((resolve) => setImmediate(resolve));
    expect(simulator.clock.nowMs).toBe(nowMs);
  });
});

describe('a reset', () => {
  test('leads back to the beginning of the seed: the same calls give the same files', async () => {
    const folder = temporaryFolder();
    const simulator = await stillSimulator({ dataDir: folder, nodes: 3, rate: 2, segmentSizeBytes: 64 * 1024 });
    const { clock, control } = simulator;
    const live = async (): Promise<Map<string, string>> => {
      await clock.advance(HOUR_MS / 4);
      await control.append('default', { transactions: 10, type: 'SNAPSHOT' });
      await control.stop('node-2');
      await clock.advance(10_000);
      await control.start('node-2');
      await clock.advance(10_000);
      return treeDigest(folder, ['.events', '.snapshots', '.log', '.index', '.bloom']);
    };
    const first = await live();
    await control.crash('node-3');
    control.planFaults([{ match: {}, do: { status: 503 } }]);
    expect((await fetch(`${urlOf(simulator)}/v1/backup/filenames?type=EVENT`)).status).toBe(503);

    await control.reset();
    expect(clock.nowMs).toBe(startMs);
    expect(simulator.journal).toEqual([]);
    expect(simulator.ledger.of('default', 'EVENT').length).toBe(0);
    expect((await fetch(`${urlOf(simulator)}/v1/backup/filenames?type=EVENT`)).status).toBe(200);
    expect(simulator.state().nodes.map(({ state }) => state)).toEqual(['running', 'running', 'running']);
    expect(differingFiles(first, await live())).toEqual([]);
  });
});
