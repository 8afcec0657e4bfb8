import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { startSimulator, type ServerVersion, type Simulator, type SimulatorOptions } from '../../server/index.ts';
import { resolveOptions } from '../../server/config.ts';
import { readZipEntries } from '../../conformance/oracle/archives/zip-entries.ts';
import { nodeOf, stillSimulator } from '../support/simulator.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A node with two closed segments of events, and what `/eventstore` lists of them. */
async function listed(options: SimulatorOptions, query = '') {
  const simulator = await stillSimulator({ nodes: 1, rate: 0, segmentSizeBytes: 4096, ...options });
  await simulator.control.append('default', { transactions: 5 });
  await simulator.control.roll('default');
  await simulator.control.append('default', { transactions: 5 });
  await simulator.control.roll('default');
  const { url } = nodeOf(simulator);
  const answer = await fetch(`${url}/v1/backup/eventstore?targetContext=default&type=EVENT${query}`);
  const { filenames } = (await answer.json()) as { readonly filenames: readonly string[] };
  return { simulator, url, filenames, names: filenames.map((file) => path.basename(file).replace(/^0{18}/, '')) };
}

const jumpSkip = ['00.events', '05.events', 'global-index-00000.xref', '00.nindex', '05.nindex'];

describe('releases from 2024 on', () => {
  test('have jump-skip indexes, whose global file is listed whatever the cursor is, and changes when a segment closes', async () => {
    const { simulator, filenames, names } = await listed({ serverVersion: '2024.2' }, '&lastClosedSegmentBackedUp=0');
    expect(names.filter((name) => name !== '10.events')).toEqual(['05.events', 'global-index-00000.xref', '05.nindex']);
    for (const file of filenames) expect(fs.existsSync(file)).toBe(true);
    const global = filenames.find((file) => file.endsWith('.xref')) ?? '';
    const before = fs.readFileSync(global);
    await simulator.control.append('default', { transactions: 5 });
    await simulator.control.roll('default');
    const after = fs.readFileSync(global);
    expect([after.length, after.equals(before)]).toEqual([before.length, false]);
  });

  test('name the config database so, on disk and in the zip, and say that they are ready', async () => {
    const { simulator, url } = await listed({ serverVersion: '2026.0' });
    const zip = await (await fetch(`${url}/v1/backup/createControlDbBackup`, { method: 'POST' })).text();
    const entries = readZipEntries(fs.readFileSync(zip), () => undefined);
    expect(entries.map(({ name }) => name)).toEqual(['axonserver-configdb.mv.db']);
    expect(fs.readdirSync(nodeOf(simulator).controlDbDir)).toContain('axonserver-configdb.mv.db');
    const ready = await fetch(`${url}/actuator/health/readiness`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'UP' }]);
  });

  test('take over the database of a release that calls it otherwise', async () => {
    const dataDir = temporaryFolder();
    const common = { port: 0, speed: 0, rate: 0, nodes: 1, dataDir };
    const old = await startSimulator({
      ...common,
      serverVersion: '2023.2',
      indexFormats: { default: 'JUMP_SKIP_INDEX' },
    });
    await old.control.append('default', { transactions: 5 });
    await old.close();
    const upgraded = await startSimulator({ ...common, serverVersion: '2024.2' });
    expect(upgraded.state().nodes[0]?.contexts['default']?.EVENT.nextToken).toBe(5);
    await upgraded.close();
  });

  test('are no standard edition: that is not known of them', () => {
    expect(() => resolveOptions({ edition: 'standard', serverVersion: '2024.2' }, null)).toThrow(
      /the standard edition is not known of 2024\.2; there are documented, 4\.2, 4\.5, 4\.6, 2023\.2/,
    );
  });
});

describe('the index format of a context', () => {
  test.each<[ServerVersion, SimulatorOptions, string]>([
    ['4.6', { indexFormats: { default: 'JUMP_SKIP_INDEX' } }, '05.events 00.events'],
    ['2023.2', { indexFormats: { default: 'JUMP_SKIP_INDEX' } }, '00.events 05.events'],
  ])('is jump-skip in %s where it is set so', async (serverVersion, options, data) => {
    const { names } = await listed({ serverVersion, ...options });
    expect(names.filter((name) => name !== '10.events').join(' ')).toBe(`${data} ${jumpSkip.slice(2).join(' ')}`);
  });

  test('may be one for events and another for snapshots, and another in each context; what a folder has it keeps', async () => {
    const dataDir = temporaryFolder();
    const contexts = ['default', 'orders'];
    const common = { port: 0, speed: 0, rate: 0, nodes: 1, segmentSizeBytes: 2048, dataDir, contexts } as const;
    const indexFormats = { orders: { snapshot: 'JUMP_SKIP_INDEX' } } as const;
    const closeSome = async (simulator: Simulator): Promise<string> => {
      for (const context of contexts) {
        for (const type of ['EVENT', 'SNAPSHOT'] as const) {
          await simulator.control.append(context, { transactions: 2, type });
          await simulator.control.roll(context, type);
        }
      }
      const { eventsDir } = nodeOf(simulator);
      await simulator.close();
      const suffixes = contexts.map((context) => {
        const names = fs.readdirSync(path.join(eventsDir, context)).map((name) => path.extname(name));
        return [...new Set(names)].toSorted().join(' ');
      });
      return suffixes.join(' | ');
    };
    const found = '.bloom .events .index .sbloom .sindex .snapshots | .bloom .events .index .snapshots .snindex .sxref';
    expect(await closeSome(await startSimulator({ ...common, serverVersion: '2023.2', indexFormats }))).toBe(found);
    // Without being told, and under a release that makes new contexts otherwise.
    expect(await closeSome(await startSimulator({ ...common, serverVersion: '2024.2' }))).toBe(found);
    await expect(startSimulator({ ...common, serverVersion: '4.2' })).rejects.toThrow(
      /4\.2 has no jump-skip indexes, which orders has/,
    );
  });

  test('is index and bloom filter from 2024 on where it is set so', async () => {
    const { names } = await listed({ serverVersion: '2025.2', indexFormats: { default: 'BLOOM_FILTER_INDEX' } });
    expect(names).toContain('05.bloom');
    expect(names.some((name) => /nindex|xref/.test(name))).toBe(false);
  });

  test.each<[SimulatorOptions, RegExp]>([
    [{ serverVersion: '4.2', indexFormats: { default: 'JUMP_SKIP_INDEX' } }, /4\.2 has no jump-skip indexes/],
    [{ indexFormats: { orders: 'JUMP_SKIP_INDEX' } }, /given for "orders"; there are default/],
    [{ indexFormats: { default: 'X' as 'JUMP_SKIP_INDEX' } }, /one of BLOOM_FILTER_INDEX, JUMP_SKIP_INDEX/],
    [
      { indexFormats: { default: { snapshot: 'X' as 'JUMP_SKIP_INDEX' } } },
      /one of BLOOM_FILTER_INDEX, JUMP_SKIP_INDEX/,
    ],
    [{ indexFormats: { toString: 'JUMP_SKIP_INDEX' } as never }, /given for "toString"/],
  ])('is refused where it cannot be: %j', (options, complaint) => {
    expect(() => resolveOptions(options, null)).toThrow(complaint);
  });
});

describe('nodes for analytics, and nodes that learn', () => {
  const groups = [
    { name: '_admin', members: [{ node: 'node-1' }] },
    {
      name: 'default',
      contexts: ['default'],
      members: [
        { node: 'node-1' },
        { node: 'node-2', role: 'ANALYTICS' as const },
        { node: 'node-3', role: 'LEARNER' as const },
      ],
    },
  ];

  test('store what the others commit without them, and no list shows who learns', async () => {
    const dataDir = temporaryFolder();
    const options = { port: 0, speed: 0, rate: 0, nodes: 3, groups, serverVersion: '2026.0' as const, dataDir };
    const first = await startSimulator(options);
    for (const node of ['node-2', 'node-3']) await first.control.stop(node);
    expect(await first.control.append('default', { transactions: 3 })).toMatchObject({ lastToken: 2n });
    for (const node of ['node-2', 'node-3']) await first.control.start(node);
    await first.clock.advance(5000);
    const stored = (simulator: Simulator) =>
      simulator.state().nodes.map(({ contexts }) => contexts['default']?.EVENT.nextToken);
    expect(stored(first)).toEqual([3, 3, 3]);
    expect(first.nodes.map(({ roles }) => roles['default'])).toEqual(['PRIMARY', 'ANALYTICS', 'LEARNER']);
    const { url } = nodeOf(first);
    for (const list of ['context', 'replicationgroups']) {
      const told = (await (await fetch(`${url}/v1/public/${list}`)).json()) as Array<{
        roles: Array<{ node: string }>;
      }>;
      expect(told.at(-1)?.roles.map(({ node }) => node)).toEqual(['node-1', 'node-2']);
    }
    await first.close();
    const second = await startSimulator({ ...options, nodes: 3 });
    expect([stored(second), second.nodes[2]?.roles['default']]).toEqual([[3, 3, 3], 'LEARNER']);
    await second.close();
  });

  test.each<[ServerVersion, RegExp]>([
    ['documented', /documented has no role ANALYTICS, which node-2 has in "default": it came with 2025\.2/],
    ['2024.2', /2024\.2 has no role ANALYTICS/],
    ['2025.2', /2025\.2 has no role LEARNER, which node-3 has in "default": it came with 2026\.0/],
  ])('are refused in %s, which does not have them', (serverVersion, complaint) => {
    expect(() => resolveOptions({ nodes: 3, groups, serverVersion }, null)).toThrow(complaint);
  });
});

test('2026.0 does not start on a log that begins behind what is applied; older ones do, and one without any log too', async () => {
  const dataDir = temporaryFolder();
  const options = { port: 0, speed: 0, rate: 0, nodes: 1, logSegmentSizeBytes: 1024, dataDir } as const;
  const first = await startSimulator({ ...options, serverVersion: '2026.0' });
  await first.control.append('default', { transactions: 30 });
  await first.clock.advance(5000);
  const { logDir } = nodeOf(first);
  await first.close();
  const logs = fs.readdirSync(path.join(logDir, 'default')).toSorted();
  // The pointers say more than the log that is left has.
  const kept = logs.at(-1) ?? '';
  for (const name of logs) if (name !== kept) fs.rmSync(path.join(logDir, 'default', name));
  fs.renameSync(path.join(logDir, 'default', kept), path.join(logDir, 'default', '00000000000000009999.log'));
  await expect(startSimulator({ ...options, serverVersion: '2026.0' })).rejects.toThrow(
    /replication log is inconsistent/,
  );
  const older = await startSimulator({ ...options, serverVersion: '2025.2' });
  expect(older.state().nodes[0]?.state).toBe('running');
  await older.close();
  fs.rmSync(path.join(logDir, 'default'), { recursive: true });
  const again = await startSimulator({ ...options, serverVersion: '2026.0' });
  expect(again.state().nodes[0]?.contexts['default']?.EVENT.nextToken).toBe(30);
  await again.close();
});
