import type { Asked } from './secrets.ts';

/** Characters that are kept of one text. No name that the server knows comes near. */
const MOST_OF_A_TEXT = 1000;
/** Characters that are kept of all parameters together, names included. */
const MOST_OF_A_QUERY = 2000;
const MOST_PARAMETERS = 50;

/**
 * What is kept of a request, however long it was: the beginning of each text with its length, and of many parameters the
 * first. Nothing of it hangs on the request any more: a piece of a text keeps all of that text in memory, unless it is copied.
 */
export function askedInShort({ path, query }: Asked): Asked {
  const parameters = Object.entries(query);
  const kept: [string, string | readonly string[]][] = [];
  let characters = 0;
  for (const [name, value] of parameters) {
    const parameter: [string, string | readonly string[]] = [beginningOf(name), beginningsOf(value)];
    characters += JSON.stringify(parameter).length;
    if (kept.length === MOST_PARAMETERS || characters > MOST_OF_A_QUERY) break;
    kept.push(parameter);
  }
  const left = parameters.length - kept.length;
  if (left > 0) kept.push(['…', `${left} more parameters`]);
  return JSON.parse(JSON.stringify({ path: beginningOf(path), query: Object.fromEntries(kept) })) as Asked;
}

function beginningsOf(value: string | readonly string[]): string | readonly string[] {
  if (typeof value === 'string') return beginningOf(value);
  const kept = value.slice(0, MOST_PARAMETERS).map(beginningOf);
  return value.length > kept.length ? [...kept, `… (${value.length} values)`] : kept;
}

function beginningOf(text: string): string {
  return text.length <= MOST_OF_A_TEXT ? text : `${text.slice(0, MOST_OF_A_TEXT)}… (${text.length} characters)`;
}
