import * as fs from 'node:fs';
import path from 'node:path';
import request from 'supertest';
import { describe, expect, test } from 'vitest';
import { decodeControlDbArchive } from '../../../server/formats/control-db-archive.ts';
import type { Simulator } from '../../../server/index.ts';
import { ControlDb, loadSqlEngine } from '../../../server/stores/control-db.ts';
import { sendRaw } from '../../support/raw-http.ts';
import { nodeOf, stillSimulator, urlOf } from '../../support/simulator.ts';

const POST = '/v1/backup/createControlDbBackup';
const HOUR_MS = 60 * 60 * 1000;

/** When each node cleans the log of `default` next, as minutes from now. */
function minutesToCleaning(simulator: Simulator, group = 'default'): number[] {
  const { now, nodes } = simulator.state();
  return nodes.map((node) => (Date.parse(node.groups[group]?.nextCleaning ?? '') - Date.parse(now)) / 60_000);
}

/** Puts a file where the node would create the folder of its backups. */
function blockBackupFolder(simulator: Simulator): string {
  const folder = path.join(nodeOf(simulator).dataDir, 'controldb-backup');
  fs.writeFileSync(folder, 'in the way');
  return folder;
}

describe('POST createControlDbBackup', () => {
  test.each([POST, '/createControlDbBackup'])(
    '%s answers with the absolute path of a new zip, as bare text',
    async (url) => {
      const simulator = await stillSimulator();
      const answer = await request(urlOf(simulator)).post(url).expect(200);
      expect(answer.headers['content-type']).toBe('text/plain;charset=UTF-8');
      expect(answer.text).toBe(`${nodeOf(simulator).dataDir}/controldb-backup/controldb${simulator.clock.nowMs}.zip`);
      expect(fs.statSync(answer.text).isFile()).toBe(true);
    },
  );

  test('the zip has one entry, a control database with the pointers of every group', async () => {
    const simulator = await stillSimulator({ contexts: ['default', 'orders'] });
    await simulator.control.append('orders', { transactions: 7 });
    await simulator.clock.advance(5000);
    const { text } = await request(urlOf(simulator)).post(POST);
    const image = decodeControlDbArchive(fs.readFileSync(text));
    const controlDb = ControlDb.open(await loadSqlEngine(), image);
    const pointers = controlDb.readPointers();
    const applied = controlDb.replicationGroups().map(({ id, name }) => [name, pointers.get(id)?.lastAppliedIndex]);
    const groups = simulator.state().nodes[0]?.groups ?? {};
    expect(Object.fromEntries(applied)).toEqual(
      Object.fromEntries(Object.entries(groups).map(([name, { appliedIndex }]) => [name, appliedIndex])),
    );
    expect(controlDb.contexts().map(({ name }) => name)).toEqual(expect.arrayContaining(['default', 'orders']));
    controlDb.close();
  });

  test.each([
    ['application/json', 'application/json'],
    ['application/json, text/plain, */*', 'application/json'],
    ['text/html', 'text/html;charset=UTF-8'],
    ['text/*', 'text/plain;charset=UTF-8'],
    ['*/*', 'text/plain;charset=UTF-8'],
    ['application/octet-stream', 'application/octet-stream;charset=UTF-8'],
  ])('for who accepts %s it is the same unquoted text, called %s', async (accept, type) => {
    const simulator = await stillSimulator();
    const answer = await fetch(urlOf(simulator) + POST, { method: 'POST', headers: { accept } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(fs.existsSync(await answer.text())).toBe(true);
  });

  test.each([
    ['Content-Type: application/json\nContent-Length: 0', ''],
    ['Content-Type: application/json\nContent-Length: 4', '{"a"'],
    ['Content-Type: application/x-www-form-urlencoded\nContent-Length: 3', 'a=b'],
    ['Content-Type: nonsense\nContent-Length: 3', 'abc'],
    ['Content-Length: 3', 'abc'],
    ['Transfer-Encoding: chunked', '3\r\nabc\r\n0\r\n\r\n'],
  ])('neither a body nor what it is said to be matters: %s', async (headers, body) => {
    const answer = await sendRaw(urlOf(await stillSimulator()), `POST ${POST} HTTP/1.1\n${headers}`, body);
    expect(answer).toMatchObject({ status: 200 });
  });

  test('two calls in one millisecond share a name, the next millisecond has another', async () => {
    const simulator = await stillSimulator();
    const first = await request(urlOf(simulator)).post(POST);
    const second = await request(urlOf(simulator)).post(POST);
    await simulator.clock.advance(1);
    const third = await request(urlOf(simulator)).post(POST);
    expect(second.text).toBe(first.text);
    expect(third.text).not.toBe(first.text);
    expect(fs.readdirSync(path.dirname(first.text)).toSorted()).toEqual(
      [first.text, third.text].map((file) => path.basename(file)),
    );
  });

  test('each node writes into a folder of its own', async () => {
    const simulator = await stillSimulator({ nodes: 3 });
    const answers = await Promise.all(simulator.nodes.map(({ url }) => request(url).post(POST)));
    expect(answers.map(({ text }) => path.dirname(path.dirname(text)))).toEqual(
      simulator.nodes.map(({ dataDir }) => dataDir),
    );
  });
});

describe('what it does to log cleaning', () => {
  test('cleaning rests for an hour in every group, on that node alone', async () => {
    const simulator = await stillSimulator({ nodes: 3 });
    await simulator.clock.advance(20 * 60_000);
    expect(minutesToCleaning(simulator)).toEqual([40, 40, 40]);
    await request(urlOf(simulator, 1)).post(POST).expect(200);
    expect(minutesToCleaning(simulator)).toEqual([40, 60, 40]);
    expect(minutesToCleaning(simulator, '_admin')).toEqual([40, 60, 40]);
  });

  test('who calls more often than hourly keeps the log from ever being cleaned', async () => {
    const simulator = await stillSimulator();
    for (let call = 0; call < 6; call++) {
      await simulator.clock.advance(59 * 60_000);
      await request(urlOf(simulator)).post(POST).expect(200);
      expect(minutesToCleaning(simulator)).toEqual([60]);
    }
    await simulator.clock.advance(HOUR_MS);
    expect(minutesToCleaning(simulator)).toEqual([60]);
  });

  test('the listings leave it as it is', async () => {
    const simulator = await stillSimulator();
    await simulator.clock.advance(20 * 60_000);
    await request(urlOf(simulator)).get('/v1/backup/log/filenames').expect(200);
    await request(urlOf(simulator)).get('/v1/backup/eventstore?type=EVENT').expect(200);
    expect(minutesToCleaning(simulator)).toEqual([40]);
  });
});

describe('where the data folder is full', () => {
  /** So much more than an empty cluster takes, and what such a cluster has asked of it until it is full. */
  async function fillWithZips(): Promise<{
    readonly simulator: Simulator;
    readonly zips: number;
    readonly limit: number;
  }> {
    const limit = (await stillSimulator()).state().disk.usedBytes + 50_000;
    const simulator = await stillSimulator({ maxDiskBytes: limit });
    for (let zips = 0; zips < 100; zips++) {
      await simulator.clock.advance(1);
      const { status } = await request(urlOf(simulator)).post(POST);
      if (status !== 200) return { simulator, zips, limit };
    }
    throw new Error('it never was full');
  }

  // Nobody removes a zip: who asked again and again filled the disk, whatever --max-disk said.
  test('zips count, and past the limit of --max-disk the answer is 507, and no zip is there', async () => {
    const { simulator, zips, limit } = await fillWithZips();
    const { usedBytes } = simulator.state().disk;
    expect(usedBytes).toBeGreaterThanOrEqual(limit);
    expect(usedBytes).toBeLessThan(limit + 10_000);
    const answer = await request(urlOf(simulator)).post(POST);
    expect([answer.status, answer.body.message]).toEqual([
      507,
      `The data folder has reached the limit of ${limit} bytes: the control database was not backed up; start with a higher --max-disk`,
    ]);
    expect(zips).toBeGreaterThan(5);
    expect(fs.readdirSync(path.join(nodeOf(simulator).dataDir, 'controldb-backup'))).toHaveLength(zips);
    expect(simulator.state().disk.usedBytes).toBe(usedBytes);
  });

  test('cleaning is postponed all the same, lists go on, and after a reset there is room again', async () => {
    const { simulator } = await fillWithZips();
    await simulator.clock.advance(20 * 60_000);
    await request(urlOf(simulator)).post(POST).expect(507);
    expect(minutesToCleaning(simulator)).toEqual([60]);
    await request(urlOf(simulator)).get('/v1/backup/filenames?type=EVENT').expect(200);
    await simulator.control.reset();
    await request(urlOf(simulator)).post(POST).expect(200);
  });
});

describe('where the zip cannot be written', () => {
  test('a folder that cannot be created is AXONIQ-0001, and cleaning is postponed all the same', async () => {
    const simulator = await stillSimulator({ nodes: 2 });
    await simulator.clock.advance(20 * 60_000);
    const folder = blockBackupFolder(simulator);
    const answer = await request(urlOf(simulator)).post(POST);
    expect(answer.status).toBe(500);
    expect(answer.headers['axoniq-errorcode']).toBe('AXONIQ-0001');
    expect(answer.headers['content-type']).toBe('text/plain;charset=UTF-8');
    expect(answer.text).toBe(`[AXONIQ-0001] Failed to create directory: ${folder}`);
    expect(minutesToCleaning(simulator)).toEqual([60, 40]);
  });

  test('a file that cannot be written is a failure without a code, and cleaning is postponed all the same', async () => {
    const simulator = await stillSimulator();
    await simulator.clock.advance(20 * 60_000);
    const folder = path.join(nodeOf(simulator).dataDir, 'controldb-backup');
    fs.mkdirSync(path.join(folder, `controldb${simulator.clock.nowMs}.zip`), { recursive: true });
    const answer = await request(urlOf(simulator)).post(POST);
    expect(answer.status).toBe(500);
    expect(answer.headers).not.toHaveProperty('axoniq-errorcode');
    expect(answer.body).toMatchObject({ status: 500, error: 'Internal Server Error', path: POST });
    expect(minutesToCleaning(simulator)).toEqual([60]);
  });

  test('once the way is free again the next call succeeds', async () => {
    const simulator = await stillSimulator();
    const folder = blockBackupFolder(simulator);
    await request(urlOf(simulator)).post(POST).expect(500);
    fs.rmSync(folder);
    await request(urlOf(simulator)).post(POST).expect(200);
  });
});
