/** Widest line of text for people, where no terminal says otherwise. Words that are longer stay whole, so that a path or a command can be copied. */
export const COLUMNS = 100;

const wide =
  /[\p{Emoji_Presentation}\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/u;
const withoutWidth = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** Columns that a text takes on a terminal: two for an emoji or an ideograph, none for a combining mark. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += withoutWidth.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}

/** Lines of at most `columns`, broken at blanks; one empty line for an empty text. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  let width = 0;
  for (const word of text.split(' ')) {
    const wordWidth = widthOf(word);
    if (line !== '' && width + 1 + wordWidth > columns) {
      lines.push(line);
      line = word;
      width = wordWidth;
    } else {
      line = line === '' ? word : `${line} ${word}`;
      width += wordWidth + (line === word ? 0 : 1);
    }
  }
  return [...lines, line];
}

/** Wrapped, and each line moved in by `indent` blanks. */
export function paragraph(text: string, indent: number, columns: number = COLUMNS): string[] {
  return wrap(text, columns - indent).map((line) => `${' '.repeat(indent)}${line}`.trimEnd());
}

/** Where a label stands, and how wide the lines may be; `COLUMNS` unless given. */
export interface LabelLayout {
  readonly indent: number;
  readonly labelWidth: number;
  readonly paint: (label: string) => string;
  readonly columns?: number;
}

/** A label and a text beside it, whose further lines stand under its first. */
export function labelled(
  label: string,
  text: string,
  { indent, labelWidth, paint, columns = COLUMNS }: LabelLayout,
): string[] {
  const start = indent + labelWidth + 2;
  return wrap(text, columns - start).map((line, place) => {
    const left = place === 0 ? `${' '.repeat(indent)}${paint(label.padEnd(labelWidth))}  ` : ' '.repeat(start);
    return `${left}${line}`.trimEnd();
  });
}

/** Rows as columns two blanks apart. */
export function alignColumns(rows: ReadonlyArray<readonly string[]>): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
  }
  return rows.map((row) =>
    row
      .map((cell, column) => `${cell}${' '.repeat((widths[column] ?? 0) - widthOf(cell))}`)
      .join('  ')
      .trimEnd(),
  );
}

/** `1 event`, `3 events`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
