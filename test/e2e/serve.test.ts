import * as fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import request from 'supertest';
import { describe, expect, test } from 'vitest';
import type { Node } from '../../server/index.ts';
import { runCli, startCli, type RunningCli } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const STILL = ['serve', '--port', '0', '--nodes', '1', '--rate', '0', '--speed', '0'];

/** Starts `serve --json` and waits for its line. */
async function serve(
  ...args: string[]
): Promise<{ readonly cli: RunningCli; readonly nodes: readonly Node[]; readonly url: string }> {
  const cli = startCli([...STILL, '--json', ...args]);
  const { nodes } = JSON.parse(await cli.firstLine) as { nodes: Node[] };
  return { cli, nodes, url: nodes[0]?.url ?? '' };
}

/** Ends it as a user would; fails where that was not clean. */
async function end(cli: RunningCli): Promise<void> {
  cli.kill('SIGTERM');
  expect(await cli.ended).toMatchObject({ code: 0, signal: null });
}

async function nextToken(url: string): Promise<number> {
  return (await request(url).get('/_sim/state').expect(200)).body.nodes[0].contexts.default.EVENT.nextToken;
}

describe('what serve says', () => {
  test('--json: the first line has every node, once all of them answer, and nothing follows on stdout', async () => {
    const cli = startCli(['serve', '--port', '0', '--json', '--seed', '5', '--contexts', 'default, orders']);
    const line = JSON.parse(await cli.firstLine) as { nodes: Node[]; seed: number };
    expect(Object.keys(line)).toEqual(['nodes', 'seed']);
    expect(line.seed).toBe(5);
    expect(line.nodes.map(({ name }) => name)).toEqual(['node-1', 'node-2', 'node-3']);
    for (const node of line.nodes) {
      expect(Object.keys(node)).toEqual(['name', 'url', 'dataDir', 'eventsDir', 'logDir', 'controlDbDir', 'roles']);
      expect(node.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect(node.roles).toEqual({ _admin: 'PRIMARY', default: 'PRIMARY', orders: 'PRIMARY' });
      for (const folder of [node.eventsDir, node.logDir, node.controlDbDir])
        expect(fs.statSync(folder).isDirectory()).toBe(true);
      await request(node.url).get('/v1/public/me').expect(200);
    }
    cli.kill('SIGTERM');
    const { stdout } = await cli.ended;
    expect(stdout.split('\n')).toHaveLength(2);
  });

  test('--cluster: a file says how many nodes there are, which groups, and who may do what', async () => {
    const file = path.resolve(import.meta.dirname, '../../fixtures/configs/roles-and-groups.yaml');
    const cli = startCli(['serve', '--port', '0', '--rate', '0', '--speed', '0', '--json', '--cluster', file]);
    const { nodes } = JSON.parse(await cli.firstLine) as { nodes: Node[] };
    expect(nodes.map(({ roles }) => roles['retail'])).toEqual([
      'PRIMARY',
      'ACTIVE_BACKUP',
      'MESSAGING_ONLY',
      'PASSIVE_BACKUP',
    ]);
    const url = nodes[0]?.url ?? '';
    const statusOf = async (token: string): Promise<number> => {
      const call = request(url).post('/v1/backup/createControlDbBackup').set('AxonIQ-Access-Token', token);
      return (await call).status;
    };
    expect([await statusOf('nightly-backup'), await statusOf('orders-reader')]).toEqual([200, 403]);
    await end(cli);
  });

  test('without it: a table of the nodes and calls to try, which work as they stand', async () => {
    const cli = startCli([...STILL, '--contexts', 'order management & co']);
    const banner = await cli.sees((stdout) => stdout.includes('/_sim/docs'));
    expect(banner).not.toContain('\u001b');
    expect(banner).toMatch(/node {4}url +files\n {2}node-1 {2}http:\/\/127\.0\.0\.1:\d+ {2}\/.*node-1\n/);
    const calls = [
      ...banner.matchAll(/curl (?<options>-X POST )?'?(?<url>http:[^\s']+)(?:' -d '|'? -d ')?(?<body>\{.*\})?/g),
    ];
    expect(calls).toHaveLength(4);
    for (const { groups } of calls) {
      const method = groups?.['options'] === undefined ? 'GET' : 'POST';
      const answer = await fetch(groups?.['url'] ?? '', { method, body: groups?.['body'] ?? null });
      expect([groups?.['url'], answer.status]).toEqual([groups?.['url'], 200]);
    }
    await end(cli);
  });

  // Which variables ask for colours, and which forbid them, is shown with the banner itself.
  test('into a pipe it says it without colours, and so it does where both are asked for', async () => {
    const cli = startCli(STILL, { FORCE_COLOR: '1', NO_COLOR: '1' });
    await cli.sees((stdout) => stdout.includes('/_sim/docs'));
    cli.kill('SIGTERM');
    const { stdout, stderr } = await cli.ended;
    expect(stdout + stderr).not.toContain('\u001b');
  });

  /** A closed terminal left the folder where it was. */
  test('of its temporary folder nothing stays when it ends, by a signal of whatever kind', async () => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      const cli = startCli([...STILL, '--json']);
      const { nodes } = JSON.parse(await cli.firstLine) as { nodes: Node[] };
      const folder = path.dirname(nodes[0]?.dataDir ?? '');
      expect(fs.existsSync(folder)).toBe(true);
      cli.kill(signal);
      await cli.ended;
      expect([signal, fs.existsSync(folder)]).toEqual([signal, false]);
    }
  });

  test('what happens to the nodes goes to stderr', async () => {
    const { cli, url } = await serve();
    await request(url).post('/_sim/nodes/node-1/crash').expect(200);
    cli.kill('SIGTERM');
    expect((await cli.ended).stderr).toBe('2024-01-01T00:00:00.000Z node-1 crashed\n');
  });

  test('the token is said nowhere, and stands in no file', async () => {
    const dataDir = temporaryFolder();
    for (const json of [['--json'], []]) {
      const cli = startCli([...STILL, ...json, '--token', 'tell-nobody', '--data-dir', dataDir]);
      await cli.sees((stdout) => stdout.includes('"seed"') || stdout.includes('/_sim/docs'));
      cli.kill('SIGTERM');
      const { stdout, stderr } = await cli.ended;
      expect(stdout + stderr).not.toContain('tell-nobody');
    }
    for (const name of fs.readdirSync(dataDir, { recursive: true, encoding: 'utf8' })) {
      const file = path.join(dataDir, name);
      if (fs.statSync(file).isFile()) expect(fs.readFileSync(file).includes('tell-nobody')).toBe(false);
    }
  });
});

describe('how serve ends', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s: with exit code 0, and the temporary folder is gone',
    async (signal) => {
      const temporary = temporaryFolder();
      const cli = startCli(['serve', '--port', '0', '--json'], { TMPDIR: temporary });
      const { nodes } = JSON.parse(await cli.firstLine) as { nodes: Node[] };
      expect(nodes[0]?.dataDir.startsWith(temporary)).toBe(true);
      cli.kill(signal);
      expect(await cli.ended).toMatchObject({ code: 0, signal: null });
      expect(fs.readdirSync(temporary)).toEqual([]);
    },
  );

  test('a signal that comes twice ends it as cleanly as one', async () => {
    // npm and timeout(1) pass on a signal that the process has had from the terminal, or from the group, already.
    const temporary = temporaryFolder();
    const cli = startCli(['serve', '--port', '0', '--json'], { TMPDIR: temporary });
    await cli.firstLine;
    for (const signal of ['SIGINT', 'SIGINT', 'SIGTERM', 'SIGTERM'] as const) cli.kill(signal);
    expect(await cli.ended).toMatchObject({ code: 0, signal: null });
    expect(fs.readdirSync(temporary)).toEqual([]);
  });

  // Its folder had a name of chance: nobody could tell that it was nobody's any more, and it stayed for ever.
  test('killed, it leaves a folder that the next one removes, and that of a living one stays', async () => {
    const temporary = temporaryFolder();
    const begin = async (): Promise<{ readonly cli: RunningCli; readonly folder: string }> => {
      const cli = startCli(['serve', '--port', '0', '--json'], { TMPDIR: temporary });
      const { nodes } = JSON.parse(await cli.firstLine) as { nodes: Node[] };
      return { cli, folder: path.dirname(nodes[0]?.dataDir ?? '') };
    };
    const killed = await begin();
    killed.cli.kill('SIGKILL');
    await killed.cli.ended;
    expect(fs.existsSync(killed.folder)).toBe(true);
    const living = await begin();
    const next = await begin();
    expect(fs.readdirSync(temporary).toSorted()).toEqual(
      [living.folder, next.folder].map((folder) => path.basename(folder)).toSorted(),
    );
    await Promise.all([end(living.cli), end(next.cli)]);
    expect(fs.readdirSync(temporary)).toEqual([]);
  });

  test('with connections open, streams read and answers held back it ends all the same', async () => {
    const { cli, url } = await serve();
    await request(url)
      .put('/_sim/faults')
      .send({ rules: [{ match: {}, do: { delay: '1d' } }] })
      .expect(200);
    const held = fetch(`${url}/v1/public/me`).then(
      () => 'answered',
      () => 'broken',
    );
    const stream = await fetch(`${url}/_sim/events`);
    await expect.poll(async () => (await request(url).get('/_sim/faults')).body.rules[0].fired).toBe(1);
    await end(cli);
    expect(await held).toBe('broken');
    expect(await stream.text()).toContain('event: clock');
  });
});

describe('--data-dir', () => {
  test('is kept at the end and gone on with at the next start', async () => {
    const dataDir = path.join(temporaryFolder(), 'cluster');
    const first = await serve('--data-dir', dataDir);
    await request(first.url).post('/_sim/contexts/default/append').send({ transactions: 10 }).expect(200);
    await request(first.url).post('/_sim/clock/advance').send({ by: '1h' }).expect(200);
    await end(first.cli);
    const second = await serve('--data-dir', dataDir);
    expect(second.nodes[0]?.dataDir).toBe(first.nodes[0]?.dataDir);
    expect(await nextToken(second.url)).toBe(10);
    const { body } = await request(second.url).get('/_sim/state');
    expect(Date.parse(body.now)).toBeGreaterThanOrEqual(Date.UTC(2024, 0, 1, 1));
    await end(second.cli);
  });

  test('a process that is killed loses nothing that was acknowledged, and does not lock the next one out', async () => {
    const dataDir = temporaryFolder();
    const first = await serve('--data-dir', dataDir);
    await request(first.url).post('/_sim/contexts/default/append').send({ transactions: 10 }).expect(200);
    first.cli.kill('SIGKILL');
    await first.cli.ended;
    const second = await serve('--data-dir', dataDir);
    expect(await nextToken(second.url)).toBe(10);
    await end(second.cli);
  });

  test('a second process on the same folder is refused, and told which process has it', async () => {
    const dataDir = temporaryFolder();
    const { cli, url } = await serve('--data-dir', dataDir);
    const { code, stdout, stderr } = await runCli([...STILL, '--data-dir', dataDir]);
    expect([code, stdout]).toEqual([70, '']);
    expect(stderr).toBe(
      `axon-backup-kit: ${dataDir} is in use by process ${cli.pid}: stop it, or name another folder\n`,
    );
    await request(url).get('/v1/public/me').expect(200);
    await end(cli);
  });
});

describe('what serve cannot do', () => {
  test('a port in use is one clear line and exit code 70, and leaves no folder behind', async () => {
    const temporary = temporaryFolder();
    const taken = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as net.AddressInfo;
    const { code, stdout, stderr } = await runCli(['serve', '--nodes', '1', '--port', String(port)], {
      TMPDIR: temporary,
    });
    taken.close();
    expect([code, stdout]).toEqual([70, '']);
    expect(stderr).toBe(
      `axon-backup-kit: port ${port} on 127.0.0.1 is in use: choose another --port, or 0 for any free ones\n`,
    );
    expect(fs.readdirSync(temporary)).toEqual([]);
  });

  test('a folder that cannot be used is one clear line and exit code 70', async () => {
    const file = path.join(temporaryFolder(), 'file');
    fs.writeFileSync(file, '');
    const { code, stdout, stderr } = await runCli([...STILL, '--data-dir', file]);
    expect([code, stdout]).toEqual([70, '']);
    expect(stderr).toMatch(/^axon-backup-kit: .*file\n$/);
  });
});
