import { expect, test } from 'vitest';
import { explore, runConformance, type ConformanceOptions, type ExploreOptions } from '../../../conformance/index.ts';
import { backupConformance, type VitestOptions } from '../../../conformance/vitest.ts';

const client = (): Promise<void> => Promise.resolve();
const only = ['growth/first-backup'];

// Node's timers go off at once where they are told to wait for longer than they can, or for no number at all.
const impossible: ReadonlyArray<Readonly<Record<string, unknown>>> = [
  ...[0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31].map((timeoutMs) => ({ timeoutMs })),
  ...[0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY].map((jobs) => ({ jobs })),
  ...[0, -1, 1.5, Number.NaN, '1'].map((bail) => ({ bail })),
  ...[-1, 1.5, Number.NaN].map((seed) => ({ seed })),
  { shard: { index: 3, count: 2 } },
  { failOn: 'never' },
  { edition: 'community' },
  { serverVersion: '3.0' },
  { timeout: 1000 },
  { onResult: 'print' },
  { signal: {} },
  { environment: null },
  { lastFailed: 'report.json' },
  { lastFailed: {} },
  { jobs: '2' },
  { restore: ['sh'] },
  { client: [] },
  { client: 'backup.sh' },
  { clientUser: 1000 },
  { only: 'log/**' },
  { only: [''] },
  { outDir: '' },
  { client: ['', 'an argument'] as const },
];

test.each(impossible)('a check with %o is not begun', async (option) => {
  await expect(runConformance({ client, only, ...option } as ConformanceOptions)).rejects.toMatchObject({
    kind: 'bad-option',
  });
});

test.each(
  impossible.filter(
    (option) => option['outDir'] !== '' && !(Array.isArray(option['client']) && option['client'][0] === ''),
  ),
)('a suite with %o is not registered', (option) => {
  expect(() => backupConformance({ client, only, ...option } as VitestOptions)).toThrow(
    expect.objectContaining({ kind: 'bad-option' }),
  );
});

const impossibleToExplore = [
  ...[0, 1.5, Number.NaN].map((runs) => ({ runs })),
  ...[-1, 1.5].map((fromSeed) => ({ fromSeed })),
  ...[0, -1].map((bail) => ({ bail })),
  { only },
  { failOn: 'never' },
  { timeoutMs: 0 },
];

test.each(impossibleToExplore)('an exploration with %o is not begun', async (option) => {
  await expect(explore({ client, ...option } as ExploreOptions)).rejects.toMatchObject({ kind: 'bad-option' });
});

test('what is wrong is said in one line, by name', async () => {
  const told = async (option: object): Promise<string> =>
    runConformance({ client, ...option } as ConformanceOptions).then(
      () => '',
      (error: Error) => error.message,
    );
  expect(await told({ timeout: 5 })).toBe('timeout: nothing is known of this');
  expect(await told({ failOn: 'never' })).toBe('failOn: one of fail, warn is wanted');
  expect(await told({ shard: { index: 1 } })).toBe('shard: "count" is missing');
});

test('what a user of this system is has more than is asked for, and a suite goes on from no report', async () => {
  const told = async (option: object): Promise<unknown> =>
    runConformance({ client, only: ['no-such-scenario'], ...option } as ConformanceOptions).catch(
      (error: Error) => error.message,
    );
  expect(await told({ clientUser: { uid: 0, gid: 0, username: 'root' } })).not.toMatch(/nothing is known/);
  const suite = { client, only, lastFailed: { scenarios: [] } } as VitestOptions;
  expect(() => backupConformance(suite)).toThrow('lastFailed: nothing is known of this');
});
