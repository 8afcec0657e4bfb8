import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { startSimulator, type Simulator } from '../../server/index.ts';
import { resolveOptions } from '../../server/config.ts';
import { parseClusterFile } from '../../server/options/cluster-file.ts';
import { nodeOf } from '../support/simulator.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const clusterFile = `
nodes: [Axon Server 1, Knoten Süd & Nord, "100% #3"]
snapshotStorage: snap shots
groups:
  - name: default
    contexts: [default]
    members: [{ node: Axon Server 1 }, { node: Knoten Süd & Nord, role: PASSIVE_BACKUP }, { node: "100% #3" }]
nodeSegmentSizes: { Knoten Süd & Nord: 4KiB }
`;

async function listed(url: string, type: string): Promise<readonly string[]> {
  const answer = await fetch(`${url}/v1/backup/eventstore?targetContext=default&type=${type}`);
  return ((await answer.json()) as { readonly filenames: readonly string[] }).filenames;
}

function begin(dataDir: string, options = {}): Promise<Simulator> {
  return startSimulator({ port: 0, speed: 0, rate: 0, segmentSizeBytes: 2048, dataDir, ...options });
}

describe('nodes with names of their own, and two roots for their stores', () => {
  test('have their files where they are listed, and go on with them without being told again', async () => {
    const dataDir = temporaryFolder();
    const first = await begin(dataDir, parseClusterFile(clusterFile, 'cluster.yaml'));
    await first.control.append('default', { transactions: 30 });
    await first.control.append('default', { transactions: 30, type: 'SNAPSHOT' });
    await first.clock.advance(60_000);
    expect(first.nodes.map(({ name }) => name)).toEqual(['Axon Server 1', 'Knoten Süd & Nord', '100% #3']);
    for (const { name, url, dataDir: folder, eventsDir, snapshotsDir } of first.nodes) {
      expect(folder).toBe(path.join(dataDir, name));
      expect([eventsDir, snapshotsDir]).toEqual([`${folder}/events`, `${folder}/snap shots`]);
      for (const [type, root = ''] of [['EVENT', eventsDir] as const, ['SNAPSHOT', snapshotsDir] as const]) {
        const files = await listed(url, type);
        expect(files.length).toBeGreaterThan(3);
        expect(new Set(files.map((file) => path.dirname(file)))).toEqual(new Set([path.join(root, 'default')]));
        expect(files.filter((file) => !fs.existsSync(file))).toEqual([]);
      }
    }
    const stores = first.state().nodes.map(({ contexts }) => contexts);
    await first.close();

    const second = await begin(dataDir);
    expect(second.nodes.map(({ name, snapshotsDir }) => [name, path.basename(snapshotsDir ?? '')])).toEqual(
      first.nodes.map(({ name }) => [name, 'snap shots']),
    );
    const nextTokens = (contexts: (typeof stores)[number]) =>
      Object.values(contexts).map(({ EVENT, SNAPSHOT }) => [EVENT.nextToken, SNAPSHOT.nextToken]);
    expect(second.state().nodes.map(({ contexts }) => nextTokens(contexts))).toEqual(stores.map(nextTokens));
    await second.close();

    await expect(begin(dataDir, { snapshotStorage: 'events' })).rejects.toThrow(/has its snapshots in snap shots/);
    await expect(begin(dataDir, { nodes: ['a', 'b', 'c'] })).rejects.toThrow(/nodes called Axon Server 1, Knoten/);
    const counted = await begin(dataDir, { nodes: 3 });
    expect(counted.nodes[0]?.name).toBe('Axon Server 1');
    await counted.close();
  });

  test('are called so in what they tell, in the control API and on the live page', async () => {
    const simulator = await begin(temporaryFolder(), parseClusterFile(clusterFile, 'cluster.yaml'));
    const [one, two] = [nodeOf(simulator, 0), nodeOf(simulator, 1)];
    const me = (await (await fetch(`${two.url}/v1/public/me`)).json()) as Record<string, unknown>;
    expect(me).toMatchObject({ name: 'Knoten Süd & Nord', internalHostName: 'Knoten-Su-d-Nord' });
    const control = `${one.url}/_sim/nodes/${encodeURIComponent(two.name)}`;
    expect((await fetch(`${control}/stop`, { method: 'POST' })).status).toBe(200);
    expect(simulator.state().nodes.map(({ state }) => state)).toEqual(['running', 'stopped', 'running']);
    const archive = await fetch(`${control}/archive.tar`);
    expect(archive.headers.get('content-disposition')).toBe(
      "attachment; filename*=UTF-8''Knoten%20S%C3%BCd%20%26%20Nord.tar",
    );
    expect(Buffer.from(await archive.arrayBuffer()).includes('AxonIQ.pid')).toBe(false);
    expect((await fetch(`${control}/timeline.svg`)).status).toBe(200);
    const page = await (await fetch(`${two.url}/`)).text();
    expect(page).toContain('content="Knoten Süd &amp; Nord"');
    expect(page).toContain('/_sim/nodes/Knoten%20S%C3%BCd%20%26%20Nord/timeline.svg');
    const zip = await (await fetch(`${one.url}/v1/backup/createControlDbBackup`, { method: 'POST' })).text();
    expect(fs.existsSync(zip)).toBe(true);
    await simulator.close();
  });

  test.each<[object, RegExp]>([
    [{ nodes: [] }, /nodes 0: a whole number from 1 to 64/],
    [{ nodes: [''] }, /a node name has 1 to 100 characters/],
    [{ nodes: ['a/b'] }, /"a\/b" holds a character that no folder name should/],
    [{ nodes: ['..'] }, /begins or ends with a dot/],
    [{ nodes: [' a'] }, /begins or ends with a dot or a space/],
    [{ nodes: ['a\nb'] }, /holds a character/],
    [{ nodes: ['a', 'A'] }, /node "A" is named twice, or its folder could not be told/],
    [{ nodes: ['Süd', 'Su\u0308d'] }, /is named twice/],
    [{ nodes: ['Simulator'] }, /the folder of that name is the simulator's own/],
    [{ snapshotStorage: '' }, /the name of a folder is wanted/],
    [{ snapshotStorage: '../elsewhere' }, /the name of a folder is wanted/],
    [{ snapshotStorage: '/snapshots' }, /the name of a folder is wanted/],
    [{ snapshotStorage: 'log' }, /the node keeps something else there/],
    [{ snapshotStorage: 'ControlDB' }, /the node keeps something else there/],
  ])('%j is refused in one line', (options, complaint) => {
    expect(() => resolveOptions(options, null)).toThrow(complaint);
  });

  test('are refused by a cluster file with the line that is wrong', () => {
    const bad = clusterFile.replace('snap shots', 'log');
    expect(() => parseClusterFile(bad, 'cluster.yaml')).toThrow(/^cluster\.yaml:3: snapshotStorage: .*something else/);
    const double = clusterFile.replace('"100% #3"]', 'axon server 1]');
    expect(() => parseClusterFile(double, 'cluster.yaml')).toThrow(/^cluster\.yaml:2: nodes: .*named twice/);
  });
});
