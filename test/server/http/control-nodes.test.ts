import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import request from 'supertest';
import { describe, expect, test } from 'vitest';
import { connectTo, ended } from '../../support/raw-http.ts';
import { growSegments, nodeOf, stillSimulator, urlOf } from '../../support/simulator.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function isBrokenOff(url: string): Promise<boolean> {
  return fetch(url).then(
    () => false,
    () => true,
  );
}

describe('a node that is stopped or has crashed', () => {
  test.each(['stop', 'crash'])('%s: breaks off every connection to its API, while /_sim goes on', async (action) => {
    const simulator = await stillSimulator({ nodes: 3 });
    const url = urlOf(simulator, 1);
    await request(urlOf(simulator))
      .post(`/_sim/nodes/node-2/${action}`)
      .expect(200, { node: 'node-2', state: 'stopped' });
    for (const target of [
      '/v1/backup/filenames?type=EVENT',
      '/v1/public/me',
      '/actuator/health',
      '/nowhere',
      '/v1/%zz',
      '/swagger-ui/',
    ]) {
      expect([target, await isBrokenOff(url + target)]).toEqual([target, true]);
    }
    const { body } = await request(url).get('/_sim/state').expect(200);
    expect(body.nodes[1]).toMatchObject({ name: 'node-2', state: 'stopped', contexts: {}, groups: {} });
    expect(await isBrokenOff(`${urlOf(simulator, 0)}/v1/public/me`)).toBe(false);
  });

  test('can be started through itself, and then has caught up with what it missed', async () => {
    const simulator = await stillSimulator({ nodes: 3 });
    const url = urlOf(simulator, 2);
    await request(url).post('/_sim/nodes/node-3/stop').expect(200);
    await simulator.control.append('default', { transactions: 30 });
    await request(url).post('/_sim/nodes/node-3/start').expect(200, { node: 'node-3', state: 'running' });
    await simulator.clock.advance(5000);
    const tokens = simulator.state().nodes.map(({ contexts }) => contexts['default']?.EVENT.nextToken);
    expect(tokens).toEqual([30, 30, 30]);
    await request(url).get('/v1/backup/filenames?type=EVENT').expect(200);
  });

  test('a crash leaves what a process that dies leaves, and a start recovers from it', async () => {
    const simulator = await stillSimulator({ nodes: 1 });
    const { open } = await growSegments(simulator);
    const { eventsDir, dataDir } = nodeOf(simulator);
    await request(urlOf(simulator)).post('/_sim/nodes/node-1/crash').expect(200);
    expect(fs.existsSync(path.join(dataDir, 'AxonIQ.pid'))).toBe(true);
    const file = path.join(eventsDir, 'default', `${String(open).padStart(20, '0')}.events`);
    expect(fs.statSync(file).size).toBe(2048);
    await request(urlOf(simulator)).post('/_sim/nodes/node-1/start').expect(200);
    await simulator.clock.advance(5000);
    expect(simulator.state().nodes[0]?.contexts['default']?.EVENT.nextToken).toBe(40);
    const { body } = await request(urlOf(simulator)).post('/_sim/contexts/default/append').expect(200);
    expect(body.firstToken).toBe(40);
  });

  test('cannot be stopped twice, nor started twice', async () => {
    const simulator = await stillSimulator({ nodes: 3 });
    const post = (action: string): request.Test => request(urlOf(simulator)).post(`/_sim/nodes/node-2/${action}`);
    await post('start').expect(409);
    await post('stop').expect(200);
    const again = await post('crash').expect(409);
    expect(again.body.message).toBe('node-2 is not running');
    await post('clean-log').send({ group: 'default' }).expect(409);
  });
});

describe('POST /_sim/reset', () => {
  test("goes back to the seed's beginning: time, files, journal, faults and stopped nodes", async () => {
    const simulator = await stillSimulator({ nodes: 3, rate: 1 });
    const url = urlOf(simulator);
    const before = simulator.state();
    const filesBefore = contentOf(nodeOf(simulator, 1).eventsDir);
    await simulator.clock.advance(600_000);
    await simulator.control.stop('node-2');
    simulator.control.planFaults([{ match: {}, do: { status: 503 } }]);
    await request(url).get('/v1/public/me').expect(503);
    await request(url).post('/_sim/reset').expect(200, { now: '2024-01-01T00:00:00.000Z' });
    expect(simulator.state()).toEqual(before);
    expect(contentOf(nodeOf(simulator, 1).eventsDir)).toEqual(filesBefore);
    expect((await request(url).get('/_sim/requests')).body).toEqual([]);
    expect((await request(url).get('/_sim/faults')).body).toEqual({ rules: [] });
    await request(url).get('/v1/public/me').expect(200);
  });

  test('the same calls after it give the same files again', async () => {
    const simulator = await stillSimulator({ rate: 2, contexts: ['default', 'orders'] });
    const run = async (): Promise<Record<string, string>> => {
      await simulator.clock.advance(120_000);
      await simulator.control.append('orders', { transactions: 10 });
      return contentOf(nodeOf(simulator).dataDir);
    };
    const first = await run();
    await simulator.control.reset();
    expect(Object.keys(first).length).toBeGreaterThan(20);
    expect(await run()).toEqual(first);
  });
});

describe('GET /_sim/nodes/:node/archive.tar', () => {
  test('unpacks to the folder of the node, file for file and byte for byte', async () => {
    const simulator = await stillSimulator({ nodes: 2, contexts: ['default', 'order management & co', 'été'] });
    await growSegments(simulator);
    const answer = await fetch(`${urlOf(simulator)}/_sim/nodes/node-2/archive.tar`);
    expect(answer.headers.get('content-type')).toBe('application/x-tar');
    const unpacked: Record<string, string> = {};
    const archive = extract();
    Readable.from([Buffer.from(await answer.arrayBuffer())]).pipe(archive);
    for await (const entry of archive) unpacked[entry.header.name] = (await buffer(entry)).toString('base64');
    expect(unpacked).toEqual(contentOf(nodeOf(simulator, 1).dataDir));
  });

  test('leaves out the system token, whose reader need not be on this machine', async () => {
    const simulator = await stillSimulator({ token: 'secret' });
    const { dataDir } = nodeOf(simulator);
    const token = fs.readFileSync(path.join(dataDir, 'security', '.token'), 'utf8');
    const answer = await fetch(`${urlOf(simulator)}/_sim/nodes/node-1/archive.tar`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.includes('security')).toBe(false);
    expect(bytes.includes(token)).toBe(false);
    expect(bytes.includes('events/default')).toBe(true);
  });

  test.skipIf(process.platform === 'win32')(
    'follows no link, and waits for no pipe, that somebody has put there',
    async () => {
      const simulator = await stillSimulator();
      const { dataDir } = nodeOf(simulator);
      const elsewhere = temporaryFolder();
      fs.writeFileSync(path.join(elsewhere, 'private'), 'not for you');
      fs.symlinkSync(path.join(elsewhere, 'private'), path.join(dataDir, 'events', 'link-to-file'));
      fs.symlinkSync(elsewhere, path.join(dataDir, 'events', 'link-to-folder'));
      fs.symlinkSync(dataDir, path.join(dataDir, 'events', 'link-to-itself'));
      execFileSync('mkfifo', [path.join(dataDir, 'events', 'pipe')]);
      const answer = await fetch(`${urlOf(simulator)}/_sim/nodes/node-1/archive.tar`);
      const bytes = Buffer.from(await answer.arrayBuffer());
      expect(bytes.includes('events/default')).toBe(true);
      for (const unwanted of ['not for you', 'link-to', 'pipe']) expect(bytes.includes(unwanted)).toBe(false);
    },
  );

  test('is read by twenty at once and no more, each of whom may stop reading', async () => {
    const simulator = await stillSimulator({ segmentSizeBytes: 64 * 1024 ** 2 });
    const url = urlOf(simulator);
    const head = `GET /_sim/nodes/node-1/archive.tar HTTP/1.1\r\nHost: ${new URL(url).host}\r\n\r\n`;
    const readers = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const socket = connectTo(url);
        socket.write(head);
        await new Promise((resolve) => socket.once('data', resolve));
        return socket.pause();
      }),
    );
    const { body } = await request(url).get('/_sim/nodes/node-1/archive.tar').expect(503);
    expect(body.message).toBe('20 archives are being read: wait for one to end');
    for (const socket of readers) socket.destroy();
    await expect
      .poll(async () => {
        const { status, body: rest } = await fetch(`${url}/_sim/nodes/node-1/archive.tar`);
        await rest?.cancel();
        return status;
      })
      .toBe(200);
  });

  test('can be had of a stopped node', async () => {
    const simulator = await stillSimulator({ nodes: 2 });
    await simulator.control.crash('node-2');
    const answer = await fetch(`${urlOf(simulator, 1)}/_sim/nodes/node-2/archive.tar`);
    expect(answer.status).toBe(200);
    expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(2048);
  });

  test('who leaves in the middle of it leaves no open file behind', async () => {
    const simulator = await stillSimulator({ segmentSizeBytes: 64 * 1024 ** 2 });
    const before = openFilesBelow(simulator.nodes[0]?.dataDir ?? '');
    for (let round = 0; round < 3; round++) {
      const socket = connectTo(urlOf(simulator));
      socket.write(`GET /_sim/nodes/node-1/archive.tar HTTP/1.1\r\nHost: ${new URL(urlOf(simulator)).host}\r\n\r\n`);
      await new Promise((resolve) => socket.once('data', resolve));
      socket.destroy();
      await ended(socket);
    }
    await expect.poll(() => openFilesBelow(simulator.nodes[0]?.dataDir ?? '')).toEqual(before);
  });
});

function contentOf(folder: string): Record<string, string> {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => fs.statSync(path.join(folder, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, fs.readFileSync(path.join(folder, name)).toString('base64')]));
}

/** Where the system tells; elsewhere none. */
function openFilesBelow(folder: string): string[] {
  if (!fs.existsSync('/proc/self/fd')) return [];
  const targets = fs.readdirSync('/proc/self/fd').map((fd) => {
    try {
      return fs.readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return '';
    }
  });
  return targets.filter((target) => target.startsWith(folder)).toSorted();
}
