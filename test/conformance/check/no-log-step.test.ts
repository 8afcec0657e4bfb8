import { describe, expect, test } from 'vitest';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import { FunctionDriver } from '../../../conformance/driver/function-driver.ts';
import type { ServerVersion } from '../../../server/index.ts';
import type { Client } from '../../../fixtures/clients/steps/client.ts';
import { controlDb, segments } from '../../../fixtures/clients/steps/parts.ts';
import { inProcess } from '../../support/reference-in-process.ts';

const withoutLogs: Partial<Client> = { parts: [controlDb, segments] };

async function checked(only: string, serverVersion: ServerVersion, changes: Partial<Client>) {
  const report = await runConformance({
    driver: new FunctionDriver(inProcess(changes)),
    serverVersion,
    only: [only],
    jobs: 1,
    keepsFailures: false,
  });
  const statusOf = (id: string) => report.rules.find((rule) => rule.id === id)?.status;
  return { report, statusOf };
}

describe('a client that copies no logs', () => {
  test('does what the manual of 2026.0 asks for: warned of, and good', async () => {
    const { report, statusOf } = await checked('growth/first-backup', '2026.0', withoutLogs);
    expect(report.exitCode).toBe(0);
    expect(statusOf('log/all-groups')).toBe('warn');
    expect(statusOf('log/replaced')).toBe('not-applicable');
    expect(statusOf('outcome/restorable')).toBe('pass');
    expect(statusOf('outcome/no-loss')).toBe('pass');
  });

  test('need not bring back what the node had in its log alone; the same fails in 2025.2, whose manual asks for logs', async () => {
    expect((await checked('log/apply-stalls', '2026.0', withoutLogs)).report.exitCode).toBe(0);
    const { report, statusOf } = await checked('growth/first-backup', '2025.2', withoutLogs);
    expect(report.exitCode).toBe(1);
    expect(statusOf('log/all-groups')).toBe('fail');
    expect(statusOf('outcome/restorable')).toBe('fail');
  });

  test('is still told of events that it left out', async () => {
    const { statusOf } = await checked('growth/first-backup', '2026.0', {
      ...withoutLogs,
      chooseFiles: ({ files }) => files.filter((file) => !file.endsWith('00000000000000000020.events')),
    });
    expect(statusOf('outcome/restorable')).toBe('fail');
  });

  test('comes upon no trouble with logs: such a scenario does not apply, with its reason', async () => {
    const { report } = await checked('fault/log-refused', '2026.0', withoutLogs);
    expect(report.scenarios).toMatchObject([
      {
        status: 'not-applicable',
        message: 'the manual of this release has no step for the log, and the client copied none',
      },
    ]);
  });
});

test('a client that copies the logs of 2026.0 all the same is held to what it copied', async () => {
  const { report, statusOf } = await checked('log/compacted-while-copying', '2026.0', {});
  expect(report.exitCode).toBe(0);
  expect(statusOf('log/all-groups')).toBe('pass');
});
