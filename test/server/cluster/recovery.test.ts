import * as fs from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { decodeControlDbArchive } from '../../../server/formats/control-db-archive.ts';
import {
  AxonError,
  startSimulator,
  type ClusterState,
  type Simulator,
  type SimulatorOptions,
} from '../../../server/index.ts';
import { transactionsIn } from '../../support/cluster-files.ts';
import { MINUTE_MS, SECOND_MS } from '../../support/clusters.ts';
import { openFilesIn } from '../../support/open-files.ts';
import { stillSimulator, urlOf } from '../../support/simulator.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/* Simulators that go on with the data folder of another one. */

const small: SimulatorOptions = { nodes: 3, segmentSizeBytes: 16 * 1024, logSegmentSizeBytes: 8 * 1024 };

function start(dataDir: string, options: SimulatorOptions = {}): Promise<Simulator> {
  return stillSimulator({ ...small, dataDir, ...options });
}

/** The failure of a start. */
async function refusalOf(options: SimulatorOptions): Promise<AxonError> {
  const outcome = await startSimulator({ port: 0, speed: 0, rate: 0, ...options }).catch((error: unknown) => error);
  if (outcome instanceof AxonError) return outcome;
  throw outcome instanceof Error ? outcome : new Error('It started');
}

/** Next token of events on each node, in order. */
function nextTokens(simulator: Simulator): number[] {
  return simulator.state().nodes.map(({ contexts }) => Number(contexts['default']?.EVENT.nextToken ?? -1));
}

/** What a restart must not change. */
function positions({ nodes }: ClusterState): object {
  return nodes.map(({ contexts }) => contexts);
}

const controlDbFile = 'axonserver-controldb.mv.db';

describe('a simulator on the folder of one that was closed', () => {
  test('goes on where it stopped: time, tokens, segments, logs, identities', async () => {
    const folder = temporaryFolder();
    const first = await start(folder, { rate: 10, contexts: ['default', 'orders'], seed: 7 });
    await first.clock.advance(2 * MINUTE_MS);
    await first.control.append('default', { transactions: 5 });
    const { nowMs } = first.clock;
    const [token = 0] = nextTokens(first);
    const before = positions(first.state());
    const lastIndex = first.state().nodes[0]?.groups['default']?.lastIndex ?? 0;
    const roles = first.nodes.map((node) => node.roles);
    await first.close();
    expect(openFilesIn(folder)).toEqual([]);

    const second = await start(folder, { rate: 10, contexts: ['default', 'orders'] });
    expect(second.seed).toBe(7);
    expect(second.clock.nowMs).toBe(nowMs);
    expect(second.nodes.map((node) => node.roles)).toEqual(roles);
    expect(positions(second.state())).toEqual(before);
    // The log has one entry more, that of the new leader.
    expect(second.state().nodes[0]?.groups['default']?.lastIndex).toBe(lastIndex + 1);
    expect((await second.control.append('default', { transactions: 1 })).firstToken).toBe(BigInt(token));
    await second.clock.advance(MINUTE_MS);
    expect(Math.min(...nextTokens(second))).toBeGreaterThan(token + 300);
  });

  test('never gives an aggregate the name of an older one', async () => {
    const folder = temporaryFolder();
    for (let round = 0; round < 3; round++) {
      const simulator = await start(folder, { rate: 5 });
      await simulator.clock.advance(20 * SECOND_MS);
      await simulator.close();
    }
    const names = [...transactionsIn(folder, 'node-1', 'default', 'EVENT').values()].map(
      (bytes) => /order-[\w-]+?-\d+-/.exec(bytes.toString('latin1'))?.[0],
    );
    expect(new Set(names).size).toBe(3);
  });

  test('takes nodes and contexts from the folder, and refuses others', async () => {
    const folder = temporaryFolder();
    await (await start(folder, { nodes: 2, contexts: ['a', 'b'] })).close();
    const advice =
      'the data folder holds 2 nodes and the contexts a,b: leave out --nodes and --contexts, or name another folder';
    for (const options of [
      { nodes: 3 },
      { nodes: 1 },
      { contexts: ['a'] },
      { contexts: ['b', 'a'] },
      { contexts: ['a', 'b', 'c'] },
    ]) {
      expect(await refusalOf({ ...options, dataDir: folder })).toMatchObject({ kind: 'bad-option', message: advice });
    }
    const again = await startSimulator({ port: 0, speed: 0, rate: 0, dataDir: folder });
    expect(again.nodes.map(({ roles }) => Object.keys(roles))).toEqual([
      ['_admin', 'a', 'b'],
      ['_admin', 'a', 'b'],
    ]);
    await again.close();
  });
});

describe('a simulator on the folder of one that was not', () => {
  test('of one whose nodes had crashed, recovers the torn files', async () => {
    const folder = temporaryFolder();
    const first = await start(folder, { rate: 20 });
    await first.clock.advance(30 * SECOND_MS);
    for (const node of ['node-3', 'node-2', 'node-1']) await first.control.crash(node);
    await first.close();
    const acknowledged = first.ledger.of('default', 'EVENT').nextToken ?? 0n;

    const second = await start(folder);
    await second.clock.advance(5 * SECOND_MS);
    for (const token of nextTokens(second)) expect(token).toBeGreaterThanOrEqual(Number(acknowledged));
    expect(new Set(nextTokens(second)).size).toBe(1);
    expect((await second.control.append('default')).firstToken).toBe(BigInt(nextTokens(second)[0] ?? 0) - 1n);
  });

  test('of one that was killed between two calls, has all that was acknowledged', async () => {
    const folder = temporaryFolder();
    const first = await start(folder, { rate: 20 });
    for (let round = 0; round < 3; round++) {
      await first.clock.advance(7 * SECOND_MS);
      const { lastToken } = await first.control.append('default', { transactions: 3, eventsPerTransaction: 2 });
      const copy = path.join(temporaryFolder(), 'copy');
      fs.cpSync(folder, copy, { recursive: true, filter: (source) => path.basename(source) !== 'lock' });
      const second = await start(copy);
      await second.clock.advance(SECOND_MS);
      expect(Math.min(...nextTokens(second))).toBeGreaterThan(Number(lastToken));
      expect(second.clock.nowMs).toBe(first.clock.nowMs + SECOND_MS);
    }
  });
});

describe('control databases', () => {
  test('one unzipped from a backup is taken, and the node catches up', async () => {
    const folder = temporaryFolder();
    const first = await start(folder, { rate: 5 });
    await first.clock.advance(MINUTE_MS);
    const zip = await (await fetch(`${urlOf(first, 1)}/v1/backup/createControlDbBackup`, { method: 'POST' })).text();
    await first.clock.advance(10 * MINUTE_MS);
    await first.close();
    fs.writeFileSync(
      path.join(folder, 'node-2', 'controldb', controlDbFile),
      decodeControlDbArchive(fs.readFileSync(zip)),
    );

    const second = await start(folder);
    const behind = second.state().nodes.map(({ groups }) => groups['default']?.appliedIndex ?? 0);
    expect(behind[1]).toBeLessThan((behind[2] ?? 0) - 1000);
    await second.control.append('default');
    const [leader, restored] = second.state().nodes;
    expect(restored?.groups['default']?.appliedIndex).toBe(leader?.groups['default']?.appliedIndex);
    expect(new Set(nextTokens(second)).size).toBe(1);
  });

  test('a live one that was copied earlier and put back is refused, with the way out', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'node-2', 'controldb', controlDbFile);
    const first = await start(folder, { rate: 5 });
    await first.clock.advance(MINUTE_MS);
    const copy = fs.readFileSync(file);
    await first.clock.advance(MINUTE_MS);
    await first.close();
    fs.writeFileSync(file, copy);

    const refusal = await refusalOf({ dataDir: folder });
    expect(refusal.kind).toBe('control-db-unreadable');
    expect(refusal.message).toContain(`${file} cannot be used`);
    expect(refusal.message).toContain('A copy of a live control database is never readable');
    expect(refusal.message).toContain(`unzip a controldb<millis>.zip`);
    expect(openFilesIn(folder)).toEqual([]);
  });
});

describe('a data folder', () => {
  test('serves one simulator at a time', async () => {
    const folder = temporaryFolder();
    const first = await start(folder);
    expect(await refusalOf({ dataDir: folder })).toMatchObject({ kind: 'data-folder-unusable' });
    expect((await refusalOf({ dataDir: folder })).message).toContain(`in use by process ${process.pid}`);
    await first.close();
    await start(folder);
  });

  test('is free again after a start that failed, and after a process that is gone', async () => {
    const folder = temporaryFolder();
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await refusalOf({ dataDir: folder, port, nodes: 1 })).toMatchObject({ kind: 'port-in-use' });
    expect(openFilesIn(folder)).toEqual([]);
    // No process has this number: Linux ends at 2^22.
    fs.writeFileSync(path.join(folder, 'simulator', 'lock'), '9999999\n');
    await start(folder, { nodes: 1 });
  });

  test.each(['', '{', 'null', '{"formatVersion":2}', '{"formatVersion":1,"nodes":3}'])(
    'whose note of itself is %j is refused, naming the file',
    async (text) => {
      const folder = temporaryFolder();
      await (await start(folder, { nodes: 1 })).close();
      const file = path.join(folder, 'simulator', 'cluster.json');
      fs.writeFileSync(file, text);
      const refusal = await refusalOf({ dataDir: folder });
      expect(refusal).toMatchObject({ kind: 'data-folder-unusable' });
      expect(refusal.message).toContain(file);
    },
  );
});
