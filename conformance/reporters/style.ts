import { styleText } from 'node:util';
import { COLUMNS } from './layout.ts';

type Paint = (text: string) => string;

/** Text with or without colours. A colour only ever repeats what the words beside it say. */
export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  /** Widest line. */
  readonly columns: number;
}

const plain: Paint = (text) => text;

export const plainStyle: Style = {
  bold: plain,
  dim: plain,
  red: plain,
  green: plain,
  yellow: plain,
  columns: COLUMNS,
};

/** Narrower than that columns are of no use, and wider lines are hard to read. */
const FEWEST_COLUMNS = 60;
const MOST_COLUMNS = 120;

/** Colours on a terminal, or where `FORCE_COLOR` asks for them, as build servers do that show them; none with `NO_COLOR`. Lines are as wide as the terminal. */
export function createReporterStyle(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  environment: Readonly<Record<string, string | undefined>>,
): Style {
  const columns = columnsOf(stream);
  if (!hasColours(stream, environment)) return { ...plainStyle, columns };
  // Decided above, for the stream that is meant; left to itself `styleText` would look at stdout.
  const paint =
    (format: Exclude<keyof Style, 'columns'>): Paint =>
    (text) =>
      styleText(format, text, { validateStream: false });
  return {
    bold: paint('bold'),
    dim: paint('dim'),
    red: paint('red'),
    green: paint('green'),
    yellow: paint('yellow'),
    columns,
  };
}

/** Some terminals have no width to tell. */
function columnsOf({ isTTY, columns = 0 }: { readonly isTTY?: boolean; readonly columns?: number }): number {
  if (isTTY !== true || columns <= 0) return COLUMNS;
  return Math.min(Math.max(columns, FEWEST_COLUMNS), MOST_COLUMNS);
}

function hasColours(
  { isTTY }: { readonly isTTY?: boolean },
  { FORCE_COLOR: forced, NO_COLOR: refused = '' }: Readonly<Record<string, string | undefined>>,
): boolean {
  if (refused !== '') return false;
  return forced === undefined ? isTTY === true : forced !== '0' && forced !== 'false';
}
