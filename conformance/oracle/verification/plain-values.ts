/**
 * Values as JSON and back: bigints are `{"$bigint": "42"}`, maps `{"$map": [[key, value], …]}`; bytes are left out, and come back
 * as none.
 */
export function formatPlain(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => {
    if (typeof each === 'bigint') return { $bigint: String(each) };
    if (each instanceof Map) return { $map: [...each] };
    return each;
  });
}

/** Fails with a SyntaxError where the text is no such JSON. */
export function parsePlain(text: string): unknown {
  return JSON.parse(text, (_key, each: unknown) => {
    if (typeof each !== 'object' || each === null) return each;
    if ('$bigint' in each) {
      const digits = each.$bigint;
      if (typeof digits !== 'string' || !/^-?\d{1,40}$/.test(digits)) throw new SyntaxError('no whole number');
      return BigInt(digits);
    }
    if ('$map' in each) {
      if (!Array.isArray(each.$map)) throw new SyntaxError('no map');
      return new Map(each.$map as ReadonlyArray<[unknown, unknown]>);
    }
    return each;
  }) as unknown;
}
