import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readInventory } from '../../../conformance/oracle/backup/backup-reader.ts';
import type { BackupInventory } from '../../../conformance/journal/inventory.ts';
import { backUp, type Cursors, type Layout } from '../../support/backup-client.ts';
import { assess, backedUp, fileAt, sharedBackup, grownCluster, kindsOf } from '../../support/backups.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const goodBackup = sharedBackup();

describe('a correct backup can be restored and loses nothing', () => {
  test.each(['plain', 'dated', 'tar', 'tar.gz', 'zip', 'gz'] satisfies Layout[])(
    'in the layout "%s", after each of three runs of which the later ones copy what is new',
    async (layout) => {
      const contexts = ['default', 'Kunden & Co'];
      const simulator = await grownCluster({ nodes: 2, contexts, rate: 0.1 });
      const folder = temporaryFolder();
      const cursors: Cursors = new Map();
      let previous: BackupInventory | null = null;
      for (const run of [1, 2, 3]) {
        await simulator.clock.advance(600_000);
        const beforeMs = await backUp(simulator, folder, {
          run,
          layout,
          cursors,
          contexts,
          afterPost: () => simulator.clock.advance(3000),
          afterLogs: () => simulator.clock.advance(20_000),
        });
        const restoration = await assess({ simulator, folder, beforeMs }, { contexts, previous, run });
        expect(restoration).toMatchObject({ problems: [], losses: [], lostChanges: 0 });
        previous = await readInventory(folder, previous, run);
        expect(previous.unreadable).toEqual([]);
      }
    },
  );

  test('also one of each node of a cluster whose segments begin elsewhere, beside each other', async () => {
    const simulator = await grownCluster({ nodes: 2 });
    await simulator.control.stop('node-2');
    await simulator.control.roll('default');
    await simulator.control.start('node-2');
    const folder = temporaryFolder();
    for (const run of [1, 2]) {
      await simulator.clock.advance(200_000);
      const beforeMs = await backUp(simulator, folder, { run, layout: 'dated', node: run - 1 });
      const restoration = await assess({ simulator, folder, beforeMs }, { nodeName: `node-${run}` });
      expect(restoration).toMatchObject({ problems: [], losses: [] });
    }
    const [one, two] = [1, 2].map((run) => fs.readdirSync(path.join(folder, `run-${run}`, 'events', 'default')));
    expect(two).not.toEqual(expect.arrayContaining(one ?? []));
  });

  test('with an older control database, as long as the log reaches back to it', async () => {
    const simulator = await grownCluster();
    const earlier = await backedUp({ simulator });
    const later = await backedUp({ simulator });
    fs.rmSync(fileAt(later, '.', '.zip', 0));
    const older = fileAt(earlier, '.', '.zip', 0);
    fs.copyFileSync(older, path.join(later.folder, path.basename(older)));
    expect(await assess(later)).toMatchObject({ problems: [], losses: [], lostChanges: 0 });
  });

  test('of a cluster in which nothing was ever written', async () => {
    const simulator = await grownCluster({ rate: 0 });
    expect(await assess(await backedUp({ simulator }))).toMatchObject({ problems: [], losses: [], lostChanges: 0 });
  });

  test('without index files: the server builds them anew', async () => {
    const backup = goodBackup();
    const events = path.join(backup.folder, 'events', 'default');
    for (const name of fs.readdirSync(events)) if (/\.s?(index|bloom)$/.test(name)) fs.rmSync(path.join(events, name));
    expect(await assess(backup)).toMatchObject({ problems: [], losses: [] });
  });

  test('in one flat folder for each context, together with its log', async () => {
    const backup = goodBackup();
    for (const inside of ['events/default', 'log/default']) {
      for (const name of fs.readdirSync(path.join(backup.folder, inside))) {
        fs.renameSync(path.join(backup.folder, inside, name), path.join(backup.folder, name));
      }
    }
    expect(await assess(backup)).toMatchObject({ problems: [], losses: [] });
  });
});

test('the pointers and tokens of the restored node are told', async () => {
  const backup = goodBackup();
  const { groups, stores } = await assess(backup);
  const inDefault = groups.find(({ group }) => group === 'default');
  expect(inDefault?.firstIndex).toBe(1);
  expect(inDefault?.appliedIndex).toBeGreaterThan(1000);
  expect(inDefault?.commitIndex).toBeGreaterThanOrEqual(inDefault?.appliedIndex ?? 0);
  expect(inDefault?.lastIndex).toBeGreaterThanOrEqual(inDefault?.commitIndex ?? 0);
  const { nextToken } = backup.simulator.ledger.of('default', 'EVENT');
  const events = stores.find(({ type }) => type === 'EVENT');
  expect(events?.firstToken).toBe(0n);
  expect(events?.nextToken).toBeGreaterThan(1000n);
  expect(events?.nextToken).toBeLessThanOrEqual(nextToken ?? 0n);
});

test('what is in the log but was never confirmed is dropped, as the cluster has a returning node drop it', async () => {
  const simulator = await grownCluster({ nodes: 3, rate: 0 });
  await simulator.control.append('default', { transactions: 20 });
  await simulator.clock.advance(5000);
  const leader = simulator.nodes.findIndex(
    ({ name }) => simulator.state().nodes.find((node) => node.name === name)?.groups['default']?.isLeader === true,
  );
  const others = simulator.nodes.filter((_, place) => place !== leader).map(({ name }) => name);
  for (const name of others) await simulator.control.delayReplication(name, 3_600_000);
  await expect(simulator.control.append('default', { transactions: 3 })).rejects.toThrow('No majority');
  const backup = await backedUp({ simulator, node: leader });
  await simulator.control.crash(simulator.nodes[leader]?.name ?? '');
  for (const name of others) await simulator.control.delayReplication(name, 0);
  await simulator.clock.advance(10_000);
  await simulator.control.append('default', { transactions: 5 });
  const restoration = await assess(backup);
  expect(kindsOf(restoration)).toEqual([]);
  expect(restoration.losses).toEqual([]);
});
