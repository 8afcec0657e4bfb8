import { describe, expect, test } from 'vitest';
import { playClient } from '../../support/played-client.ts';

const faults = [
  'fault/control-db-broken-off',
  'fault/log-broken-off',
  'fault/events-broken-off',
  'fault/strikes-once',
  'fault/fails-half-way',
  'fault/stalls-then-breaks',
];

describe('requests that fail', () => {
  /* A cut at 20 bytes never struck the `[]` that an up-to-date cursor is answered with; now each answer is struck. */
  test.each([
    ['copies side by side', 'parallel-copy'],
    ['asks with an up-to-date cursor, and is told []', 'filenames-endpoint'],
  ])('a client that %s meets them all, and passes', async (_, client) => {
    const report = await playClient(client, faults);
    expect(report.scenarios.flatMap(({ hazards }) => hazards).filter(({ reached }) => !reached)).toEqual([]);
    expect(report.scenarios.map(({ id, status, message }) => [id, status, message])).toEqual(
      faults.map((id) => [id, 'pass', null]),
    );
  });
});
