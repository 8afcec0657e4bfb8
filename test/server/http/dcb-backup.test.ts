import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import request from 'supertest';
import { describe, expect, test } from 'vitest';
import type { ClusterEvent, Simulator, SimulatorOptions } from '../../../server/index.ts';
import { nodeOf, stillSimulator, urlOf } from '../../support/simulator.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const BACKUP = '/v2/backup';

interface Served {
  readonly simulator: Simulator;
  readonly places: string;
  readonly events: ClusterEvent[];
}

/** One node with `default`, a plain context, and `billing`, one with a dynamic consistency boundary; backups may go to `places`. */
async function serve(options: SimulatorOptions = {}): Promise<Served> {
  const places = temporaryFolder();
  const simulator = await stillSimulator({
    serverVersion: '2025.2',
    groups: [
      { name: 'default', contexts: ['default'] },
      { name: 'billing', contexts: [{ name: 'billing', dcb: true }] },
    ],
    dcbBackupFolders: [places],
    ...options,
  });
  const events: ClusterEvent[] = [];
  simulator.onEvent((event) => events.push(event));
  return { simulator, places, events };
}

async function post({ simulator }: Served, body: unknown, place = 0) {
  return request(urlOf(simulator, place))
    .post(BACKUP)
    .send(body as object);
}

async function stateOf({ simulator }: Served, id: string): Promise<{ status: number; state: unknown }> {
  const { status, body } = await request(urlOf(simulator)).get(`${BACKUP}/${id}`);
  return { status, state: (body as Record<string, unknown>)['backupState'] };
}

/** Fills some segments of `billing`. */
async function grow({ simulator }: Served, transactions = 40): Promise<void> {
  await simulator.control.append('billing', { transactions });
  await simulator.clock.advance(60_000);
}

/** All files below a folder, with the checksums of what is in them; locks are of a running server. */
function contentOf(folder: string): Record<string, string> {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => fs.statSync(path.join(folder, name)).isFile() && !name.endsWith('LOCK'));
  return Object.fromEntries(files.toSorted().map((name) => [name, checksumOf(path.join(folder, name))]));
}

function checksumOf(file: string): string {
  return createHash('sha256').update(fs.readFileSync(file)).digest('hex');
}

describe('a context with a dynamic consistency boundary', () => {
  test('has the parts of its folder on disk, grows, and has no snapshots', async () => {
    const served = await serve({ rate: 2 });
    const { simulator } = served;
    await simulator.clock.advance(10 * 60_000);
    const names = fs.readdirSync(path.join(nodeOf(simulator).eventsDir, 'billing'));
    expect(names).toEqual(expect.arrayContaining(['index', 'labels', 'labelupdates', 'snapshots', 'snapshotupdates']));
    expect(names.filter((name) => name.endsWith('.events')).length).toBeGreaterThan(2);
    expect(names.filter((name) => name.endsWith('snapshots') && name !== 'snapshots')).toEqual([]);
    const [node] = simulator.state().nodes;
    expect(Object.keys(node?.contexts ?? {})).toEqual(['default']);
    expect(Number(node?.dcbContexts?.['billing']?.nextToken)).toBeGreaterThan(500);
    await expect(simulator.control.append('billing', { type: 'SNAPSHOT' })).rejects.toThrow('no snapshots');
    await expect(simulator.control.transform('billing', { firstToken: 0n, lastToken: 1n })).rejects.toThrow(
      'no transformations',
    );
  });

  test('goes on after a restart with all that it had', async () => {
    const served = await serve();
    await grow(served);
    const before = served.simulator.state().nodes[0]?.dcbContexts;
    await served.simulator.control.crash('node-1');
    await served.simulator.control.start('node-1');
    expect(served.simulator.state().nodes[0]?.dcbContexts?.['billing']?.nextToken).toBe(before?.['billing']?.nextToken);
  });

  test.each(['documented', '4.6', '2023.2', '2024.2'] as const)('is nothing that %s has', async (serverVersion) => {
    await expect(serve({ serverVersion })).rejects.toThrow(
      /^server version .* has no contexts with a dynamic consistency boundary, which billing is to have: take 2025\.2 or 2026\.0, or leave out `dcb`$/,
    );
    const plain = await stillSimulator({ serverVersion });
    await request(urlOf(plain)).post(BACKUP).send({ context: 'default', location: '/tmp' }).expect(404);
    await request(urlOf(plain)).get(BACKUP).expect(404);
  });

  test('cannot be pulled, and says what to do instead', async () => {
    const { simulator } = await serve();
    for (const url of [
      '/v1/backup/eventstore?type=EVENT&targetContext=billing',
      '/v1/backup/filenames?type=EVENT&context=billing',
    ]) {
      const { status, text } = await request(urlOf(simulator)).get(url);
      expect([status, text]).toEqual([500, expect.stringContaining('POST /v2/backup')]);
    }
  });

  test('has its operations in Swagger, and tells the page of its store', async () => {
    const { simulator } = await serve();
    const { body } = await request(urlOf(simulator)).get('/v3/api-docs').expect(200);
    expect(Object.keys((body as { paths: object }).paths)).toEqual(expect.arrayContaining([BACKUP, `${BACKUP}/{id}`]));
    const state = await request(urlOf(simulator)).get('/_sim/state').expect(200);
    expect(state.body).toMatchObject({ nodes: [{ dcbContexts: { billing: { nextToken: 0 } } }] });
  });
});

describe('POST /v2/backup', () => {
  test('has the server write all that there is, in its time, and FINISHED says that it is whole', async () => {
    const served = await serve();
    const { simulator, places } = served;
    await grow(served);
    const { status, text: id } = await post(served, { context: 'billing', location: `${places}/nightly` });
    expect([status, id]).toEqual([200, expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect(await stateOf(served, id)).toEqual({ status: 200, state: 'RUNNING' });
    await simulator.control.append('billing', { transactions: 3 });
    await simulator.clock.advance(500);
    expect(await stateOf(served, id)).toEqual({ status: 200, state: 'RUNNING' });
    await simulator.clock.advance(2000);
    expect(await stateOf(served, id)).toEqual({ status: 200, state: 'FINISHED' });

    const live = contentOf(path.join(nodeOf(simulator).eventsDir, 'billing'));
    expect(contentOf(`${places}/nightly/billing`)).toEqual(live);
    expect(fs.existsSync(`${places}/nightly/billing/index/LOCK`)).toBe(false);
    const finished = served.events.find((event) => event.kind === 'dcb-backup-finished');
    expect(finished).toMatchObject({
      id,
      context: 'billing',
      files: Object.keys(live).map((name) => ({ path: name })),
    });
    const all = await request(urlOf(simulator)).get(BACKUP).expect(200);
    expect(all.body).toEqual({ [id]: { backupState: 'FINISHED' } });
  });

  test('takes longer for more, and can be asked for again into the same place', async () => {
    const served = await serve({ segmentSizeBytes: 4 * 1024 ** 2 });
    const { simulator, places } = served;
    const takes = async (): Promise<number> => {
      const { text: id } = await post(served, { context: 'billing', location: places });
      for (let ms = 0; ; ms += 50) {
        if ((await stateOf(served, id)).state === 'FINISHED') return ms;
        await simulator.clock.advance(50);
      }
    };
    const first = await takes();
    for (let time = 0; time < 4; time++) await simulator.control.roll('billing').catch(() => undefined);
    await simulator.control.append('billing', { transactions: 1 });
    await simulator.control.roll('billing');
    await simulator.control.append('billing', { transactions: 1 });
    await simulator.control.roll('billing');
    const second = await takes();
    expect(second - first).toBeGreaterThanOrEqual(450);
    expect(contentOf(`${places}/billing`)).toEqual(contentOf(path.join(nodeOf(simulator).eventsDir, 'billing')));
  });

  test('two into one place at once are refused, and into two places are not', async () => {
    const served = await serve();
    const { places } = served;
    expect((await post(served, { context: 'billing', location: `${places}/a` })).status).toBe(200);
    const again = await post(served, { context: 'billing', location: `${places}/b/../a` });
    expect([again.status, again.text]).toEqual([400, 'another backup is being written to that location']);
    expect((await post(served, { context: 'billing', location: `${places}/b` })).status).toBe(200);
  });

  test.runIf(process.getuid?.() === 0)(
    'gives what it makes to the owner of the folder, who may remove it',
    async () => {
      const served = await serve();
      const { simulator, places } = served;
      fs.chownSync(places, 1001, 1002);
      await post(served, { context: 'billing', location: `${places}/new` });
      await simulator.clock.advance(5000);
      for (const name of ['new', 'new/billing', 'new/billing/index', 'new/billing/index/CURRENT']) {
        const { uid, gid } = fs.statSync(path.join(places, name));
        expect([name, uid, gid]).toEqual([name, 1001, 1002]);
      }
    },
  );

  test('breaks off where the node goes down, and is unknown afterwards', async () => {
    const served = await serve();
    const { simulator, places, events } = served;
    await grow(served);
    const { text: id } = await post(served, { context: 'billing', location: places });
    await simulator.control.crash('node-1');
    await simulator.control.start('node-1');
    await simulator.clock.advance(60_000);
    expect((await stateOf(served, id)).status).toBe(404);
    expect(events.map(({ kind }) => kind)).toContain('dcb-backup-failed');
    expect(events.map(({ kind }) => kind)).not.toContain('dcb-backup-finished');
  });

  test('fails where the disk refuses in the middle, and never says FINISHED', async () => {
    const served = await serve();
    const { simulator, places } = served;
    await grow(served);
    // Where a folder of the backup should be there is a file: no write below it succeeds.
    fs.mkdirSync(`${places}/billing`);
    fs.writeFileSync(`${places}/billing/labels`, 'in the way');
    const { text: id } = await post(served, { context: 'billing', location: places });
    await simulator.clock.advance(60_000);
    expect(await stateOf(served, id)).toEqual({ status: 200, state: 'FAILED' });
  });

  test('is for whoever is ADMIN in _admin, as are the questions after it', async () => {
    const roles = (role: 'ADMIN' | 'USE_CONTEXT') => [{ context: '_admin', role }];
    const tokens = [
      { token: 'strong', roles: roles('ADMIN') },
      { token: 'weak', roles: roles('USE_CONTEXT') },
    ];
    const { simulator, places } = await serve({ tokens });
    const call = (token: string | null, method: 'post' | 'get', url: string) => {
      const asked = request(urlOf(simulator))[method](url);
      if (token !== null) void asked.set('AxonIQ-Access-Token', token);
      return method === 'post' ? asked.send({ context: 'billing', location: places }) : asked;
    };
    for (const [method, url] of [
      ['post', BACKUP],
      ['get', BACKUP],
      ['get', `${BACKUP}/x`],
    ] as const) {
      expect((await call(null, method, url)).status).toBe(401);
      expect((await call('weak', method, url)).status).toBe(403);
      expect([200, 404]).toContain((await call('strong', method, url)).status);
    }
  });
});

describe('what POST /v2/backup refuses', () => {
  test('says why, writes nothing, and goes on', async () => {
    const served = await serve();
    const { simulator, places } = served;
    const own = nodeOf(simulator);
    fs.writeFileSync(`${places}/file`, '');
    fs.symlinkSync('/usr', `${places}/out`);
    fs.symlinkSync('/nowhere/at/all', `${places}/gone`);
    fs.symlinkSync(own.dataDir, `${places}/live`);
    const before = contentOf(own.eventsDir);
    const cases: ReadonlyArray<readonly [what: string, body: unknown, status: number, text: RegExp]> = [
      ['no body', undefined, 400, /the body must be JSON with the texts/],
      ['a list', [], 400, /the body must be JSON/],
      ['a number for a location', { context: 'billing', location: 7 }, 400, /the body must be JSON/],
      ['a context that is not there', { context: '../x', location: places }, 404, /not found/],
      ['a plain context', { context: 'default', location: places }, 400, /has no dynamic consistency/],
      ...[
        ['a relative location', 'backups', /must be an absolute path/] as const,
        ['one with a NUL', `${places}/\0`, /is no path/] as const,
        ['one that is too long', `${places}/${'x'.repeat(5000)}`, /is no path/] as const,
        ['a file', `${places}/file`, /cannot be written to/] as const,
        ['below a file', `${places}/file/x`, /cannot be written to/] as const,
        ['another folder', '/etc', /not in a folder that this server may write/] as const,
        ['one that climbs out', `${places}/../beside`, /not in a folder/] as const,
        ['one whose name begins alike', `${places}-beside`, /not in a folder/] as const,
        ['a link that leads out', `${places}/out`, /not in a folder/] as const,
        ['a link that leads nowhere', `${places}/gone`, /cannot be written/] as const,
        ["the server's own folder", own.eventsDir, /the server itself lives in/] as const,
        ["one around the server's own", path.dirname(own.dataDir), /the server itself lives in/] as const,
        ['the root', '/', /the server itself lives in/] as const,
        ["a link into the server's own", `${places}/live/x`, /the server itself lives in/] as const,
      ].map(([what, location, text]) => [what, { context: 'billing', location }, 400, text] as const),
    ];
    for (const [what, body, status, text] of cases) {
      const answer = await post(served, body);
      expect([what, answer.status, answer.text]).toEqual([what, status, expect.stringMatching(text)]);
    }
    await simulator.clock.advance(5000);
    expect(contentOf(own.eventsDir)).toEqual(before);
    expect(served.events.filter(({ kind }) => kind === 'dcb-backup-started')).toEqual([]);
    expect((await post(served, { context: 'billing', location: places })).status).toBe(200);
  });

  test('every location, where none was allowed', async () => {
    const served = await serve({ dcbBackupFolders: [] });
    const { status, text } = await post(served, { context: 'billing', location: served.places });
    expect([status, text]).toEqual([400, expect.stringContaining('--dcb-backup-dir')]);
    expect(fs.readdirSync(served.places)).toEqual([]);
  });

  test('a body that is too large, and ids that are none', async () => {
    const served = await serve();
    const { status } = await post(served, { context: 'billing', location: 'x'.repeat(100_000) });
    expect(status).toBe(413);
    for (const id of ['__proto__', '%2e%2e%2fetc', '0'.repeat(90), 'constructor', '%00']) {
      const { status: unknown } = await request(urlOf(served.simulator)).get(`${BACKUP}/${id}`);
      expect([400, 404]).toContain(unknown);
    }
  });

  test('a folder that somebody has turned into a link meanwhile: nothing is written behind it', async () => {
    const served = await serve();
    const { simulator, places } = served;
    await grow(served);
    const elsewhere = temporaryFolder();
    const { text: id } = await post(served, { context: 'billing', location: places });
    fs.renameSync(`${places}/billing`, `${places}/moved`);
    fs.symlinkSync(elsewhere, `${places}/billing`);
    await simulator.clock.advance(60_000);
    expect(await stateOf(served, id)).toEqual({ status: 200, state: 'FAILED' });
    expect(fs.readdirSync(elsewhere)).toEqual([]);
  });
});

describe('a plain context of 2026.0', () => {
  test('becomes one with a dynamic consistency boundary, keeps its events, and stays one', async () => {
    const folder = temporaryFolder();
    const groups = [{ name: 'default', contexts: ['default', 'billing'] }];
    const options: SimulatorOptions = { serverVersion: '2026.0', dataDir: `${folder}/data`, nodes: 3, groups };
    const served = await serve(options);
    const { simulator } = served;
    await simulator.control.append('billing', { transactions: 30 });
    await simulator.control.append('billing', { transactions: 5, type: 'SNAPSHOT' });
    await simulator.clock.advance(5000);
    await simulator.control.migrateToDcb('billing');
    expect(simulator.dcbContexts).toEqual(['billing']);
    for (const { dcbContexts, contexts } of simulator.state().nodes) {
      expect([dcbContexts?.['billing']?.nextToken, Object.keys(contexts)]).toEqual([30, ['default']]);
    }
    await simulator.control.append('billing', { transactions: 2 });
    await expect(simulator.control.migrateToDcb('billing')).rejects.toThrow('already');
    const { text: id } = await post(served, { context: 'billing', location: served.places }, 1);
    await simulator.clock.advance(5000);
    const { body } = await request(urlOf(simulator, 1)).get(`${BACKUP}/${id}`);
    expect(body).toEqual({ backupState: 'FINISHED' });
    await simulator.close();

    const again = await serve(options);
    expect(again.simulator.dcbContexts).toEqual(['billing']);
    expect(again.simulator.state().nodes[2]?.dcbContexts?.['billing']?.nextToken).toBe(32);
  });

  test.each(['2025.2', '2023.2'] as const)('stays a plain one in %s', async (serverVersion) => {
    const simulator = await stillSimulator({ serverVersion });
    await expect(simulator.control.migrateToDcb('default')).rejects.toThrow('2026.0 has it');
    await request(urlOf(simulator)).post('/_sim/contexts/default/migrate-to-dcb').send({}).expect(409);
  });
});
