import * as fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { resolveOptions } from '../../server/config.ts';
import { decodeControlDbArchive } from '../../server/formats/control-db-archive.ts';
import { versionsOf, type SimulatorOptions } from '../../server/index.ts';
import { readControlDb } from '../../server/restored-node.ts';
import { nodeOf, stillSimulator } from '../support/simulator.ts';

describe('the standard edition', () => {
  test('is one node with the context default, and publishes no groups and no roles', async () => {
    const simulator = await stillSimulator({ edition: 'standard', nodes: 1 });
    expect(simulator.nodes.map(({ roles }) => roles)).toEqual([{}]);
    expect(simulator.groups).toEqual([]);
    expect(resolveOptions({ edition: 'standard' }, null)).toMatchObject({ nodes: 1, contexts: ['default'] });
  });

  test.each<[SimulatorOptions, RegExp]>([
    [{ nodes: 3 }, /the standard edition has no cluster of 3 nodes/],
    [{ contexts: ['orders'] }, /the standard edition has no contexts orders/],
    [{ groups: [{ name: 'default', contexts: ['default'] }] }, /the standard edition has no replication groups/],
  ])('has none of what a cluster has: %j', (options, complaint) => {
    expect(() => resolveOptions({ edition: 'standard', ...options }, null)).toThrow(complaint);
  });

  test('an edition that there is not is refused, with those that there are', () => {
    const options = { edition: 'platinum' } as unknown as SimulatorOptions;
    expect(() => resolveOptions(options, null)).toThrow(/no edition "platinum"; there are enterprise, standard/);
  });

  test.each(versionsOf('standard'))(
    '%s: POST is at the root path; logs, contexts and groups are not to be had',
    async (serverVersion) => {
      const { url } = nodeOf(await stillSimulator({ edition: 'standard', serverVersion }));
      const statusOf = async (method: string, path: string): Promise<number> =>
        (await fetch(url + path, { method })).status;
      expect(await statusOf('POST', '/createControlDbBackup')).toBe(200);
      expect(await statusOf('POST', '/v1/backup/createControlDbBackup')).toBe(404);
      for (const path of ['/v1/backup/log/filenames', '/v1/public/context', '/v1/public/replicationgroups']) {
        expect([path, await statusOf('GET', path)]).toEqual([path, 404]);
      }
    },
  );
});

test('a backup of the control database of the standard edition knows of no groups and contexts, one of a member does', async () => {
  const groupsIn = async (options: SimulatorOptions, path: string) => {
    const { url } = nodeOf(await stillSimulator({ ...options, nodes: 1 }));
    const file = await (await fetch(url + path, { method: 'POST' })).text();
    const { groups, configuration } = await readControlDb(decodeControlDbArchive(fs.readFileSync(file)));
    return [...groups.map(({ group }) => group), ...configuration.contexts];
  };
  expect(await groupsIn({ edition: 'standard' }, '/createControlDbBackup')).toEqual([]);
  expect(await groupsIn({}, '/v1/backup/createControlDbBackup')).toEqual(['_admin', 'default', 'default']);
});
