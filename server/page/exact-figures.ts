/** Numbers of more digits than JavaScript's hold exactly. */
const large = /([[:,]\s*)(-?\d{16,})(?=\s*[\],}])/g;

/** JSON in which tokens may have 64 bits: the largest come as strings, with all their digits. */
export function parseExactJson(text: string): unknown {
  // What a name may hold is between quotes, and has its own there: a quote before the number keeps it from matching twice.
  return JSON.parse(
    text.replaceAll(/"(?:[^"\\]|\\.)*"|[^"]+/g, (part) =>
      part.startsWith('"') ? part : part.replaceAll(large, '$1"$2"'),
    ),
  );
}

/** `9223372036854775807` → `9,223,372,036,854,775,807`. */
export function formatFigure(value: number | bigint | string): string {
  return BigInt(value).toLocaleString('en');
}

/** How many figures beside each other a card has room for, by the longest of them. */
export function columnsFor(figures: readonly string[]): 1 | 2 | 4 {
  const longest = Math.max(...figures.map((figure) => figure.length));
  return longest <= 9 ? 4 : longest <= 15 ? 2 : 1;
}
