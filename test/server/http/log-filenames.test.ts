import * as fs from 'node:fs';
import path from 'node:path';
import request from 'supertest';
import { describe, expect, test } from 'vitest';
import type { Simulator } from '../../../server/index.ts';
import { nodeOf, stillSimulator, urlOf } from '../../support/simulator.ts';

async function listLog(simulator: Simulator, context?: string, place = 0): Promise<string[]> {
  const query = context === undefined ? {} : { context };
  const answer = await request(urlOf(simulator, place)).get('/v1/backup/log/filenames').query(query).expect(200);
  expect(answer.headers['content-type']).toBe('application/json');
  return answer.body;
}

/** `00000000000000000101.log` → `101.log`. */
function shortened(name: string): string {
  return path.basename(name).replace(/^0+/, '');
}

/** What is listed of `default`, whatever the spelling of paths and content types. */
async function listLogOf(simulator: Simulator): Promise<string[]> {
  const answer = await request(urlOf(simulator)).get('/v1/backup/log/filenames').expect(200);
  const names = answer.body as string[];
  for (const name of names) expect(fs.statSync(name).isFile()).toBe(true);
  return names.map(shortened);
}

/** First indexes of the listed segments. */
function indexesOf(names: readonly string[]): number[] {
  return names.map((name) => Number(path.basename(name, '.log')));
}

/** A log of a good many small segments, all applied and more than an hour old. */
async function grownLog(contexts: readonly string[] = ['default']): Promise<Simulator> {
  const simulator = await stillSimulator({ contexts, logSegmentSizeBytes: 2048 });
  await simulator.control.append('default', { transactions: 40 });
  await simulator.clock.advance(5000);
  return simulator;
}

describe('GET /v1/backup/log/filenames', () => {
  test('a young group has one file, the segment that is being written', async () => {
    const simulator = await stillSimulator();
    expect(await listLog(simulator)).toEqual([`${nodeOf(simulator).logDir}/default/00000000000000000001.log`]);
  });

  test('lists every segment in ascending order, the current one last', async () => {
    const simulator = await grownLog();
    const names = await listLog(simulator, 'default');
    const folder = `${nodeOf(simulator).logDir}/default`;
    expect(names.length).toBeGreaterThan(3);
    expect(names).toEqual(
      fs
        .readdirSync(folder)
        .toSorted()
        .map((name) => path.join(folder, name)),
    );
    const { firstIndex, lastIndex } = simulator.state().nodes[0]?.groups['default'] ?? {};
    expect(indexesOf(names)[0]).toBe(firstIndex);
    expect(indexesOf(names).at(-1)).toBeLessThanOrEqual(lastIndex ?? 0);
  });

  test('every listed file exists and the name is absolute', async () => {
    const simulator = await grownLog();
    for (const name of await listLog(simulator)) {
      expect(path.isAbsolute(name)).toBe(true);
      expect(fs.statSync(name).isFile()).toBe(true);
    }
  });

  test('without a name, or with an empty one, it is the group `default`', async () => {
    const simulator = await grownLog(['orders', 'default']);
    expect(await listLog(simulator)).toEqual(await listLog(simulator, 'default'));
    expect(await listLog(simulator, '')).toEqual(await listLog(simulator, 'default'));
  });

  test('each group has a folder of its own, _admin among them', async () => {
    const simulator = await stillSimulator({ contexts: ['default', 'order management & co', 'été'] });
    for (const group of ['_admin', 'default', 'order management & co', 'été']) {
      const names = await listLog(simulator, group);
      expect(names).toEqual([`${nodeOf(simulator).logDir}/${group}/00000000000000000001.log`]);
    }
  });

  test('each node lists its own files', async () => {
    const simulator = await stillSimulator({ nodes: 3 });
    for (const place of [0, 1, 2]) {
      expect(await listLog(simulator, 'default', place)).toEqual([
        `${nodeOf(simulator, place).logDir}/default/00000000000000000001.log`,
      ]);
    }
  });

  test('the parameters of the other listings mean nothing to it', async () => {
    const simulator = await grownLog();
    const answer = await request(urlOf(simulator))
      .get('/v1/backup/log/filenames?type=foo&lastSegmentBackedUp=abc&targetContext=x')
      .expect(200);
    expect(answer.body).toEqual(await listLog(simulator));
  });

  test('a group that the node does not know is a failure of the framework, with status 500', async () => {
    const simulator = await stillSimulator();
    const answer = await request(urlOf(simulator)).get('/v1/backup/log/filenames?context=nowhere');
    expect(answer.status).toBe(500);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.headers).not.toHaveProperty('axoniq-errorcode');
    expect(answer.body).toMatchObject({
      status: 500,
      error: 'Internal Server Error',
      message: 'This node has no log of a replication group "nowhere"',
      path: '/v1/backup/log/filenames',
    });
  });
});

describe('the log of a release with index files', () => {
  test.each(['4.2', '4.5'] as const)(
    '%s lists closed segments alone, newest first, each with its index',
    async (version) => {
      const simulator = await stillSimulator({ serverVersion: version, logSegmentSizeBytes: 2048 });
      await simulator.control.append('default', { transactions: 40 });
      expect(await listLogOf(simulator)).toEqual([]);
      await simulator.clock.advance(1000);
      expect(await listLogOf(simulator)).toEqual(['1.log', '1.index']);
      await simulator.clock.advance(60_000);
      const names = await listLogOf(simulator);
      const numbers = names.map((name) => Number.parseInt(name, 10));
      expect(names.length).toBeGreaterThan(6);
      expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
      expect(names.map((name) => path.extname(name))).toEqual(numbers.map((_, place) => ['.log', '.index'][place % 2]));
      const there = fs.readdirSync(`${nodeOf(simulator).logDir}/default`).map(shortened);
      // All but the current segment, which has no index.
      expect(there).toHaveLength(names.length + 1);
      expect(there).toEqual(expect.arrayContaining(names));
    },
  );

  test('begins in later ones with the current segment, and has no index', async () => {
    const simulator = await stillSimulator({ serverVersion: '4.6', logSegmentSizeBytes: 2048 });
    await simulator.control.append('default', { transactions: 40 });
    const names = await listLogOf(simulator);
    expect(names.length).toBeGreaterThan(3);
    expect(
      fs
        .readdirSync(`${nodeOf(simulator).logDir}/default`)
        .map(shortened)
        .toReversed(),
    ).toEqual(names);
  });
});

describe('a log that is cleaned', () => {
  test('loses its oldest segments and keeps the one that holds the applied index, and the current one', async () => {
    const simulator = await grownLog();
    const before = await listLog(simulator);
    const removed = await simulator.control.cleanLog('node-1', 'default');
    const after = await listLog(simulator);
    expect(removed.length).toBeGreaterThan(0);
    expect(indexesOf(after)).toEqual(indexesOf(before).filter((index) => !removed.includes(index)));
    expect(after.length).toBeGreaterThanOrEqual(2);
    for (const name of before) expect(fs.existsSync(name)).toBe(after.includes(name));
  });

  test('is cleaned once an hour by itself, and a control database backup puts that off', async () => {
    const simulator = await grownLog();
    const before = await listLog(simulator);
    await simulator.clock.advance(50 * 60_000);
    await request(urlOf(simulator)).post('/v1/backup/createControlDbBackup').expect(200);
    await simulator.clock.advance(59 * 60_000);
    expect(await listLog(simulator)).toEqual(before);
    await simulator.clock.advance(60_000);
    expect((await listLog(simulator)).length).toBeLessThan(before.length);
  });

  test('of one group leaves the others alone', async () => {
    const simulator = await grownLog(['default', 'orders']);
    await simulator.control.append('orders', { transactions: 40 });
    const before = await listLog(simulator, 'orders');
    await simulator.control.cleanLog('node-1', 'default');
    expect(await listLog(simulator, 'orders')).toEqual(before);
  });
});
