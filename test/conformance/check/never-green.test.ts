import { describe, expect, test } from 'vitest';
import { CommandDriver } from '../../../conformance/driver/command-driver.ts';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import type { Report } from '../../../conformance/verdict/report.ts';
import { driverOf } from '../../support/fixture-client.ts';

function check(client: string, only: readonly string[]): Promise<Report> {
  return runConformance({ driver: driverOf(client), only, jobs: 2, timeoutMs: 10_000, keepsFailures: false });
}

describe('a check is never green for nothing', () => {
  test.each(['noop', 'crashes', 'connects-to-nothing', 'events-alone'])(
    '%s fails, though some rules have nothing to say of it',
    async (client) => {
      const report = await check(client, ['growth/first-backup', 'growth/grows-between-runs']);
      expect(report.exitCode).toBe(1);
      expect(report.scenarios.map(({ status }) => status)).not.toContain('pass');
    },
  );

  test('a client that hangs fails by its exit status, and is not waited for again', async () => {
    const driver = driverOf('hangs');
    const options = { driver, only: ['growth/grows-between-runs'], timeoutMs: 1500, keepsFailures: false };
    const report = await runConformance(options);
    expect(report.exitCode).toBe(1);
    expect(report.scenarios[0]?.runs).toMatchObject([{ run: 1, exitCode: null, hasTimedOut: true }]);
    expect(report.rules.find(({ id }) => id === 'outcome/exit-status-true')).toMatchObject({ status: 'fail' });
  });

  test('a command that is not there is a mistake of the user', async () => {
    const driver = new CommandDriver({ argv: ['./no-such-client'], useShell: false, environment: process.env });
    await expect(runConformance({ driver, only: ['growth/*'] })).rejects.toMatchObject({
      kind: 'bad-option',
      message: 'the client cannot be started: there is no ./no-such-client (a file in this folder is ./NAME)',
    });
  });

  test('an empty selection of scenarios is a slip of the pen, and no check', async () => {
    await expect(check('reference', ['growth/no-such-scenario'])).rejects.toMatchObject({
      kind: 'bad-option',
      message: expect.stringContaining('no scenario is selected'),
    });
  });

  test('a client that declares not to do what a scenario is about proves nothing there', async () => {
    const driver = driverOf('no-open-segment');
    const capabilities = ['no-open-segment'];
    const report = await runConformance({ driver, capabilities, only: ['growth/first-backup'], keepsFailures: false });
    const waived = report.scenarios[0]?.rules.filter(({ status }) => status === 'not-applicable') ?? [];
    expect(waived.map(({ id, message }) => [id, message])).toContainEqual([
      'open-segment/included',
      'the client declares no-open-segment',
    ]);
    expect(report.rules.find(({ id }) => id === 'open-segment/included')?.status).toBe('not-applicable');
    expect(report.summary.notApplicable).toBe(waived.length);
  });
});
