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

/** What the narrowest card has for figures, and what lies between two of them; pixels, as in page.css. */
const CARD_PX = 236;
const GAP_PX = 6;
/** Of a character, about: names are smaller than figures, which are bold. */
const NAME_PX = 5.9;
const FIGURE_PX = 8;

/** In how many columns named figures fit into a card; beside its name, where it is one alone. */
export function columnsFor(figures: ReadonlyArray<readonly [name: string, figure: string]>): 1 | 2 | 4 {
  const widths = figures.map(([name, figure]) => Math.max(name.length * NAME_PX, figure.length * FIGURE_PX));
  const beside = widths.reduce((sum, width) => sum + width, 0) + (widths.length - 1) * GAP_PX;
  if (beside <= CARD_PX) return 4;
  return 2 * Math.max(...widths) + GAP_PX <= CARD_PX ? 2 : 1;
}
