import * as fs from 'node:fs';
import path from 'node:path';
import request from 'supertest';
import { describe, expect, test } from 'vitest';
import type { SimulatorOptions } from '../../../server/index.ts';
import { growSegments, nodeOf, stillSimulator, urlOf } from '../../support/simulator.ts';

/** The names of one node's files, in its own words. */
async function namesOf(options: SimulatorOptions): Promise<{
  readonly zip: string;
  readonly events: readonly string[];
  readonly snapshots: readonly string[];
  readonly log: readonly string[];
  readonly pathMap: string;
}> {
  const simulator = await stillSimulator({ serverRoot: '/axonserver', ...options });
  await growSegments(simulator, { type: 'SNAPSHOT', transactions: 20 });
  await growSegments(simulator);
  const ask = request(urlOf(simulator));
  const api = '/v1/backup';
  const names = {
    zip: (await ask.post(`${api}/createControlDbBackup`).expect(200)).text,
    events: (await ask.get(`${api}/filenames?type=EVENT&context=default`).expect(200)).body,
    snapshots: (await ask.get(`${api}/filenames?type=SNAPSHOT&context=default`).expect(200)).body,
    log: (await ask.get(`${api}/log/filenames?context=default`).expect(200)).body,
    pathMap: nodeOf(simulator).pathMap ?? '',
  };
  // While they are there.
  for (const file of [names.zip, ...names.events, ...names.snapshots, ...names.log]) {
    expect(fs.existsSync(file), file).toBe(false);
    expect(fs.existsSync(localPathOf(names.pathMap, file)), file).toBe(true);
  }
  return names;
}

/** As a client is to do it: normalise, and then the first line of the map that fits. */
function localPathOf(pathMap: string, name: string): string {
  const plain = path.posix.normalize(name);
  for (const line of pathMap.split('\n')) {
    const [server = '', local = ''] = line.split(/=(.*)/s);
    if (plain.startsWith(`${server}/`)) return local + plain.slice(server.length);
  }
  return plain;
}

const foldersOf = (names: readonly string[]): readonly string[] => [
  ...new Set(names.map((name) => path.dirname(name))),
];

describe('a server that names its files by its own data folder', () => {
  test('has the layout of its images: events, log, data, and the zip beside them', async () => {
    const { zip, events, snapshots, log, pathMap } = await namesOf({});
    expect(zip).toMatch(/^\/axonserver\/controldb\d+\.zip$/);
    expect(foldersOf(events)).toEqual(['/axonserver/events/default']);
    expect(foldersOf(snapshots)).toEqual(['/axonserver/events/default']);
    expect(foldersOf(log)).toEqual(['/axonserver/log/default']);
    expect(pathMap.split('\n').map((line) => line.split('=')[0])).toEqual([
      '/axonserver/events',
      '/axonserver/data',
      '/axonserver/log',
      '/axonserver',
    ]);
  });

  test('spells them as its version does, with /./ in them too', async () => {
    const { zip, events, log } = await namesOf({ serverVersion: '2023.2' });
    expect(zip).toMatch(/^\/axonserver\/\.\/controldb\d+\.zip$/);
    expect([...new Set(events.map((name) => name.slice(0, name.lastIndexOf('/'))))]).toEqual([
      '/axonserver/./events/default',
    ]);
    expect(foldersOf(log)).toEqual(['/axonserver/log/default']);
  });

  test('keeps them at five places that have no beginning in common, where it is told to', async () => {
    const { snapshots, pathMap } = await namesOf({ mountsApart: true });
    expect(foldersOf(snapshots)).toEqual(['/axonserver/snapshots/default']);
    const mounts = pathMap.split('\n').map((line) => line.split('='));
    expect(mounts.map(([server]) => server)).toEqual([
      '/axonserver/snapshots',
      '/axonserver/events',
      '/axonserver/data',
      '/axonserver/log',
      '/axonserver',
    ]);
    const beginnings = mounts.map(([server = '', local = '']) => local.slice(0, -server.length));
    expect(new Set(beginnings).size).toBe(5);
  });

  test.each(['axonserver', '/axonserver/', '/', '/a/../b', '/a b', '/a=b', ''])(
    'a data folder that could not be one is refused: "%s"',
    async (serverRoot) => {
      await expect(stillSimulator({ serverRoot })).rejects.toThrow('write an absolute path');
    },
  );
});
