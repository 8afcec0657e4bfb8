/** Colours of a style sheet, `--name` → `#rrggbb`: as it begins, and as the dark scheme sets them anew. */
export function palettesOf(style: string): Readonly<Record<'light' | 'dark', ReadonlyMap<string, string>>> {
  const [light = '', dark = ''] = style.split('@media screen and (prefers-color-scheme:dark)');
  const colours = (text: string): Map<string, string> =>
    new Map(
      [...text.matchAll(/--(?<name>[\w-]+):(?<value>#[\da-f]{3,6})\b/g)].map(([, name = '', value = '']) => [
        name,
        value,
      ]),
    );
  return { light: colours(light), dark: new Map([...colours(light), ...colours(dark)]) };
}

/** How well one colour is read on another: from 1 to 21 (WCAG 2.2, contrast ratio). */
export function contrastOf(one: string, other: string): number {
  const [bright = 0, dim = 0] = [luminanceOf(one), luminanceOf(other)].toSorted((a, b) => b - a);
  return (bright + 0.05) / (dim + 0.05);
}

function luminanceOf(colour: string): number {
  const digits = colour.slice(1);
  const wide = digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits;
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const part = Number.parseInt(wide.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
