/** Ways in which a server may well list the same files otherwise; a client must not depend on any of them. */
export const oddityNames = [
  'descending',
  'shuffled',
  'dot-segments',
  /** Behind the server's data folder, as its releases have it: `/axonserver/./events/default/…`. */
  'dot-behind-root',
  'two-spellings',
  'unknown-suffix',
  'index-that-does-not-exist',
  /** The segment that is to close next is in no part of a list, the first time that there is one in the list of a store. */
  'absent-once',
  /** What has closed since the POST is listed as closed, and not yet the last closed segment of the same answer. */
  'closed-and-not-counted',
] as const;

export type Oddity = (typeof oddityNames)[number];

/** Of a closed segment, by either kind of index. */
const indexName = /\.s?n?index$/;

/** Kinds of files that stand beside a segment: one that newer releases list, and one that nobody can have heard of. */
const unknownSuffixes = ['.nindex', '.zmap'];

/**
 * The names of a listing as an odd server would give them. Pure: who calls it has made the files of `unknown-suffix`.
 * `turn` makes one shuffle differ from the next, and the same in every run of the scenario.
 */
export function reshapeNames(names: readonly string[], oddities: readonly Oddity[], turn: number): string[] {
  let reshaped = [...names];
  if (oddities.includes('unknown-suffix')) {
    const closed = new Set(dataFiles(reshaped));
    reshaped = reshaped.flatMap((name) => (closed.has(name) ? [...unknownBeside(name, names), name] : [name]));
  }
  if (oddities.includes('index-that-does-not-exist')) {
    const indexes = reshaped.filter((name) => indexName.test(name));
    reshaped.push(...indexes.slice(0, 1).map((name) => name.replace(indexName, '_00001$&')));
  }
  if (oddities.includes('dot-segments')) reshaped = reshaped.map((name) => name.replace(/\/([^/]+)$/, '/./$1'));
  if (oddities.includes('dot-behind-root')) reshaped = reshaped.map((name) => name.replace(/(?:\/[^/]+){3}$/, '/.$&'));
  if (oddities.includes('two-spellings')) {
    reshaped.push(...reshaped.slice(0, 2).map((name) => name.replace(/\/([^/]+)$/, '/./$1')));
  }
  if (oddities.includes('descending')) reshaped = reshaped.toSorted(byName).toReversed();
  if (oddities.includes('shuffled')) reshaped = shuffle(reshaped, turn);
  return reshaped;
}

/** Closed and open segments may lie in folders that are spelt differently. */
function byName(one: string, other: string): number {
  const [a, b] = [one, other].map((path) => path.slice(path.lastIndexOf('/')));
  return (a ?? '') < (b ?? '') ? -1 : 1;
}

/**
 * The segment of a listing that is to close next: full, and behind all that is closed. Null where there is none. As 2023.2.1
 * was seen to leave it out (docs/event-segment-format.md, head).
 */
export function closingFileIn(names: readonly string[]): string | null {
  const closed = new Set(dataFiles(names));
  const active = names.filter((name) => /\.(events|snapshots)$/.test(name) && !closed.has(name)).toSorted();
  return active.length < 2 ? null : (active[0] ?? null);
}

/** The highest closed segment of a listing that is not above `limit`; null where all are, or where none is above it. */
export function countedIn(names: readonly string[], limit: bigint): bigint | null {
  const closed = dataFiles(names).map((name) => BigInt(name.slice(name.lastIndexOf('/') + 1).slice(0, 20)));
  const counted = closed.filter((segment) => segment <= limit);
  if (counted.length === 0 || counted.length === closed.length) return null;
  return counted.reduce((highest, each) => (each > highest ? each : highest));
}

/** The names that `unknown-suffix` adds: each kind beside each closed segment. */
export function unknownFilesFor(names: readonly string[]): string[] {
  return dataFiles(names).flatMap((name) => unknownBeside(name, names));
}

/** Those of a kind that the release has are not unknown. */
function unknownBeside(name: string, names: readonly string[]): string[] {
  return unknownSuffixes.map((suffix) => withSuffix(name, suffix)).filter((each) => !names.includes(each));
}

/** Data files of closed segments: those whose index is listed, too. */
function dataFiles(names: readonly string[]): string[] {
  const bases = new Set(names.filter((name) => indexName.test(name)).map(baseOf));
  return names.filter((name) => /\.(events|snapshots)$/.test(name) && bases.has(baseOf(name)));
}

function baseOf(name: string): string {
  return name.replace(/\.[a-z]+$/, '');
}

function withSuffix(name: string, suffix: string): string {
  return name.replace(/\.[a-z]+$/, name.endsWith('.snapshots') ? `.s${suffix.slice(1)}` : suffix);
}

/** A fixed permutation for each turn: a Fisher-Yates walk with a small congruential generator. */
function shuffle(names: readonly string[], turn: number): string[] {
  const shuffled = names.toSorted();
  let state = (turn + 1) * 2_654_435_761;
  for (let last = shuffled.length - 1; last > 0; last--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const picked = state % (last + 1);
    const held = shuffled[last] as string;
    shuffled[last] = shuffled[picked] as string;
    shuffled[picked] = held;
  }
  return shuffled;
}
