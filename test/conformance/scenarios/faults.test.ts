import { describe, expect, test } from 'vitest';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import type { RequestRecord } from '../../../conformance/journal/evidence.ts';
import { FunctionDriver, type ClientInvocation } from '../../../conformance/driver/function-driver.ts';
import { shapesOfNoList } from '../../../conformance/scenarios/fault/json-that-is-no-list.ts';
import { playClient } from '../../support/played-client.ts';

describe('requests that fail', () => {
  /* A cut at 20 bytes never struck the `[]` that an up-to-date cursor is answered with; now each answer is struck. */
  test.each([
    ['copies side by side', 'parallel-copy', ['strikes-once', 'fails-half-way', 'stalls-then-breaks']],
    [
      'asks with an up-to-date cursor, and is told []',
      'filenames-endpoint',
      ['control-db-broken-off', 'log-broken-off', 'events-broken-off'],
    ],
  ])('a client that %s meets them all, and passes', async (_, client, names) => {
    const faults = names.map((name) => `fault/${name}`);
    const report = await playClient(client, faults);
    expect(report.scenarios.flatMap(({ hazards }) => hazards).filter(({ reached }) => !reached)).toEqual([]);
    expect(report.scenarios.map(({ id, status, message }) => [id, status, message])).toEqual(
      faults.map((id) => [id, 'pass', null]),
    );
  });
});

/** Asks as a backup does, copies nothing, and fails at the first answer that is not the one of every day. */
async function askOnce({ url, groups }: ClientInvocation): Promise<void> {
  const ask = async (method: string, path: string): Promise<unknown> => {
    const answer = await fetch(`${url}${path}`, { method });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return method === 'POST' ? answer.text() : answer.json();
  };
  const listed = async (path: string): Promise<void> => {
    if (!Array.isArray(await ask('GET', path))) throw new Error('that is no list');
  };
  if (!String(await ask('POST', '/v1/backup/createControlDbBackup')).endsWith('.zip'))
    throw new Error('that is no file');
  for (const group of groups) {
    await listed(`/v1/backup/log/filenames?context=${group}`);
  }
  for (const type of ['EVENT', 'SNAPSHOT']) {
    await listed(`/v1/backup/filenames?type=${type}&targetContext=default&lastSegmentBackedUp=-1`);
  }
}

/** Begins anew where an answer is not the one of every day. */
async function askAgain(invocation: ClientInvocation): Promise<void> {
  for (let tries = 1; tries <= 4; tries++) {
    const isDone = await askOnce(invocation).then(
      () => true,
      () => false,
    );
    if (isDone) return;
  }
}

/*
 * `{}`, a text, a number or null in the place of a list passed for an empty one, in a client that every scenario let through:
 * a loop over such a thing runs zero times.
 */
describe('JSON that is no list', () => {
  const endpoints = ['POST', 'log', 'EVENT', 'SNAPSHOT'];
  const struck = async (only: readonly string[], ask = askOnce): Promise<Record<string, number>> => {
    const requests: RequestRecord[] = [];
    await runConformance({
      driver: new FunctionDriver(ask),
      only,
      keepsFailures: false,
      onEvidence: ({ runs }) => requests.push(...runs.flatMap((run) => run.requests)),
    });
    const found = requests.filter(({ fault }) => fault === 'body');
    return Object.fromEntries(endpoints.map((each) => [each, found.filter((one) => endpointOf(one) === each).length]));
  };
  const endpointOf = ({ method, path, query }: RequestRecord): string =>
    method === 'POST' ? method : path.includes('/log/') ? 'log' : String(query['type']);
  const eachShape = Object.fromEntries(endpoints.map((each) => [each, shapesOfNoList.length]));

  test('comes from each endpoint in each shape, as often as it is asked', async () => {
    expect(await struck(['fault/no-list', 'fault/no-list-of-segments'])).toEqual(eachShape);
  });

  test('comes from each endpoint in each shape, a single time', async () => {
    expect(await struck(['fault/no-list-once', 'fault/no-list-of-segments-once'])).toEqual(eachShape);
  });

  /* A rule for each spelling of a type struck the same request up to three times: nobody got as far as a good second answer. */
  test('comes a single time to those who ask again, too', async () => {
    expect(await struck(['fault/no-list-once', 'fault/no-list-of-segments-once'], askAgain)).toEqual(eachShape);
  });
});
