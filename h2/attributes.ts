import { fletcher32 } from './fletcher.ts';

/*
 * Headers, footers and the entries of the layout and meta maps are text of one kind:
 *
 *   name:value,name:"value, quoted",…        \ before a character inside quotes stands for it
 *   …,fletcher:0123abcd                      over all before the comma, in what has a checksum
 *
 * Numbers are hexadecimal and carry no sign.
 */

/** Names and values, or null where the text is none of this kind. */
export function parseAttributes(text: string): ReadonlyMap<string, string> | null {
  const attributes = new Map<string, string>();
  let at = 0;
  while (at < text.length) {
    const colon = text.indexOf(':', at);
    if (colon < 0) return null;
    const name = text.slice(at, colon);
    let value = '';
    let isQuoted = false;
    for (at = colon + 1; at < text.length; at += 1) {
      const character = text[at] ?? '';
      if (character === '"') isQuoted = !isQuoted;
      else if (character === ',' && !isQuoted) break;
      else if (character === '\\' && isQuoted) {
        at += 1;
        if (at >= text.length) return null;
        value += text[at] ?? '';
      } else value += character;
    }
    if (isQuoted) return null;
    attributes.set(name, value);
    at += 1;
  }
  return attributes;
}

/** As {@link parseAttributes}, of bytes padded with blanks or zeros that end in their checksum; null where it does not hold. */
export function parseChecksummedAttributes(bytes: Uint8Array): ReadonlyMap<string, string> | null {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] ?? 0) <= 0x20) end -= 1;
  const text = latin1(bytes.subarray(0, end));
  const mark = text.lastIndexOf(',fletcher:');
  if (mark < 0) return null;
  const expected = parseHexadecimal(text.slice(mark + ',fletcher:'.length));
  if (expected !== BigInt(fletcher32(bytes.subarray(0, mark)))) return null;
  return parseAttributes(text.slice(0, mark));
}

/** A hexadecimal number of up to 64 bits without sign, or null. */
export function parseHexadecimal(text: string): bigint | null {
  return /^[0-9a-f]{1,16}$/i.test(text) ? BigInt(`0x${text}`) : null;
}

/** The attribute as a count of at most 2^31 - 1; `absent` where there is none, null where it is no such number. */
export function countOf(attributes: ReadonlyMap<string, string>, name: string, absent: number | null): number | null {
  const text = attributes.get(name);
  if (text === undefined) return absent;
  const value = parseHexadecimal(text);
  return value === null || value > 0x7fffffffn ? null : Number(value);
}

/** One character a byte. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
