import { countEdits } from './count-edits.ts';
import { DATA_PLACEHOLDER, placeholderNames } from './invocation-variables.ts';

/** A `{date}` is another word, and no slip of the pen. */
const misspelt = placeholderNames.filter((name) => name !== DATA_PLACEHOLDER);

/**
 * The first placeholder in the arguments that there is not: an argument, or the value of an option, that is nothing but
 * `{word}`, or a `{word}` anywhere that is one letter from a placeholder, as `{urll}`. Braces of other sense (`${HOME}`, `{ print }`,
 * code) are left alone; null where there is none.
 */
export function unknownPlaceholderIn(argv: readonly string[]): string | null {
  for (const argument of argv) {
    const isAlone = /^(?:-[^={}\s]*=)?\{\w+\}$/.test(argument);
    for (const { groups } of argument.matchAll(/(?<!\$)\{(?<name>\w+)\}/g)) {
      const name = groups?.['name'] ?? '';
      if (placeholderNames.includes(name)) continue;
      if (isAlone || misspelt.some((known) => countEdits(known, name) <= 1)) return `{${name}}`;
    }
  }
  return null;
}
