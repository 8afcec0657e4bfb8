import { beforeAll, describe, expect, test } from 'vitest';
import { runSelftest, type KillMatrix, type SelftestOptions } from '../../../conformance/check/selftest.ts';
import { formatKillMatrix } from '../../../conformance/reporters/kill-matrix.ts';
import { plainStyle } from '../../../conformance/reporters/style.ts';
import { rules } from '../../../conformance/rules/catalog.ts';
import { fixtureClients } from '../../../fixtures/clients/catalog.ts';
import { driverInProcess, patiently } from '../../support/client-in-process.ts';
import { argvOfBuilt, driverOf, fixtureClient } from '../../support/fixture-client.ts';

const mutants = fixtureClients
  .filter(({ kind }) => kind === 'mutant')
  .map((client) => ({ ...client, argv: argvOfBuilt(client) }));
const common = { environment: process.env, seed: 1, timeoutMs: 10_000, jobs: 2, isFull: false };
/** Whom nothing ends but the time limit of a run: what they cost is that limit, and it must not cut short any other. */
const endless = new Set(['hangs', 'retries-for-ever']);
const driverFor: SelftestOptions['driverFor'] = ({ id }, scenario) =>
  driverInProcess(fixtureClient(id), scenario) ?? (endless.has(id) ? null : patiently(driverOf(id)));

/** Where the rule that a mutant is there for is not what its author has to hear of first. */
const toldBy: Readonly<Record<string, string>> = {
  // A cursor that is wrong is what makes it skip.
  'cursor-plus-one': 'cursor/from-closed-segment',
  'cursor-lost-on-empty-list': 'cursor/from-closed-segment',
  'cursor-as-float': 'cursor/from-closed-segment',
  'cursor-below-the-highest': 'cursor/from-closed-segment',
  // The current file is all that there is of the log then.
  'current-log-file-left-out': 'log/all-groups',
  // What is cut short is the open segment, too.
  'last-piece-lost': 'open-segment/overwritten',
  // Outcomes come last: each of these has done something else wrong, or has not done it at all.
  noop: 'control-db/requested',
  'connects-to-nothing': 'control-db/requested',
  'events-alone': 'control-db/requested',
  'first-backup-kept': 'control-db/requested',
  'one-stage-for-all': 'control-db/returned-file',
  'failed-rename-shrugged-off': 'control-db/returned-file',
  'always-exit-zero': 'fault/error-is-failure',
  'open-segment-of-events-alone': 'outcome/restorable',
  'open-segment-of-one-context-alone': 'outcome/restorable',
  'asked-where-something-has-closed': 'outcome/restorable',
};

describe('the kit, held against clients whose worth is known', () => {
  let matrix: KillMatrix;

  beforeAll(async () => {
    matrix = await runSelftest(
      { ...common, clients: mutants, driverFor },
      rules.map(({ id }) => id),
    );
  }, 600_000);

  test.each(mutants)('$id dies by $killedBy', ({ id, killedBy, showsIn }) => {
    expect(matrix.clients.find((proof) => proof.id === id)).toMatchObject({
      isProved: true,
      message: expect.stringMatching(`^killed by ${killedBy} in ${showsIn ?? ''}`),
    });
  });

  test.each(mutants)('of $id triage says the mistake first', ({ id, killedBy }) => {
    const causes = matrix.clients.find((proof) => proof.id === id)?.causes ?? [];
    expect(causes[0]).toBe(toldBy[id] ?? killedBy);
  });

  test('no rule is without a mutant that it has killed', () => {
    expect(matrix.rulesWithoutMutant).toEqual([]);
    expect(matrix.isProved).toBe(true);
  });

  test('shows in text which rule kills whom', () => {
    expect(formatKillMatrix(matrix, plainStyle)).toMatch(
      /log\/recopied +kills log-incremental, size-and-time-compared\n/,
    );
  });
});

describe('a selftest that proves nothing', () => {
  test('says so of a mutant that survives, and of a rule that has none', async () => {
    const harmless = { ...fixtureClient('reference'), id: 'harmless', killedBy: 'log/vanished-file' };
    const clients = [{ ...harmless, argv: argvOfBuilt(fixtureClient('reference')) }];
    const matrix = await runSelftest({ ...common, clients }, ['log/vanished-file']);
    expect(matrix).toMatchObject({ isProved: false, rulesWithoutMutant: ['log/vanished-file'] });
    expect(matrix.clients[0]).toMatchObject({
      isProved: false,
      message: expect.stringMatching(/^survives log\/vanished-file/),
    });
    expect(formatKillMatrix(matrix, plainStyle)).toContain('no mutant   log/vanished-file');
  });

  test('says so of a correct client that fails', async () => {
    const clients = [{ ...fixtureClient('noop'), killedBy: null, argv: argvOfBuilt(fixtureClient('noop')) }];
    const matrix = await runSelftest({ ...common, clients, scenariosOfCorrect: ['growth/first-backup'] }, []);
    expect(matrix).toMatchObject({ isProved: false, clients: [{ isProved: false }] });
  });

  test('says so of a correct client that has played nothing', async () => {
    const clients = [{ ...fixtureClient('reference'), argv: argvOfBuilt(fixtureClient('reference')) }];
    const matrix = await runSelftest({ ...common, clients, scenariosOfCorrect: ['growth/no-such'] }, []);
    expect(matrix).toMatchObject({ isProved: false, clients: [{ isProved: false, played: 0 }] });
  });
});
