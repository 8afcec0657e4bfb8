/**
 * Fletcher-32 as H2 uses it: words of two bytes, the high one first, both sums begin at 0xFFFF, an
 * odd last byte is taken as the high half of a word.
 */
export function fletcher32(bytes: Uint8Array): number {
  let first = 0xffff;
  let second = 0xffff;
  for (let at = 0; at < bytes.length; at += 2) {
    first += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    second += first;
    // Folded at once: the sums stay small, and folding later gives the same result.
    first = (first & 0xffff) + (first >>> 16);
    second = (second & 0xffff) + (second >>> 16);
  }
  first = (first & 0xffff) + (first >>> 16);
  second = (second & 0xffff) + (second >>> 16);
  return ((second << 16) | (first & 0xffff)) >>> 0;
}
