/** Names that folders of backups have for other reasons than that of whom they hold. */
const common = new Set([
  'backup',
  'backups',
  'data',
  'events',
  'event',
  'eventstore',
  'snapshots',
  'snapshot',
  'log',
  'logs',
  'replication',
  'closed',
  'open',
  'current',
  'latest',
  'segments',
  'index',
  'axonserver',
  'axon',
]);
const dateOrRun = /^(?:(?:run|backup|day)?[-_.]?[\dTZ:._-]+)$/i;

/** Which of the names is that of a folder or archive around the file, the nearest first; null where none is. */
export function namedByFolder(path: string, names: readonly string[]): string | null {
  for (const folder of foldersOf(path)) {
    const found = names.find((name) => name === folder || name === decoded(folder));
    if (found !== undefined) return found;
  }
  return null;
}

export const UNKNOWN_OWNER = 'unknown';

/** Whom a file may belong to, by the nearest folder that has a name of its own; `unknown` where none has. */
export function guessOwner(path: string): string {
  const folder = foldersOf(path).find((name) => !common.has(name.toLowerCase()) && !dateOrRun.test(name));
  return folder === undefined ? UNKNOWN_OWNER : decoded(folder);
}

/** Folders and archives around a file, the nearest first; archives without their suffix. */
function foldersOf(path: string): string[] {
  return path
    .split(/[/!]/)
    .slice(0, -1)
    .map((part) => part.replace(/\.(?:zip|tar|tgz|tar\.gz|gz)$/i, ''))
    .toReversed();
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
