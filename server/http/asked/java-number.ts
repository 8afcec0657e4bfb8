/*
 * Numbers as the server's framework reads them out of a text: without any white space, signed, decimal with digits of
 * whatever script, or hexadecimal behind `0x` or `#`. Twenty digits with zeros in front are a file's name, and fine.
 */

/** White space to Java: some controls, and the spaces but for those that do not break. */
const controls: ReadonlySet<string> = new Set('\t\n\v\f\r\u001C\u001D\u001E\u001F');
const spaces = /[^\S\u00A0\u2007\u202F\uFEFF]/;

export type JavaNumber = { readonly number: bigint } | { readonly refused: string };

/** `text` as a signed number of so many bits; `refused` is what is left of a text that is none. */
export function parseJavaNumber(text: string, bits: 32 | 64): JavaNumber {
  const trimmed = [...text].filter((each) => !controls.has(each) && !spaces.test(each)).join('');
  const [, sign = '', prefix = '', digits = ''] = /^([+-]?)(0[xX]|#)?(.*)$/s.exec(trimmed) ?? [];
  const magnitude = prefix === '' ? decimalOf(digits) : hexadecimalOf(digits);
  if (magnitude === null) return { refused: trimmed };
  const number = sign === '-' ? -magnitude : magnitude;
  return BigInt.asIntN(bits, number) === number ? { number } : { refused: trimmed };
}

function hexadecimalOf(digits: string): bigint | null {
  return /^[\dA-Fa-f]+$/.test(digits) ? BigInt(`0x${digits}`) : null;
}

function decimalOf(digits: string): bigint | null {
  if (digits === '') return null;
  let plain = '';
  // By 16-bit units, as Java looks at them: digits beyond those are none.
  for (let place = 0; place < digits.length; place++) {
    const value = valueOfDigit(digits.charAt(place));
    if (value === null) return null;
    plain += value;
  }
  return BigInt(plain);
}

/** Digits of a script stand in runs of ten, from its zero on. */
function valueOfDigit(digit: string): number | null {
  const isDigit = (code: number): boolean => /^\p{Nd}$/u.test(String.fromCharCode(code));
  const code = digit.charCodeAt(0);
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (code < 0x80 || !isDigit(code)) return null;
  let start = code;
  while (isDigit(start - 1)) start--;
  return (code - start) % 10;
}
