/* How times, numbers and strange text are written, in the picture and in its description. */

const numbers = new Intl.NumberFormat('en');

/** `1,024`. */
export function formatNumber(number: number): string {
  return numbers.format(number);
}

/** `1 segment`, `1,024 segments`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${formatNumber(number)} ${number === 1 ? one : many}`;
}

/** `2024-01-02 01:47:32`, with the milliseconds where there are some. Virtual, UTC. */
export function formatTime(atMs: number): string {
  return new Date(atMs)
    .toISOString()
    .replace('T', ' ')
    .replace('Z', '')
    .replace(/\.000$/, '');
}

/** `01:47`, `01:47:32`: the time of day to the second, where the day is clear. */
export function formatTimeOfDay(atMs: number): string {
  const rounded = Math.round(atMs / 1000) * 1000;
  return formatTime(rounded).slice('2024-01-01 '.length, rounded % 60_000 === 0 ? -3 : undefined);
}

/** `1 h 48 m`, `31 m 5 s`, `1.4 s`, `120 ms`: the two largest units. */
export function formatSpan(spanMs: number): string {
  if (spanMs < 1000) return `${Math.round(spanMs)} ms`;
  if (spanMs < 60_000) return `${Number((spanMs / 1000).toFixed(1))} s`;
  const seconds = Math.round(spanMs / 1000);
  const units: ReadonlyArray<readonly [number, string]> = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ];
  const first = units.findIndex(([number]) => number > 0);
  return units
    .slice(first, first + 2)
    .filter(([number]) => number > 0)
    .map(([number, unit]) => `${number} ${unit}`)
    .join(' ');
}

/** Controls, what turns the direction of text or breaks lines, lone surrogates, and what XML has no way to write. */
const illegible = /[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Zl}\p{Zp}\uFEFF\uFFFE\uFFFF]/gu;

/** One line of text that does nothing but show itself. Names and messages come from the program under test. */
export function legible(text: string): string {
  // The writer of XML escapes < and & alone; the end of a CDATA section must not stand in text either.
  return text.replaceAll(illegible, '\uFFFD').replaceAll(']]>', ']]\u203A');
}

/** The middle one of the usual widths of letters, by the size of the font. */
const LETTER = 0.56;

/** Roughly how wide a text is drawn, in pixels: no font is known here. */
export function widthOf(text: string, fontPx: number): number {
  let letters = 0;
  for (const character of text) letters += (character.codePointAt(0) ?? 0) > 0x1100 ? 1.7 : 1;
  return letters * LETTER * fontPx;
}

/** The text, or as much of its beginning as fits, with an ellipsis; empty where not even three letters do. */
export function fit(text: string, fontPx: number, roomPx: number): string {
  if (widthOf(text, fontPx) <= roomPx) return text;
  const letters = Array.from(text);
  while (letters.length > 0 && widthOf(`${letters.join('')}…`, fontPx) > roomPx) letters.pop();
  return letters.length < 3 ? '' : `${letters.join('').trimEnd()}…`;
}
