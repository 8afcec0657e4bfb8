import { describe, expect, test } from 'vitest';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import { FunctionDriver } from '../../../conformance/driver/function-driver.ts';
import { playClient } from '../../support/played-client.ts';

const only = ['interruption/mid-file'];

/* Killed between two requests, a client had never left half of a file: who takes its name for a whole copy went through. */
describe('a copy that breaks off in the middle of a file', () => {
  test.each(['reference', 'gzip-each-file'])(
    'is copied again by %s, and excuses the run that broke off',
    async (client) => {
      const report = await playClient(client, only);
      expect(report.exitCode).toBe(0);
      expect(report.scenarios[0]?.runs.map(({ exitCode }) => exitCode)).toEqual([0, 1, 0]);
      const judged = report.rules.filter(({ status }) => status === 'pass').map(({ id }) => id);
      expect(judged).toEqual(expect.arrayContaining(['outcome/previous-survives', 'fault/recovers']));
    },
  );

  test('is told of first, with the bytes that are there and those that should be', async () => {
    const report = await playClient('half-copied-file-kept', only);
    const failed = report.scenarios[0]?.rules.find(({ status }) => status === 'fail');
    expect(failed).toMatchObject({
      id: 'copy/faithful',
      evidence: [
        { run: 3, expected: expect.stringMatching(/^3145728 bytes/), actual: expect.stringMatching(/^2097152 bytes/) },
      ],
    });
  });

  test('never comes to a function, whose files nothing limits: it is judged by what it leaves', async () => {
    const driver = new FunctionDriver(async () => undefined);
    const report = await runConformance({ driver, only, keepsFailures: false });
    expect(report.scenarios[0]?.hazards).toContainEqual({ id: 'copy-breaks-off-in-a-file', reached: true });
    expect(report.exitCode).toBe(1);
  });
});
