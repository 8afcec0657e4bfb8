import request from 'supertest';
import { describe, expect, test } from 'vitest';
import { sendRaw } from '../../support/raw-http.ts';
import { stillSimulator, urlOf } from '../../support/simulator.ts';

const ADVANCE = '/_sim/clock/advance';
const APPEND = '/_sim/contexts/default/append';
const ROLL = '/_sim/contexts/default/roll';
const CLEAN = '/_sim/nodes/node-1/clean-log';

/** Each with what the message must say. */
const badBodies: ReadonlyArray<readonly [path: string, body: string, message: string]> = [
  [ADVANCE, '{"by":"5 parsecs"}', '"5 parsecs" is not a duration: write 90s, 31m, 2h or 1h30m'],
  [ADVANCE, '{"by":"-5s"}', '"-5s" is not a duration'],
  [ADVANCE, '{"by":""}', '"" is not a duration'],
  [ADVANCE, '{"by":"5"}', '"5" is not a duration'],
  [ADVANCE, '{"by":"1e3s"}', '"1e3s" is not a duration'],
  [ADVANCE, '{"by":"5sec"}', '"5sec" is not a duration'],
  [ADVANCE, `{"by":"${'9'.repeat(400)}d"}`, 'is not a duration'],
  [ADVANCE, `{"by":"${'1'.repeat(500_000)}"}`, 'is not a duration'],
  [ADVANCE, '{"by":"101d"}', 'by 101d: 100d at most'],
  [ADVANCE, '{"by":5}', 'by: must be string'],
  [ADVANCE, '{"by":null}', 'by: must be string'],
  [ADVANCE, '{}', 'body: "by" is missing'],
  [ADVANCE, '', 'body: "by" is missing'],
  [ADVANCE, 'null', 'body: "by" is missing'],
  [ADVANCE, '[]', 'body: must be object'],
  [ADVANCE, '"31m"', 'body: must be object'],
  [ADVANCE, '{"by":"31m"', 'the body is not JSON'],
  [ADVANCE, 'by=31m', 'the body is not JSON'],
  [ADVANCE, '{"by":"31m","unit":"s"}', 'body: nothing is known of "unit"'],
  [ADVANCE, '{"by":"31m","__proto__":{}}', 'body: nothing is known of "__proto__"'],
  [APPEND, '{"transactions":"100"}', 'transactions: must be integer'],
  [APPEND, '{"transactions":true}', 'transactions: must be integer'],
  [APPEND, '{"transactions":0}', 'transactions: must be >= 1'],
  [APPEND, '{"transactions":-1}', 'transactions: must be >= 1'],
  [APPEND, '{"transactions":1.5}', 'transactions: must be integer'],
  [APPEND, '{"transactions":1e300}', 'transactions: must be <= 1000000'],
  [APPEND, '{"transactions":100000,"eventsPerTransaction":100000}', '1000000 events at most in one call'],
  [APPEND, '{"payloadBytes":-1}', 'payloadBytes: must be >= 0'],
  [APPEND, '{"payloadBytes":1e12}', 'payloadBytes: must be <= 16777216'],
  [APPEND, '{"type":"event"}', 'type: one of EVENT, SNAPSHOT is wanted'],
  [APPEND, '{"transaction":1}', 'body: nothing is known of "transaction"'],
  [ROLL, '{"type":"foo"}', 'type: one of EVENT, SNAPSHOT is wanted'],
  [ROLL, '{"context":"default"}', 'body: nothing is known of "context"'],
  [CLEAN, '{"olderThan":"yesterday"}', '"yesterday" is not a duration'],
  [CLEAN, '{"group":5}', 'group: must be string'],
  ['/_sim/nodes/node-1/lag', '{"by":"soon"}', '"soon" is not a duration'],
];

describe('bad bodies', () => {
  test.each(badBodies)('POST %s with %.60s is answered with 400 and what is wrong', async (path, body, message) => {
    const url = urlOf(await stillSimulator());
    const before = await request(url).get('/_sim/state');
    const answer = await request(url).post(path).set('content-type', 'application/json').send(body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ status: 400, error: 'Bad Request', path });
    expect(answer.body.message).toContain(message);
    expect(answer.body.message.length).toBeLessThan(200);
    expect((await request(url).get('/_sim/state')).body).toEqual(before.body);
  });

  test('a body of more than a mebibyte is refused', async () => {
    const url = urlOf(await stillSimulator());
    const answer = await request(url)
      .post(ADVANCE)
      .send({ by: '1'.repeat(1 << 20) });
    expect(answer.status).toBe(413);
    expect(answer.body).toMatchObject({ status: 413, path: ADVANCE });
  });

  test('a transaction that no log segment could hold is refused, and leaves nothing behind', async () => {
    const url = urlOf(await stillSimulator());
    const before = await request(url).get('/_sim/state');
    const answer = await request(url)
      .post(APPEND)
      .send({ transactions: 3, payloadBytes: 1 << 20 });
    expect(answer.status).toBe(400);
    expect(answer.headers['axoniq-errorcode']).toBe('AXONIQ-2001');
    expect(answer.body.message).toMatch(/^\[AXONIQ-2001\] /);
    expect((await request(url).get('/_sim/state')).body).toEqual(before.body);
  });
});

describe('the body is JSON whatever it is called', () => {
  test.each(['application/x-www-form-urlencoded', 'text/plain', 'application/json;charset=utf-8', 'nonsense', ''])(
    'as "%s"',
    async (type) => {
      const url = urlOf(await stillSimulator());
      const length = '{"by":"1s"}'.length;
      const head = `POST ${ADVANCE} HTTP/1.1\nContent-Type: ${type}\nContent-Length: ${length}`;
      expect(await sendRaw(url, head, '{"by":"1s"}')).toMatchObject({
        status: 200,
        body: '{"now":"2024-01-01T00:00:01.000Z"}',
      });
    },
  );
});

const unknownNames = [
  ['POST', '/_sim/contexts/nowhere/append', 404, '[AXONIQ-1302] nowhere: not found'],
  ['POST', '/_sim/contexts/_admin/append', 404, '[AXONIQ-1302] _admin: not found'],
  ['POST', '/_sim/contexts/nowhere/roll', 404, '[AXONIQ-1302] nowhere: not found'],
  ['POST', '/_sim/nodes/node-9/stop', 404, 'There is no node "node-9"; there are node-1'],
  ['POST', '/_sim/nodes/node-9/start', 404, 'There is no node "node-9"; there are node-1'],
  ['POST', '/_sim/nodes/node-9/crash', 404, 'There is no node "node-9"; there are node-1'],
  ['POST', '/_sim/nodes/node-9/clean-log', 404, 'There is no node "node-9"; there are node-1'],
  ['GET', '/_sim/nodes/node-9/archive.tar', 404, 'There is no node "node-9"; there are node-1'],
  ['GET', '/_sim/nowhere', 404, 'There is nothing at /_sim/nowhere'],
  ['GET', '/_sim/nodes/node-1/stop', 405, "Request method 'GET' is not supported"],
  ['DELETE', '/_sim/state', 405, "Request method 'DELETE' is not supported"],
  ['HEAD', '/_sim/events', 405, ''],
  ['POST', '/_sim/nodes/node-1/start', 409, 'node-1 is running already'],
  ['POST', '/_sim/contexts/default/roll', 409, 'The open EVENT segment of default is empty: append something first'],
  ['GET', '/_sim/requests?after=abc', 400, 'after: must match pattern'],
  ['GET', '/_sim/requests?after=-1', 400, 'after: must match pattern'],
] as const;

describe('what is not there, or cannot be done now', () => {
  test.each(unknownNames)('%s %s is answered with %i and why', async (method, path, status, message) => {
    const url = urlOf(await stillSimulator());
    const before = await request(url).get('/_sim/state');
    const answer = await fetch(url + path, { method });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/json');
    const text = await answer.text();
    if (method !== 'HEAD') expect(JSON.parse(text).message).toContain(message);
    expect((await request(url).get('/_sim/state')).body).toEqual(before.body);
  });

  test('a group that a node has no log of is not found', async () => {
    const url = urlOf(await stillSimulator());
    const answer = await request(url).post(CLEAN).send({ group: 'nowhere' });
    expect(answer.status).toBe(404);
    expect(answer.body.message).toBe('[AXONIQ-1302] nowhere: not found');
  });
});
