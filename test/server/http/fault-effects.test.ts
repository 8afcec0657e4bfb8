import request from 'supertest';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSimulator, type Fault, type Observer, type Simulator } from '../../../server/index.ts';
import { stillSimulator, urlOf } from '../../support/simulator.ts';

async function observedSimulator(observer: Observer): Promise<Simulator> {
  const simulator = await startSimulator({ port: 0, nodes: 1, speed: 0, rate: 0 }, observer);
  onTestFinished(() => simulator.close());
  return simulator;
}

async function plan(simulator: Simulator, ...rules: readonly Fault[]): Promise<void> {
  await request(urlOf(simulator)).put('/_sim/faults').send({ rules }).expect(200);
}

/** The status of an answer, or what became of the connection. */
async function outcome(url: string, path: string): Promise<number | 'broken'> {
  try {
    const answer = await fetch(url + path);
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return 'broken';
  }
}

/* A fault that changed nothing was held against clients, which had been answered as ever. */
describe('a fault is told of where the caller gets something else than it would have got', () => {
  const LISTING = '/v1/backup/filenames?type=EVENT&lastSegmentBackedUp=99999';
  const NOWHERE = '/v1/nowhere';

  test.each<readonly [what: string, path: string, action: Fault['do'], told: string | null]>([
    ['another body that is the same', LISTING, { body: '[]' }, null],
    ['the same body of another answer', NOWHERE, { body: '[]' }, 'body'],
    ['another body', LISTING, { body: '[ ]' }, 'body'],
    ['the status that it has anyway', NOWHERE, { status: 404 }, null],
    ['another status', NOWHERE, { status: 503 }, 'status 503'],
    ['the same status with other words', NOWHERE, { status: 404, body: 'oops' }, 'body'],
    ['a delay of nothing', LISTING, { delay: '0s' }, null],
    ['a delay', LISTING, { delay: '1ms' }, 'delay 1ms'],
    ['a delay before the same body', LISTING, { delay: '1ms', body: '[]' }, 'delay 1ms'],
    ['a cut behind the last byte', LISTING, { truncateAt: 2 }, null],
    ['a cut before it', LISTING, { truncateAt: 1 }, 'truncateAt 1'],
    ['half of what is short', LISTING, { cut: 'half' }, 'cut half'],
    ['the last byte of nothing', LISTING, { body: '', cut: 'last-byte' }, 'body'],
  ])('%s', async (_, path, action, told) => {
    const observed: Array<string | null> = [];
    const simulator = await observedSimulator({
      beforeAnswer: async () => {},
      beforeSend: async ({ fault }) => {
        observed.push(fault);
        return null;
      },
    });
    await plan(simulator, { match: {}, do: action });
    await outcome(urlOf(simulator), path);
    expect(observed).toEqual([told]);
    expect(simulator.journal.map(({ fault }) => fault)).toEqual([told]);
  });

  test('an answer that a plan leaves as it is has the headers that it always has', async () => {
    const simulator = await stillSimulator();
    const usual = await request(urlOf(simulator)).get(NOWHERE);
    await plan(simulator, { match: {}, do: { status: 404 } });
    const struck = await request(urlOf(simulator)).get(NOWHERE);
    const dateless = ({ headers: { date: _date, ...others } }: request.Response): object => others;
    expect(dateless(struck)).toEqual(dateless(usual));
  });

  test('an answer that is replaced keeps nothing of the real one', async () => {
    const simulator = await stillSimulator();
    await plan(simulator, { match: {}, do: { body: '[]' }, times: 0 });
    const unknown = await fetch(`${urlOf(simulator)}/v1/backup/eventstore?type=EVENT&targetContext=unknown`);
    expect([unknown.status, await unknown.text()]).toEqual([200, '[]']);
    expect(unknown.headers.get('AxonIQ-ErrorCode')).toBeNull();
  });

  test('what nobody waits for any more is not struck, and the fault is kept for the next', async () => {
    const leaving = new AbortController();
    const observed: unknown[] = [];
    const simulator = await observedSimulator({
      // The caller leaves before its turn has come.
      beforeAnswer: async ({ path }) => {
        if (path !== '/leaves') return;
        leaving.abort();
        // The node has seen it go.
        await expect.poll(() => simulator.journal.length).toBe(1);
      },
      beforeSend: async ({ path, fault }) => {
        observed.push([path, fault]);
        return null;
      },
    });
    await plan(simulator, { match: {}, do: { delay: '1ms', status: 503 } });
    await expect(fetch(`${urlOf(simulator)}/leaves`, { signal: leaving.signal })).rejects.toThrow();
    await expect.poll(() => observed).toEqual([['/leaves', null]]);
    expect(await outcome(urlOf(simulator), NOWHERE)).toBe(503);
    expect(observed.at(-1)).toEqual([NOWHERE, 'delay 1ms, status 503']);
  });
});
