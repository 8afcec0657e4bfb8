import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import { FunctionDriver } from '../../../conformance/driver/function-driver.ts';
import { variablesOf } from '../../../conformance/driver/invocation-variables.ts';
import type { ServerVersion } from '../../../server/index.ts';
import type { Client } from '../../../fixtures/clients/steps/client.ts';
import { startPush } from '../../../fixtures/clients/steps/pushed.ts';
import { inProcess } from '../../support/reference-in-process.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function checked(only: string, serverVersion: ServerVersion, changes: Partial<Client> = {}) {
  const report = await runConformance({
    driver: new FunctionDriver(inProcess(changes)),
    serverVersion,
    only: [only],
    jobs: 1,
    keepsFailures: false,
  });
  const failed = report.rules.filter(({ status }) => status === 'fail').map(({ id }) => id);
  return { report, failed };
}

describe('a context with a dynamic consistency boundary', () => {
  test('is backed up by the reference where there are such, and not played where there are none', async () => {
    expect((await checked('dcb/first-backup', '2025.2')).report).toMatchObject({ exitCode: 0, summary: { fail: 0 } });
    const reasons = {
      documented: 'the documented server has no contexts with a dynamic consistency boundary',
      '2024.2': '2024.2 has no contexts with a dynamic consistency boundary',
    };
    for (const [version, message] of Object.entries(reasons)) {
      const { report } = await checked('dcb/first-backup', version as ServerVersion);
      expect(report.scenarios).toMatchObject([{ status: 'not-applicable', message }]);
    }
  });

  test('is missed in a client that knows nothing of it, which is judged as before elsewhere', async () => {
    const ignorant: Partial<Client> = { dcbContextsOf: () => [] };
    expect((await checked('dcb/becomes-dcb', '2026.0', ignorant)).failed).toEqual([
      'dcb/pushed',
      'outcome/exit-status-true',
      'outcome/restorable',
    ]);
    expect((await checked('growth/first-backup', '2026.0', ignorant)).report.exitCode).toBe(0);
  });

  test('is written nowhere but below the folders of the client, by whatever way it names another', async () => {
    const elsewhere = temporaryFolder();
    const refusals: string[] = [];
    await checked('dcb/first-backup', '2026.0', {
      push: async (run, context) => {
        const link = path.join(run.backupDir, 'link');
        fs.rmSync(link, { force: true });
        fs.symlinkSync(elsewhere, link);
        const around = path.dirname(run.backupDir);
        for (const location of [elsewhere, link, path.join(link, 'x'), around, path.join(around, 'other')]) {
          const exists = fs.existsSync(location);
          await startPush(run, context, location).catch((error: unknown) => refusals.push(String(error)));
          if (!exists) fs.rmSync(location, { recursive: true, force: true });
        }
        fs.rmSync(link);
      },
    });
    expect(refusals).toHaveLength(10);
    expect(refusals.filter((refusal) => !refusal.includes('status 400'))).toEqual([]);
    expect(fs.readdirSync(elsewhere).filter((name) => name !== 'x')).toEqual([]);
  });

  test('is told by a variable that is there only where there are such', () => {
    const invocation = {
      run: 1,
      url: 'http://127.0.0.1:1',
      nodes: [],
      contexts: ['default'],
      groups: ['_admin'],
      token: null,
      backupDir: '/b',
      stateDir: '/s',
      temporaryDir: '/t',
      timeoutMs: 1,
      kill: new AbortController().signal,
    };
    expect(variablesOf(invocation)).not.toHaveProperty('AXONSERVER_DCB_CONTEXTS');
    const told = variablesOf({ ...invocation, dcbContexts: ['billing', 'orders & co'] });
    expect(told).toMatchObject({ AXONSERVER_CONTEXTS: 'default', AXONSERVER_DCB_CONTEXTS: 'billing,orders & co' });
  });
});
