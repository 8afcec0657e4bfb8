import { describe, expect, test } from 'vitest';
import { runConformance, type ConformanceOptions } from '../../../conformance/check/run-conformance.ts';
import { runSelftest } from '../../../conformance/check/selftest.ts';
import { scenarios } from '../../../conformance/scenarios/catalog.ts';
import { fixtureClients } from '../../../fixtures/clients/catalog.ts';
import { driverInProcess, isCutShort } from '../../support/client-in-process.ts';
import { argvOfBuilt, driverOf, fixtureClient } from '../../support/fixture-client.ts';
import { scriptInProcess } from '../../support/script-in-process.ts';

const unusual = fixtureClients.filter(({ kind, id }) => kind === 'odd' || id === 'reference-sh');
const dealt = unusual.map((client, nth) => ({
  client: { ...client, argv: argvOfBuilt(client) },
  scenariosOfCorrect: scenarios.filter((_, place) => place % unusual.length === nth).map(({ id }) => id),
}));

/** What the usual server cannot play, with one that can. */
const elsewhere: ReadonlyArray<[string[], Pick<ConformanceOptions, 'serverVersion' | 'edition' | 'serverRoot'>]> = [
  [['log/index-files'], { serverVersion: '4.5' }],
  [['listing/snapshots-named-as-events'], { serverVersion: '4.2', edition: 'standard' }],
  [['listing/segment-versions', 'listing/compacted-while-copying'], { serverVersion: '2023.2' }],
  [
    [
      'dcb/first-backup',
      'dcb/becomes-dcb',
      'dcb/several-contexts',
      'dcb/state-not-told-once',
      'dcb/push-fails',
      'dcb/push-breaks-off',
    ],
    { serverVersion: '2026.0' },
  ],
  [['listing/mounted-elsewhere', 'listing/zip-in-no-mount'], { serverRoot: '/axonserver' }],
];
const reference = fixtureClient('reference');
const usual = scenarios.filter(({ id }) => !elsewhere.some(([only]) => only.includes(id)));

describe('a client that is correct', () => {
  /* Where a run is killed, meets a full disk or another run it is a process; elsewhere its script runs in this one. */
  test('the reference passes every scenario', async () => {
    const cutShort = usual.filter(isCutShort);
    const whole = usual.filter((scenario) => !isCutShort(scenario));
    expect(cutShort.length).toBeGreaterThan(3);
    expect(whole.length).toBeGreaterThan(40);
    for (const [played, driver] of [
      [cutShort, driverOf('reference')],
      [whole, scriptInProcess(reference)],
    ] as const) {
      const only = played.map(({ id }) => id);
      const report = await runConformance({ driver, only, jobs: 2, keepsFailures: false });
      expect(report.scenarios.filter(({ status }) => status !== 'pass').map(({ id }) => id)).toEqual([]);
      expect(report.scenarios.length).toBe(only.length);
    }
  });

  test.each(elsewhere)('the reference passes %j as %j', async (only, options) => {
    const driver = driverOf('reference');
    const usually = await runConformance({ driver, only, keepsFailures: false });
    expect(new Set(usually.scenarios.map(({ status }) => status))).toEqual(new Set(['not-applicable']));
    const played = await runConformance({ driver, only, keepsFailures: false, ...options });
    expect(played.scenarios.map(({ status }) => status)).toEqual(only.map(() => 'pass'));
  });

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
