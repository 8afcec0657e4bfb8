import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ServerFiles } from '../../../conformance/journal/recording/server-files.ts';
import { SourceWatch } from '../../../conformance/journal/recording/source-watch.ts';
import type { Node, Simulator } from '../../../server/index.ts';
import { nodeOf, stillSimulator } from '../../support/simulator.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

interface Watched {
  readonly simulator: Simulator;
  readonly node: Node;
  readonly logFolder: string;
  readonly eventFolder: string;
  readonly watch: SourceWatch;
}

/** A node of a release with index files of logs, with some closed segments of each kind, that is watched from now on. */
async function watched(nodes = 1): Promise<Watched> {
  const folder = temporaryFolder();
  const simulator = await stillSimulator({ serverVersion: '4.5', logSegmentSizeBytes: 2048, dataDir: folder, nodes });
  await simulator.control.append('default', { transactions: 40 });
  await simulator.clock.advance(60_000);
  const watch = new SourceWatch(simulator, new ServerFiles(folder));
  watch.begin();
  const node = nodeOf(simulator);
  return { simulator, node, logFolder: `${node.logDir}/default`, eventFolder: `${node.eventsDir}/default`, watch };
}

const FIRST_LOG = '00000000000000000001.log';

/** The file that is being written: the last one of its kind. */
function openFileIn(folder: string, suffix: string): string {
  return (
    fs
      .readdirSync(folder)
      .filter((name) => name.endsWith(suffix))
      .toSorted()
      .at(-1) ?? ''
  );
}

/** Writes over bytes in the middle of a file and leaves its length as it is. */
function overwrite(file: string, position: number): void {
  const fd = fs.openSync(file, 'r+');
  fs.writeSync(fd, Buffer.from('oops'), 0, 4, position);
  fs.closeSync(fd);
}

/** Everything that the server itself does to its files while clients are at work. */
async function liveOn({ control, clock }: Simulator): Promise<void> {
  await control.append('default', { transactions: 40 });
  await control.append('default', { transactions: 3, type: 'SNAPSHOT' });
  await control.roll('default', 'SNAPSHOT');
  await control.cleanLog('node-1', 'default');
  await control.crash('node-1');
  await clock.advance(60_000);
  await control.start('node-1');
  await control.append('default', { transactions: 4 });
  await control.stop('node-1');
  await control.start('node-1');
  await control.append('default', { transactions: 4 });
}

describe('the folders of a server', () => {
  test('change by what the server does, and nothing of that is held against the client', async () => {
    const { simulator, node, watch } = await watched(3);
    const before = fs.readdirSync(node.logDir, { recursive: true });
    await fetch(`${node.url}/v1/backup/createControlDbBackup`, { method: 'POST' });
    await liveOn(simulator);
    expect(fs.readdirSync(node.logDir, { recursive: true })).not.toEqual(before);
    expect(watch.damage()).toEqual([]);
    await simulator.control.crash('node-2');
    expect(watch.damage()).toEqual([]);
  });

  test('may be read, and their files linked to', async () => {
    const { node, eventFolder, watch } = await watched();
    const elsewhere = temporaryFolder();
    const [first = ''] = fs.readdirSync(eventFolder);
    fs.linkSync(`${eventFolder}/${first}`, `${elsewhere}/${first}`);
    fs.cpSync(node.dataDir, `${elsewhere}/copy`, { recursive: true });
    expect(watch.damage()).toEqual([]);
  });

  // A client that cut short or wrote over files which the server goes on writing was passed, since these were not looked at.
  test('have log segments that must not be cut short', async () => {
    const { logFolder, watch } = await watched();
    fs.truncateSync(`${logFolder}/${FIRST_LOG}`, 100);
    expect(watch.damage()).toEqual([`node-1/log/default/${FIRST_LOG} was changed`]);
  });

  test.each([
    ['logFolder', '.log', 'log'],
    ['eventFolder', '.events', 'events'],
  ] as const)(
    'have files that are being written, in %s, of which no byte must change',
    async (folder, suffix, name) => {
      const { [folder]: inside, watch } = await watched();
      const file = openFileIn(inside, suffix);
      overwrite(path.join(inside, file), 20);
      expect(watch.damage()).toEqual([`node-1/${name}/default/${file} was changed`]);
    },
  );

  test('have files that are being written, behind whose last record nothing must stand', async () => {
    const { eventFolder, watch } = await watched();
    const file = openFileIn(eventFolder, '.events');
    overwrite(path.join(eventFolder, file), 2040);
    expect(watch.damage()).toEqual([`node-1/events/default/${file} was changed`]);
  });

  test('have a zip that must stay as it was made during the run', async () => {
    const { node, watch } = await watched();
    const answer = await fetch(`${node.url}/v1/backup/createControlDbBackup`, { method: 'POST' });
    const zip = await answer.text();
    fs.truncateSync(zip, 10);
    expect(watch.damage()).toEqual([`node-1/controldb-backup/${path.basename(zip)} was changed`]);
  });

  test('must get no file and no folder of anybody else’s, wherever that is', async () => {
    const { node, watch } = await watched();
    fs.writeFileSync(`${node.dataDir}/lockfile`, '');
    fs.mkdirSync(`${node.logDir}/default/.staging`);
    const told = ['node-1/lockfile was put there', 'node-1/log/default/.staging was put there'];
    expect(watch.damage().toSorted()).toEqual(told);
  });

  test('may get files from a scenario, under any spelling of their paths', async () => {
    const { node, watch } = await watched();
    const file = '00000000000000000000.unheard-of';
    watch.place(`${node.eventsDir}/./default/${file}`, 'of a later release');
    expect(watch.damage()).toEqual([]);
    fs.truncateSync(`${node.eventsDir}/default/${file}`, 3);
    expect(watch.damage()).toEqual([`node-1/events/default/${file} was changed`]);
  });

  test('must keep their permissions, and get back what was taken away, so that the server can go on', async () => {
    const { eventFolder, watch } = await watched();
    const [folder, file] = [eventFolder, `${eventFolder}/00000000000000000000.events`];
    const before = [folder, file].map((entry) => fs.statSync(entry).mode);
    fs.chmodSync(file, 0o400);
    fs.chmodSync(folder, 0o500);
    expect(watch.damage()).toEqual([
      'node-1/events/default has other permissions or another owner',
      'node-1/events/default/00000000000000000000.events has other permissions or another owner',
    ]);
    expect([folder, file].map((entry) => fs.statSync(entry).mode)).toEqual(before);
  });

  // Which log segments are old enough to be cleaned is told by that time.
  test('must keep the times of modification of their files', async () => {
    const { logFolder, watch } = await watched();
    fs.utimesSync(`${logFolder}/${FIRST_LOG}`, new Date(), new Date());
    expect(watch.damage()).toEqual([`node-1/log/default/${FIRST_LOG} has another time of modification`]);
  });

  test('must not go, and of a folder that is gone only the folder is missed', async () => {
    const { node, watch } = await watched(3);
    fs.rmSync(node.controlDbDir, { recursive: true });
    expect(watch.damage()).toEqual(['node-1/controldb is gone']);
  });

  test('are told of once: what a run has done is not the next one’s', async () => {
    const { simulator, logFolder, watch } = await watched();
    fs.truncateSync(`${logFolder}/${FIRST_LOG}`, 100);
    expect(watch.damage()).toHaveLength(1);
    await simulator.control.append('default', { transactions: 4 });
    watch.begin();
    expect(watch.damage()).toEqual([]);
  });
});

describe('the index files of a log', () => {
  test('come and go with the segments without being held against the client', async () => {
    const { simulator, logFolder, watch } = await watched();
    const before = fs.readdirSync(logFolder);
    const removed = await simulator.control.cleanLog('node-1', 'default');
    expect(removed.length).toBeGreaterThan(1);
    await simulator.control.append('default', { transactions: 40 });
    await simulator.clock.advance(60_000);
    expect(fs.readdirSync(logFolder).some((name) => name.endsWith('.index') && !before.includes(name))).toBe(true);
    expect(watch.damage()).toEqual([]);
  });

  test('are missed where nothing was cleaned', async () => {
    const { logFolder, watch } = await watched();
    fs.rmSync(`${logFolder}/00000000000000000001.index`);
    expect(watch.damage()).toEqual(['node-1/log/default/00000000000000000001.index is gone']);
  });
});
