import path from 'node:path';

/** `/axonserver/events=/mnt/events`: where a folder of the server's is found here. */
export interface PathMapping {
  readonly server: string;
  readonly local: string;
}

/**
 * Where a file that the server names lies here: below the longest folder of the map that it is in, whole parts of the path
 * alone; `/./` and `//` count for nothing. Null where the map has none of its folders.
 */
export function mappedPathOf(mappings: readonly PathMapping[], listed: string): string | null {
  const named = path.posix.normalize(listed);
  const [best] = mappings
    .map(({ server, local }) => ({ folder: path.posix.normalize(`${server}/`), local }))
    .filter(({ folder }) => named.startsWith(folder))
    .toSorted((a, b) => b.folder.length - a.folder.length);
  return best === undefined ? null : path.join(best.local, named.slice(best.folder.length));
}

/** Reads what a client is told, a line `SERVER=LOCAL` for each folder. */
export function parsePathMap(text: string): readonly PathMapping[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ server: line.slice(0, line.indexOf('=')), local: line.slice(line.indexOf('=') + 1) }));
}

/** The same, written. */
export function formatPathMap(mappings: readonly PathMapping[]): string {
  return mappings.map(({ server, local }) => `${server}=${local}`).join('\n');
}
