import type { Verdict } from '../verdict/verdict.ts';
import type { Style } from './style.ts';

interface StatusText {
  readonly symbol: string;
  readonly word: string;
  readonly colour: 'red' | 'green' | 'yellow' | 'dim';
}

/** A verdict, or `expected` for what fails and is known to. */
export type Shown = Verdict | 'expected';

export const statusTexts: Readonly<Record<Shown, StatusText>> = {
  pass: { symbol: '✓', word: 'pass', colour: 'green' },
  fail: { symbol: '✗', word: 'fail', colour: 'red' },
  warn: { symbol: '!', word: 'warn', colour: 'yellow' },
  inconclusive: { symbol: '?', word: 'inconclusive', colour: 'yellow' },
  'not-applicable': { symbol: '–', word: 'not applicable', colour: 'dim' },
  error: { symbol: 'E', word: 'error', colour: 'red' },
  expected: { symbol: '~', word: 'expected', colour: 'dim' },
};

/** All of them, from the one that matters most; the order of every list of counts. */
export const verdicts: readonly Verdict[] = ['error', 'fail', 'inconclusive', 'warn', 'pass', 'not-applicable'];

/** All that may be shown, in that order; what is expected stands before what is as it should be. */
export const inOrder: readonly Shown[] = [
  'error',
  'fail',
  'inconclusive',
  'warn',
  'expected',
  'pass',
  'not-applicable',
];

/** `✗ fail`; the word as well as the symbol, so that nobody has to know the symbols. */
export function formatStatus(status: Shown): string {
  const { symbol, word } = statusTexts[status];
  return `${symbol} ${word}`;
}

/** `✗ fail`, coloured, and padded to the longest of them. */
export function formatStatusColumn(status: Shown, style: Style): string {
  return style[statusTexts[status].colour](formatStatus(status).padEnd('– not applicable'.length));
}
