/** So many lines are kept: the reason stands at the end. */
const MOST_LINES = 12;
/** Of a line so many characters. */
const MOST_CHARACTERS = 300;

/** Frames of Node's own insides: a dozen of them would stand in the place of the reason. */
const withinNode = /^\s+at (?:.*\()?node:internal\//;

/** What a text is to say in place of a name that differs each time, or of a token. */
export type Naming = readonly [text: string, name: string];

/**
 * The last lines of what a client wrote to stderr, without blank ones. Names are replaced before anything is cut, so that
 * no half of a token is left; longer ones first, for one may begin with another.
 */
export function tailOf(stderr: string, namings: readonly Naming[]): readonly string[] {
  const named = namings
    .filter(([text]) => text !== '')
    .toSorted(([a], [b]) => b.length - a.length)
    .reduce((text, [from, to]) => text.replaceAll(from, to), stderr);
  return named
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !withinNode.test(line))
    .slice(-MOST_LINES)
    .map((line) => (line.length <= MOST_CHARACTERS ? line : `${line.slice(0, MOST_CHARACTERS)}…`));
}
