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

/** Colours on a terminal alone, and not where `NO_COLOR` is set. */
export function createReporterStyle(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): Style {
  if (stream.isTTY !== true || (environment['NO_COLOR'] ?? '') !== '') return plainStyle;
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
