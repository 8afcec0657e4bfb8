import { styleText } from 'node:util';

type Paint = (text: string) => string;

/** Text with or without colours. A colour only ever repeats what the words beside it say. */
export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
}

const plain: Paint = (text) => text;

export const plainStyle: Style = { bold: plain, dim: plain, red: plain, green: plain, yellow: plain };

/** Colours on a terminal, or where `FORCE_COLOR` asks for them, as build servers do that show them; none with `NO_COLOR`. */
export function createReporterStyle(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): Style {
  if (!hasColours(stream, environment)) return plainStyle;
  // Decided above, for the stream that is meant; left to itself `styleText` would look at stdout.
  const paint =
    (format: keyof Style): Paint =>
    (text) =>
      styleText(format, text, { validateStream: false });
  return {
    bold: paint('bold'),
    dim: paint('dim'),
    red: paint('red'),
    green: paint('green'),
    yellow: paint('yellow'),
  };
}

function hasColours(
  { isTTY }: { readonly isTTY?: boolean },
  { FORCE_COLOR: forced, NO_COLOR: refused = '' }: Readonly<Record<string, string | undefined>>,
): boolean {
  if (refused !== '') return false;
  return forced === undefined ? isTTY === true : forced !== '0' && forced !== 'false';
}
