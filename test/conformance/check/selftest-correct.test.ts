import { describe, expect, test } from 'vitest';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import { runSelftest } from '../../../conformance/check/selftest.ts';
import { scenarios } from '../../../conformance/scenarios/catalog.ts';
import { fixtureClients } from '../../../fixtures/clients/catalog.ts';
import { driverInProcess } from '../../support/client-in-process.ts';
import { argvOfBuilt, driverOf, fixtureClient } from '../../support/fixture-client.ts';

const unusual = fixtureClients.filter(({ kind, id }) => kind === 'odd' || id === 'reference-sh');
const dealt = unusual.map((client, nth) => ({
  client: { ...client, argv: argvOfBuilt(client) },
  scenariosOfCorrect: scenarios.filter((_, place) => place % unusual.length === nth).map(({ id }) => id),
}));

/** What the usual server cannot play, with one that can. */
const elsewhereOnly = [
  ['log/index-files', '4.5', 'enterprise'],
  ['listing/snapshots-named-as-events', '4.2', 'standard'],
  ['listing/segment-versions', '2023.2', 'enterprise'],
  ['dcb/first-backup', '2026.0', 'enterprise'],
  ['dcb/becomes-dcb', '2026.0', 'enterprise'],
] as const;

describe('a client that is correct', () => {
  test('the reference passes every scenario', async () => {
    const driver = driverOf('reference');
    const report = await runConformance({ driver, jobs: 2, keepsFailures: false });
    const others = report.scenarios.filter(({ status }) => status !== 'pass').map(({ id }) => id);
    const mapped = ['listing/mounted-elsewhere', 'listing/zip-in-no-mount'];
    expect(others.toSorted()).toEqual([...elsewhereOnly.map(([only]) => only), ...mapped].toSorted());
    expect(report.exitCode).toBe(0);
    for (const [only, serverVersion, edition] of elsewhereOnly) {
      const played = await runConformance({ driver, serverVersion, edition, only: [only], keepsFailures: false });
      expect(played.exitCode).toBe(0);
    }
    const elsewhere = await runConformance({ driver, serverRoot: '/axonserver', only: mapped, keepsFailures: false });
    expect(elsewhere.exitCode).toBe(0);
  }, 600_000);

  /* `axon-backup-kit selftest` has each of them play everything; here each scenario has one of them, dealt out in turn. */
  test.each(dealt)('$client.id passes $scenariosOfCorrect', async ({ client, scenariosOfCorrect }) => {
    const played = await runSelftest(
      {
        clients: [client],
        scenariosOfCorrect,
        driverFor: (_client, scenario) => driverInProcess(fixtureClient(client.id), scenario),
        environment: process.env,
        seed: 1,
        timeoutMs: 60_000,
        jobs: 1,
        isFull: false,
      },
      [],
    );
    expect(played.clients).toEqual([expect.objectContaining({ id: client.id, isProved: true })]);
  });
});
