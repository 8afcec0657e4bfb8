import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { startSimulator, type GroupOptions, type Simulator, type SimulatorOptions } from '../../server/index.ts';
import { stillSimulator } from '../support/simulator.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const groups: readonly GroupOptions[] = [
  {
    name: 'retail',
    contexts: ['orders', 'billing'],
    members: [{ node: 'node-1' }, { node: 'node-3', role: 'ACTIVE_BACKUP' }],
  },
];

const shape: SimulatorOptions = { nodes: 3, groups };

async function leftBehind(): Promise<{ readonly dataDir: string; readonly before: Simulator }> {
  const dataDir = temporaryFolder();
  const before = await startSimulator({ port: 0, speed: 0, rate: 0, dataDir, ...shape });
  await before.control.append('billing', { transactions: 3 });
  await before.clock.advance(5000);
  await before.close();
  return { dataDir, before };
}

async function failureOf(options: SimulatorOptions): Promise<string> {
  return startSimulator({ port: 0, speed: 0, rate: 0, ...options }).then(
    async (simulator) => {
      await simulator.close();
      return 'it started';
    },
    (error: Error) => error.message,
  );
}

describe('a data folder with groups', () => {
  test.each([
    ['without being told what is in it', {}],
    ['told the same', shape],
    ['told the same contexts', { contexts: ['orders', 'billing'] }],
  ])('is gone on with, %s', async (_how, options) => {
    const { dataDir, before } = await leftBehind();
    const again = await stillSimulator({ nodes: 3, dataDir, ...options });
    expect(again.groups).toEqual(before.groups);
    expect(again.nodes.map(({ roles }) => roles)).toEqual(before.nodes.map(({ roles }) => roles));
    expect((await again.control.append('billing')).firstToken).toBe(3n);
  });

  test.each<readonly [string, SimulatorOptions]>([
    ['groups with other members', { groups: [{ name: 'retail', contexts: ['orders', 'billing'] }] }],
    ['a group of another name', { groups: [{ ...groups[0], name: 'shop' }] }],
  ])('is not gone on with as %s', async (_what, options) => {
    const { dataDir } = await leftBehind();
    expect(await failureOf({ dataDir, ...options })).toContain('the data folder holds other replication groups');
  });

  test('is not gone on with as one of other contexts', async () => {
    const { dataDir } = await leftBehind();
    expect(await failureOf({ dataDir, contexts: ['orders'] })).toContain('3 nodes and the contexts orders,billing');
  });

  test('may be given tokens with roles in the contexts that it holds', async () => {
    const { dataDir } = await leftBehind();
    const tokens = [{ token: 'x', roles: [{ context: 'orders', role: 'ADMIN' as const }] }];
    const again = await stillSimulator({ nodes: 3, dataDir, tokens });
    expect(again.groups).toHaveLength(2);
  });

  test('goes back to its beginning as what it was', async () => {
    const { dataDir, before } = await leftBehind();
    const again = await stillSimulator({ nodes: 3, dataDir });
    await again.control.reset();
    expect(again.groups).toEqual(before.groups);
    expect((await again.control.append('billing')).firstToken).toBe(0n);
  });
});

test('a folder of a time when each context had a group of its name is gone on with', async () => {
  const dataDir = temporaryFolder();
  const first = await startSimulator({ port: 0, speed: 0, rate: 0, nodes: 2, contexts: ['a', 'b'], dataDir });
  await first.close();
  const file = path.join(dataDir, 'simulator', 'cluster.json');
  const { groups: _groups, ...rest } = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;
  fs.writeFileSync(file, JSON.stringify(rest));
  const again = await stillSimulator({ nodes: 2, dataDir });
  expect(again.groups.map(({ name }) => name)).toEqual(['_admin', 'a', 'b']);
});

test('groups and contexts that do not go together are refused', async () => {
  expect(await failureOf({ ...shape, contexts: ['orders'] })).toBe(
    'the groups hold orders, billing: leave out the contexts, which follow from the groups',
  );
  expect(await failureOf({ ...shape, nodes: 2 })).toBe(
    'groups[0].members[1].node: there is no node "node-3"; there are node-1, node-2',
  );
});
