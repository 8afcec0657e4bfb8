import { describe, expect, test } from 'vitest';
import { playClient } from '../../support/played-client.ts';

const faults = ['fault/strikes-once', 'fault/fails-half-way', 'fault/stalls-then-breaks'];

describe('requests that fail', () => {
  test('a client that copies side by side passes them all', async () => {
    const report = await playClient('parallel-copy', faults);
    expect(report.scenarios.map(({ id, status, message }) => [id, status, message])).toEqual(
      faults.map((id) => [id, 'pass', null]),
    );
  });
});
