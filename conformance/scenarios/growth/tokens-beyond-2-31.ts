import { everyBackup } from '../every-backup.ts';
import { hazards } from '../hazards.ts';
import type { Scenario, Step } from '../scenario.ts';

/** Two or three segments more in each of the stores. */
const aDayLater: readonly Step[] = [
  { kind: 'append', transactions: 50 },
  { kind: 'append', context: 'orders', transactions: 50 },
  { kind: 'append', transactions: 20, type: 'SNAPSHOT' },
  { kind: 'advance', by: '5s' },
  { kind: 'run' },
];

export const tokensBeyond31Bits: Scenario = {
  id: 'growth/tokens-beyond-2-31',
  title: 'tokens that need more than 31 bits, or ten digits',
  story:
    'Two stores have come a long way: the tokens of one pass 2,147,483,647 in the middle, those of the other 9,999,999,999. A cursor in 32 bits turns over or stays where it is, and numbers that are compared as text no longer ascend.',
  cluster: {
    rate: 0,
    contexts: ['default', 'orders'],
    firstTokens: { default: '2147483590', orders: '9999999940' },
    segmentSizeBytes: 8 * 1024,
    logSegmentSizeBytes: 8 * 1024,
  },
  steps: [...aDayLater, ...aDayLater, ...aDayLater],
  hazards: [hazards.tokensPass(2n ** 31n), hazards.tokensPass(10n ** 10n), hazards.openSegmentCloses],
  rules: [...everyBackup, 'cursor/never-skips', 'cursor/from-closed-segment', 'open-segment/overwritten'],
};
