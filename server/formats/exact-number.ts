/** A token as JSON has it: a number, or where a number is not exact any more (beyond 2^53) a bigint. */
export type ExactNumber = number | bigint;

/** `42n` → `42`; what no number holds exactly stays as it is. */
export function toExactNumber(value: bigint): ExactNumber {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

/** What marks a bigint while it is a string: a control character that no name has. */
const MARK = '\u0000';

/** JSON in which bigints are numbers with all their digits, as the server writes its 64-bit ones. */
export function formatExactJson(value: unknown, indentation = 0): string {
  let hasLarge = false;
  const json = JSON.stringify(
    value,
    (_key, each: unknown) => {
      if (typeof each !== 'bigint') return each;
      hasLarge = true;
      return `${MARK}${each}`;
    },
    indentation,
  );
  return hasLarge ? json.replaceAll(/"\\u0000(-?\d+)"/g, '$1') : json;
}
