import {
  advance,
  append,
  appendSnapshots,
  everyBackup,
  hazards,
  run,
  type Scenario,
  type Step,
  still,
} from '../parts.ts';

/** Two or three segments more in each of the stores. */
const aDayLater: readonly Step[] = [
  append(50),
  append(50, { context: 'orders' }),
  appendSnapshots(20),
  advance('5s'),
  run,
];

export const tokensBeyond31Bits: Scenario = {
  id: 'growth/tokens-beyond-2-31',
  title: 'tokens that need more than 31 bits, or ten digits',
  story:
    'Two stores have come a long way: the tokens of one pass 2,147,483,647 in the middle, those of the other 9,999,999,999. A cursor in 32 bits turns over or stays where it is, and numbers that are compared as text no longer ascend.',
  cluster: { ...still, contexts: ['default', 'orders'], firstTokens: { default: '2147483590', orders: '9999999940' } },
  steps: [...aDayLater, ...aDayLater, ...aDayLater],
  hazards: [hazards.tokensPass(2n ** 31n), hazards.tokensPass(10n ** 10n), hazards.openSegmentCloses],
  rules: [...everyBackup, 'cursor/never-skips', 'cursor/from-closed-segment', 'open-segment/overwritten'],
};
