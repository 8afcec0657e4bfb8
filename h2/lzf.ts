import type { ByteReader } from './byte-reader.ts';

/*
 * LZF, as H2 writes it. A stream of runs, each with a control byte:
 *
 *   000nnnnn                       n + 1 bytes follow as they are
 *   lllooooo [length] oooooooo     l + 2 bytes again that stand o + 1 bytes back; l = 7: plus the next byte
 */

/** Expands to just `length` bytes; whatever does not come out even is damage. */
export function expandLzf(input: ByteReader, length: number): Uint8Array {
  const output = new Uint8Array(length);
  let at = 0;
  while (input.remaining > 0) {
    const control = input.byte();
    if (control < 0x20) {
      const literal = input.take(control + 1);
      if (at + literal.length > length) throw input.fail('a compressed page is longer than it says');
      output.set(literal, at);
      at += literal.length;
      continue;
    }
    const short = control >> 5;
    const run = (short === 7 ? short + input.byte() : short) + 2;
    const from = at - ((control & 0x1f) << 8) - input.byte() - 1;
    if (from < 0 || at + run > length) throw input.fail('a compressed page refers to what is not there');
    // Byte by byte, since a run may overlap what it writes.
    for (let copied = 0; copied < run; copied += 1) output[at + copied] = output[from + copied] ?? 0;
    at += run;
  }
  if (at !== length) throw input.fail('a compressed page is shorter than it says');
  return output;
}
