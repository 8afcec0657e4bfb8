import { expect, test } from 'vitest';
import { runConformance } from '../../../conformance/index.ts';
import { backupConformance } from '../../../conformance/vitest.ts';

const client = (): Promise<void> => Promise.resolve();
const only = ['growth/first-backup'];

// Node's timers go off at once where they are told to wait for longer than they can, or for no number at all.
const impossible = [
  ...[0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31].map((timeoutMs) => ({ timeoutMs })),
  ...[0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY].map((jobs) => ({ jobs })),
  { only: [''] },
  { outDir: '' },
  { client: ['', 'an argument'] as const },
];

test.each(impossible)('a check with %o is not begun', async (option) => {
  await expect(runConformance({ client, only, ...option })).rejects.toMatchObject({
    kind: 'bad-option',
  });
});

test.each(impossible.filter((option) => !('outDir' in option || 'client' in option)))(
  'a suite with %o is not registered',
  (option) => {
    expect(() => backupConformance({ client, only, ...option })).toThrow(
      expect.objectContaining({ kind: 'bad-option' }),
    );
  },
);
