import request from 'supertest';
import { describe, expect, test } from 'vitest';
import { askedInShort } from '../../../server/simulation/asked-in-short.ts';
import { RequestJournal } from '../../../server/simulation/request-journal.ts';
import { Secrets } from '../../../server/simulation/secrets.ts';
import { openEventSource } from '../../support/event-source.ts';
import { sendRaw } from '../../support/raw-http.ts';
import { stillSimulator, urlOf } from '../../support/simulator.ts';

/*
 * 38,000 requests with long queries once made the journal a gigabyte, and then `GET /_sim/requests` a real 500, since no
 * string can be that long.
 */
describe('what is kept of a request', () => {
  test.each([
    ['a long path', `/${'p'.repeat(15_000)}`],
    ['a long value', `/v1/backup/filenames?type=EVENT&context=${'c'.repeat(15_000)}`],
    ['a long name', `/v1/backup/filenames?${'n'.repeat(15_000)}=1`],
    ['many parameters', `/v1/backup/filenames?${Array.from({ length: 2500 }, (_, place) => `p${place}`).join('&')}`],
    ['one parameter many times', `/v1/backup/filenames?${'type=1&'.repeat(2000)}`],
    ['characters beyond Latin-1', `/v1/backup/filenames?context=${'%E6%97%A5'.repeat(1600)}`],
  ])('is short where it has %s', async (_what, path) => {
    const simulator = await stillSimulator();
    await (await fetch(urlOf(simulator) + path)).arrayBuffer();
    await expect.poll(() => simulator.journal.length).toBe(1);
    expect(JSON.stringify(simulator.journal[0]).length).toBeLessThan(3500);
    expect((await request(urlOf(simulator)).get('/_sim/requests').expect(200)).body).toEqual(simulator.journal);
  });

  test('says how much there was', () => {
    const query = {
      a: 'x'.repeat(1500),
      b: 'y',
      ...Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`c${n}`, ''])),
    };
    const short = askedInShort({ path: `/${'p'.repeat(1199)}`, query });
    expect(short.path).toBe(`/${'p'.repeat(999)}… (1200 characters)`);
    expect(short.query['a']).toBe(`${'x'.repeat(1000)}… (1500 characters)`);
    expect(short.query['b']).toBe('y');
    expect(short.query['…']).toBe('52 more parameters');
    expect(askedInShort({ path: '/', query: { a: Array.from({ length: 60 }, () => 'v') } }).query['a']).toHaveLength(
      51,
    );
  });

  test('is all of it where it is of the usual size', () => {
    const asked = { path: '/v1/backup/filenames', query: { type: 'EVENT', context: ['a', 'b'], ['__proto__']: 'odd' } };
    expect(askedInShort(asked)).toEqual(asked);
  });
});

describe('the journal of a cluster that is asked for anything', () => {
  const entry = {
    virtualTime: '',
    node: 'node-1',
    method: 'GET',
    path: '/',
    query: {},
    status: 200,
    bytes: 0,
    fault: null,
  };

  test.each([
    ['Latin-1', 'x'],
    ['other characters', '日'],
  ])('keeps what 32 MiB hold of long entries in %s, under the numbers that they have', (_what, character) => {
    const journal = new RequestJournal();
    for (let count = 0; count < 38_000; count++) journal.note({ ...entry, path: character.repeat(2000) });
    expect(journal.usedBytes).toBeLessThanOrEqual(32 << 20);
    const kept = journal.after(0);
    expect(kept.length).toBeGreaterThan(5000);
    expect(kept.length).toBeLessThan(20_000);
    expect(kept.at(-1)?.seq).toBe(38_000);
    expect(kept[0]?.seq).toBe(38_000 - kept.length + 1);
    expect(journal.after(37_998).map(({ seq }) => seq)).toEqual([37_999, 38_000]);
    expect(JSON.parse([...journal.jsonAfter(0)].join(''))).toEqual(kept);
  });

  test('tells of itself piece by piece, without what is forgotten meanwhile', () => {
    const journal = new RequestJournal();
    for (let count = 0; count < 1000; count++) journal.note({ ...entry, path: 'x'.repeat(1000) });
    const pieces = journal.jsonAfter(0);
    const first = pieces.next().value ?? '';
    expect(first.length).toBeLessThan(70_000);
    for (let count = 0; count < 40_000; count++) journal.note({ ...entry, path: 'y'.repeat(1000) });
    const told = JSON.parse([first, ...pieces].join('')) as { readonly seq: number }[];
    expect(told.length).toBeGreaterThan(10);
    expect(told.length).toBeLessThan(100);
  });

  test('ends what it is telling when it is cleared: those that come then are others', () => {
    const journal = new RequestJournal();
    for (let count = 0; count < 1000; count++) journal.note({ ...entry, path: 'x'.repeat(1000) });
    const pieces = journal.jsonAfter(0);
    const first = pieces.next().value ?? '';
    journal.clear();
    for (let count = 0; count < 1000; count++) journal.note({ ...entry, path: '/of-another-life' });
    expect([first, ...pieces].join('')).not.toContain('another-life');
    expect(JSON.parse([...new RequestJournal().jsonAfter(0)].join(''))).toEqual([]);
  });
});

const TOKEN = 'to/ken+with=odd%chars';

describe('a token', () => {
  const encoded = encodeURIComponent(TOKEN);
  const twice = encodeURIComponent(encoded);
  test.each([
    ['in its parameter', `/v1/public/me?AxonIQ-Access-Token=${encoded}`],
    ['in its parameter, spelled otherwise', `/v1/public/me?axoniq_access_token=${encoded}`],
    ['in its parameter, many times', `/v1/public/me?${`AxonIQ-Access-Token=${encoded}&`.repeat(3)}`],
    ['in a parameter of another name', `/v1/public/me?token=${encoded}`],
    ['as the context', `/v1/backup/filenames?type=EVENT&context=${encoded}`],
    ['within a value', `/v1/public/me?next=%2Fv1%3FAxonIQ-Access-Token%3D${twice}%26a=b`],
    ['as the name of a parameter', `/v1/public/me?${encoded}`],
    ['in the name of a parameter', `/v1/public/me?a-${encoded}-b=1`],
    ['in the path', `/v1/${encoded}/me`],
    [
      'in the path, encoded to the last character',
      `/v1/${[...Buffer.from(TOKEN)].map((byte) => `%${byte.toString(16)}`).join('')}`,
    ],
    ['in the path, encoded twice', `/v1/${twice}`],
    ['as a parameter of the path', `/v1/public/me;AxonIQ-Access-Token=${encoded}`],
    ['behind its name in the path', `/v1/AxonIQ-Access-Token/${encoded}`],
    ['as a user’s name', `http://${encoded}@localhost/v1/public/me?x=${encoded}`],
  ])('that a client sends %s is neither in the journal nor on the page', async (_where, target) => {
    const simulator = await stillSimulator({ token: TOKEN });
    const source = await openEventSource(`${urlOf(simulator)}/_sim/events`);
    await sendRaw(urlOf(simulator), `GET ${target} HTTP/1.1`);
    await source.find(({ event }) => event === 'request');
    const timeline = await request(urlOf(simulator)).get('/_sim/nodes/node-1/timeline.svg').expect(200);
    const told = [JSON.stringify(simulator.journal), JSON.stringify(source.events), String(timeline.body)];
    for (const text of told) {
      for (const form of [TOKEN, encoded, 'with=odd', 'with%3Dodd', 'with%253Dodd']) expect(text).not.toContain(form);
    }
    expect(told[0]).toContain('***');
  });

  test.each([
    '/v1/public/me?AxonIQ-Access-Token=wrong-one',
    '/v1/public/me?AxonIQ-Access-Token%3Awrong-one',
    '/v1/public/me?next=a%26AxonIQ-Access-Token%3Dwrong-one%26b',
    '/v1/public/me;AXONIQ-ACCESS-TOKEN=wrong-one;b',
    '/v1/AxonIQ-Access-Token%3Dwrong-one/me',
    '/v1/AxonIQ-Access-Token%253Dwrong-one',
    '/v1/"AxonIQ-Access-Token"%3A "wrong-one"'.replaceAll('"', '%22').replaceAll(' ', '%20'),
  ])('that nobody knows is as secret where it stands under its name: %s', async (target) => {
    const simulator = await stillSimulator();
    await sendRaw(urlOf(simulator), `GET ${target} HTTP/1.1`);
    await expect.poll(() => simulator.journal.length).toBe(1);
    expect(JSON.stringify(simulator.journal)).not.toContain('wrong-one');
    expect(JSON.stringify(simulator.journal)).toMatch(/axoniq-access-token/i);
  });

  test('every secret of the cluster is one: tokens with roles, passwords, how they are sent, and the nodes’ own', () => {
    const secrets = new Secrets(['nightly-backup', 'p', 'cGFzczp3b3Jk']);
    const shown = secrets.strikeOut({
      path: '/NIGHTLY-backup/p/upper',
      query: { a: 'p', b: 'pp', 'c=p': ['cGFzczp3b3Jk'] },
    });
    expect(shown).toEqual({ path: '/***/***/upper', query: { a: '***', b: 'pp', 'c=***': ['***'] } });
    expect(new Secrets().strikeOut({ path: '/a', query: { token: 'b' } })).toEqual({
      path: '/a',
      query: { token: 'b' },
    });
  });

  test('is looked for in a time that grows no faster than the text', () => {
    const secrets = new Secrets([`${'%'.repeat(8)}secret`]);
    const startedAt = performance.now();
    for (const piece of [
      'axoniq-access-token',
      'axoniq-access-token ',
      '%25',
      '%2525',
      'axoniq-access-token=%2520',
      ' ',
    ]) {
      secrets.strikeOut({ path: piece.repeat(16_000 / piece.length), query: {} });
    }
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});
