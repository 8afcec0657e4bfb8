import { AxonError } from '../errors.ts';

/** Far from where 64 bits end, so that nobody appends beyond them. */
const HIGHEST = 2n ** 62n;

/** By context, as bigints. Fails with `bad-option` on a context that there is not, or on what is no token. */
export function resolveFirstTokens(
  given: Readonly<Record<string, string>>,
  contexts: readonly string[],
): ReadonlyMap<string, bigint> {
  return new Map(
    Object.entries(given).map(([context, digits]) => {
      if (!contexts.includes(context)) {
        const message = `a first token is given for "${context}"; there are ${contexts.join(', ')}`;
        throw new AxonError('bad-option', message);
      }
      const isToken = /^\d{1,19}$/.test(digits) && BigInt(digits) <= HIGHEST;
      if (!isToken) {
        throw new AxonError(
          'bad-option',
          `first token of ${context} "${digits}": digits from 0 to ${HIGHEST} are wanted`,
        );
      }
      return [context, BigInt(digits)];
    }),
  );
}
