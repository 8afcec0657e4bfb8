import { describe, expect, test } from 'vitest';
import { playClient } from '../../support/played-client.ts';

const faults = ['fault/strikes-once', 'fault/fails-half-way', 'fault/stalls-then-breaks'];

describe('requests that fail', () => {
  test.each(['reference', 'parallel-copy'])('%s passes them all', async (client) => {
    const report = await playClient(client, faults);
    expect(report.scenarios.map(({ id, status, message }) => [id, status, message])).toEqual(
      faults.map((id) => [id, 'pass', null]),
    );
  });

  test.each([
    ['empty-on-error', 'fault/fails-half-way'],
    ['error-body-taken-for-list', 'fault/stalls-then-breaks'],
    ['cut-answer-accepted', 'fault/strikes-once'],
  ])('%s dies in %s by fault/error-is-failure', async (client, scenario) => {
    const report = await playClient(client, [scenario]);
    const failed = report.rules.filter(({ status }) => status === 'fail').map(({ id }) => id);
    expect(failed).toContain('fault/error-is-failure');
  });
});
