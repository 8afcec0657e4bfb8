import * as fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { OutOfReach } from '../../../conformance/check/play/out-of-reach.ts';
import { ServerFiles } from '../../../conformance/journal/recording/server-files.ts';
import { SourceWatch } from '../../../conformance/journal/recording/source-watch.ts';
import { growSegments, nodeOf, stillSimulator } from '../../support/simulator.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('a segment goes out of reach and comes back, and neither counts as damage, unless somebody spoils it meanwhile', async () => {
  const folder = temporaryFolder();
  const simulator = await stillSimulator({ dataDir: folder });
  const { closed } = await growSegments(simulator);
  const newest = `${String(closed.at(-1)).padStart(20, '0')}.events`;
  const store = path.join(nodeOf(simulator).eventsDir, 'default');
  const watch = new SourceWatch(simulator, new ServerFiles(folder));
  const outOfReach = new OutOfReach(simulator, watch, temporaryFolder());
  watch.begin();

  outOfReach.hide({ node: 'node-1' });
  outOfReach.hide({ node: 'node-1' });
  expect(outOfReach.files.map(({ name }) => name)).toEqual([newest]);
  expect(fs.readdirSync(store)).not.toContain(newest);
  expect(watch.damage()).toEqual([]);

  outOfReach.showAll();
  expect(outOfReach.files.map(({ name }) => name)).toEqual([]);
  expect(fs.readdirSync(store)).toContain(newest);
  expect(watch.damage()).toEqual([]);

  fs.rmSync(path.join(store, newest));
  expect(watch.damage()).toEqual([expect.stringContaining(`${newest} is gone`)]);
});

/** It was looked for by its first name, which a compaction had removed. Found by exploring. */
test('of a segment that was written anew the version that the server reads goes out of reach, and no other', async () => {
  const folder = temporaryFolder();
  const simulator = await stillSimulator({ dataDir: folder, serverVersion: '2023.2' });
  const { closed } = await growSegments(simulator);
  const last = BigInt(closed.at(-1) ?? 0);
  const digits = String(last).padStart(20, '0');
  const store = path.join(nodeOf(simulator).eventsDir, 'default');
  const outOfReach = new OutOfReach(simulator, new SourceWatch(simulator, new ServerFiles(folder)), temporaryFolder());
  await simulator.control.transform('default', { firstToken: last, lastToken: last });

  outOfReach.hide({ node: 'node-1' });
  outOfReach.hide({ node: 'node-1' });
  expect(outOfReach.files.map(({ name }) => name)).toEqual([`${digits}_00001.events`]);
  expect(fs.readdirSync(store)).toContain(`${digits}.events`);

  outOfReach.showAll();
  await simulator.control.compact('default');
  outOfReach.hide({ node: 'node-1' });
  expect(outOfReach.files.map(({ name }) => name)).toEqual([`${digits}_00001.events`]);
  expect(fs.readdirSync(store).filter((name) => name.startsWith(digits) && name.endsWith('.events'))).toEqual([]);
});

test('a segment of snapshots of another context goes out of reach, and that of events stays', async () => {
  const simulator = await stillSimulator({ dataDir: temporaryFolder(), contexts: ['default', 'orders'] });
  const { control, clock } = simulator;
  for (const type of ['EVENT', 'SNAPSHOT'] as const) {
    await control.append('orders', { type, transactions: 1 });
    await control.roll('orders', type);
  }
  await clock.advance(10_000);
  const store = path.join(nodeOf(simulator).eventsDir, 'orders');
  const outOfReach = new OutOfReach(simulator, new SourceWatch(simulator, new ServerFiles('/')), temporaryFolder());

  outOfReach.hide({ node: 'node-1', context: 'orders', type: 'SNAPSHOT' });
  expect(outOfReach.files).toEqual([{ node: 'node-1', context: 'orders', name: '00000000000000000000.snapshots' }]);
  expect(fs.readdirSync(store)).toContain('00000000000000000000.events');
  expect(fs.readdirSync(store)).not.toContain('00000000000000000000.snapshots');
});
