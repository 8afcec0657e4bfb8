import * as fs from 'node:fs';
import path from 'node:path';
import request from 'supertest';
import { describe, expect, test } from 'vitest';
import { behaviours, serverVersions, type Simulator } from '../../../server/index.ts';
import { growSegments, nodeOf, stillSimulator, urlOf } from '../../support/simulator.ts';

const serverVersion = '2023.2';

/** The closed segments, ascending, and the cluster that has them; snapshots too. */
async function grown(): Promise<{ simulator: Simulator; closed: readonly number[]; open: number }> {
  const simulator = await stillSimulator({ serverVersion });
  const { closed, open } = await growSegments(simulator);
  expect(closed.length).toBeGreaterThanOrEqual(3);
  return { simulator, closed, open };
}

async function filenames(
  simulator: Simulator,
  query: Readonly<Record<string, string | number>> = {},
): Promise<string[]> {
  const asked = request(urlOf(simulator)).get('/v1/backup/filenames');
  const { body } = await asked.query({ type: 'EVENT', ...query }).expect(200);
  return (body as string[]).map(shortName);
}

async function eventStore(simulator: Simulator, query: Readonly<Record<string, string | number>>): Promise<string[]> {
  const asked = request(urlOf(simulator)).get('/v1/backup/eventstore');
  const { body } = await asked.query({ type: 'EVENT', ...query }).expect(200);
  return (body.filenames as string[]).map(shortName);
}

const shortName = (name: string): string => path.basename(name).replace(/^0{1,19}/, '');

const files = (segment: number, ...versions: readonly number[]): string[] =>
  versions.flatMap((version) =>
    ['bloom', 'events', 'index'].map((kind) => `${segment}${version === 0 ? '' : `_0000${version}`}.${kind}`),
  );

describe('POST /_sim/contexts/:context/transform', () => {
  test('deletes events, and answers with the version and the segments of each node', async () => {
    const simulator = await stillSimulator({ serverVersion, nodes: 2 });
    await growSegments(simulator);
    const transform = (body: object): request.Test =>
      request(urlOf(simulator, 1)).post('/_sim/contexts/default/transform').send(body);
    await transform({ firstToken: 1, lastToken: 1 }).expect(200, {
      version: 1,
      segments: { 'node-1': [0], 'node-2': [0] },
    });
    const { body } = await transform({ firstToken: 0, lastToken: 39 }).expect(200);
    expect(body.version).toBe(2);
    expect(body.segments['node-1'].length).toBeGreaterThan(3);
    for (const { eventsDir } of simulator.nodes) {
      const names = fs
        .readdirSync(path.join(eventsDir, 'default'))
        .filter((name) => /^0{20}[._](?!snapshots)/.test(name));
      expect(names.map(shortName).toSorted()).toEqual(files(0, 0, 1, 2));
    }
  });

  test.each(['{}', '{"firstToken":0}', '{"firstToken":-1,"lastToken":0}', '{"firstToken":0,"lastToken":0,"x":1}'])(
    'refuses %s',
    async (body) => {
      const simulator = await stillSimulator({ serverVersion });
      await request(urlOf(simulator)).post('/_sim/contexts/default/transform').send(body).expect(400);
    },
  );

  test('refuses tokens that are not there, and a context that is not', async () => {
    const simulator = await stillSimulator({ serverVersion });
    const body = { firstToken: 0, lastToken: 0 };
    await request(urlOf(simulator))
      .post('/_sim/contexts/default/transform')
      .send(body)
      .expect(400, /holds no events/);
    await request(urlOf(simulator)).post('/_sim/contexts/nowhere/transform').send(body).expect(404);
  });
});

describe('POST /_sim/contexts/:context/compact', () => {
  test('deletes old versions, and answers how many files each node had', async () => {
    const { simulator } = await grown();
    await simulator.control.transform('default', { firstToken: 1n, lastToken: 1n });
    const compact = (): request.Test => request(urlOf(simulator)).post('/_sim/contexts/default/compact');
    await compact()
      .send({})
      .expect(200, { deletedFiles: { 'node-1': 3 } });
    await compact().expect(200, { deletedFiles: { 'node-1': 0 } });
    expect(fs.existsSync(path.join(nodeOf(simulator).eventsDir, 'default', `${'0'.repeat(20)}.events`))).toBe(false);
  });
});

test.each(serverVersions.filter((each) => !behaviours[each].hasSegmentVersions))(
  'version %s has neither',
  async (each) => {
    const simulator = await stillSimulator({ serverVersion: each });
    await simulator.control.append('default');
    for (const [call, body] of [
      ['transform', { firstToken: 0, lastToken: 0 }],
      ['compact', {}],
    ] as const) {
      const answer = await request(urlOf(simulator)).post(`/_sim/contexts/default/${call}`).send(body).expect(409);
      expect(answer.text).toContain('This release has no versions of segments: start with --server-version 2023.2');
    }
  },
);

describe('what 2023.2 lists of transformed segments', () => {
  test('is every version on disk, each with its index and bloom filter, in the order of the paths', async () => {
    const { simulator, closed } = await grown();
    const [, second = 0] = closed;
    await simulator.control.transform('default', { firstToken: BigInt(second), lastToken: BigInt(second) });
    await simulator.control.transform('default', { firstToken: 0n, lastToken: BigInt(second) });
    const others = closed.slice(2).flatMap((segment) => files(segment, 0));
    expect(await filenames(simulator)).toEqual([...files(0, 0, 2), ...files(second, 0, 1, 2), ...others]);
  });

  test('is, below the cursor, the versions above the other cursor, with the unversioned names of their indexes', async () => {
    const { simulator, closed, open } = await grown();
    const [, second = 0] = closed;
    const last = closed.at(-1) ?? 0;
    for (const count of [1, 2]) {
      await simulator.control.transform('default', { firstToken: BigInt(second), lastToken: BigInt(second) });
      const { body } = await request(urlOf(simulator)).get('/v1/backup/filenames?type=EVENT').expect(200);
      expect(body).toHaveLength(closed.length * 3 + count * 3);
    }
    const again = [`${second}.bloom`, `${second}.index`, ...files(second, 1, 2)];
    const newer = [`${second}.bloom`, `${second}.index`, ...files(second, 2)];
    const at = (version: number | string): Promise<string[]> =>
      filenames(simulator, { lastSegmentBackedUp: last, lastVersionBackedUp: version });
    // Each call brings it again, unless the client asks with the version.
    expect(await filenames(simulator, { lastSegmentBackedUp: last })).toEqual(again);
    expect(await at('')).toEqual(again);
    expect(await at(0)).toEqual(again);
    expect(await at(1)).toEqual(newer);
    expect(await at(2)).toEqual([]);
    expect(await at(2147483647)).toEqual([]);
    expect((await at(-1)).length).toBe((closed.length + 2) * 3);
    const cursors = { lastClosedSegmentBackedUp: last, lastClosedVersionBackedUp: 1 };
    expect(await eventStore(simulator, cursors)).toEqual([`${open}.events`, ...newer]);
    expect(await eventStore(simulator, { lastClosedSegmentBackedUp: last })).toEqual([`${open}.events`, ...again]);
  });

  test('names indexes of the version that a compaction has deleted, and nothing else of it', async () => {
    const { simulator, closed } = await grown();
    const [, second = 0] = closed;
    await simulator.control.transform('default', { firstToken: BigInt(second), lastToken: BigInt(second) });
    await simulator.control.compact('default');
    const listed = (await filenames(simulator)).filter((name) => name.startsWith(`${second}.`) || name.includes('_'));
    expect(listed).toEqual([`${second}.bloom`, `${second}.index`, ...files(second, 1)]);
    const folder = path.join(nodeOf(simulator).eventsDir, 'default');
    const there = new Set(fs.readdirSync(folder).map(shortName));
    expect(listed.filter((name) => !there.has(name))).toEqual([`${second}.bloom`, `${second}.index`]);
  });

  test('is of snapshots what it was', async () => {
    const simulator = await stillSimulator({ serverVersion });
    await growSegments(simulator);
    await growSegments(simulator, { type: 'SNAPSHOT', transactions: 20 });
    const before = await filenames(simulator, { type: 'SNAPSHOT' });
    await simulator.control.transform('default', { firstToken: 0n, lastToken: 39n });
    expect(await filenames(simulator, { type: 'SNAPSHOT' })).toEqual(before);
    expect(await filenames(simulator, { type: 'SNAPSHOT', lastSegmentBackedUp: 1000 })).toEqual([]);
  });
});

test('a reset forgets all transformations', async () => {
  const { simulator } = await grown();
  await simulator.control.transform('default', { firstToken: 0n, lastToken: 0n });
  await simulator.control.reset();
  await growSegments(simulator);
  expect((await simulator.control.transform('default', { firstToken: 0n, lastToken: 0n })).version).toBe(1);
});

test('the timeline of a node is drawn as before once its segments were transformed', async () => {
  const { simulator } = await grown();
  const picture = async (): Promise<string> =>
    String((await request(urlOf(simulator)).get('/_sim/nodes/node-1/timeline.svg')).body);
  const before = await picture();
  expect(before).toContain('<svg');
  await simulator.control.transform('default', { firstToken: 0n, lastToken: 0n });
  await simulator.control.compact('default');
  expect(await picture()).toBe(before);
});
