import { AxonError } from '../errors.ts';

/** What a file system puts into a new one of its own, such as a volume that is mounted for the cluster. */
const OF_THE_FILE_SYSTEM = 'lost+found';
/** What a simulator always leaves in a data folder. */
const OURS = 'simulator';
/** So many names of what is in the way are told. */
const MOST_NAMED = 3;

/**
 * Fails with `bad-option` where a data folder holds something else than a cluster: a cluster among somebody's own files is
 * found out too late. An empty folder will do, and so will the folders of nodes alone. `names` is what is in it.
 */
export function requireNoneForeign(folder: string, names: readonly string[]): void {
  if (names.includes(OURS)) return;
  const foreign = names.filter((name) => name !== OF_THE_FILE_SYSTEM && !/^node-\d+$/.test(name)).toSorted();
  if (foreign.length === 0) return;
  throw new AxonError('bad-option', `the data folder ${folder} ${describeForeign(foreign)}, or one of a cluster`);
}

/** `holds something else (a, b, c and 4 more): name an empty folder`, for whoever refuses one. */
export function describeForeign(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return `holds something else (${names.slice(0, MOST_NAMED).join(', ')}${more}): name an empty folder`;
}
