import path from 'node:path';

/** A folder as the server names it, and where it really lies; both absolute. */
export interface Mount {
  readonly server: string;
  readonly local: string;
}

/** Where a node keeps what a backup copies. */
interface KeptFolders {
  readonly events: string;
  readonly snapshots: string;
  readonly log: string;
  readonly controlDb: string;
  readonly controlDbBackup: string;
}

/**
 * The folders of a node by the names that they have in the images of the server, whose data folder is `serverRoot`: events
 * and snapshots, log, data, and the zips in the data folder itself (docs/newer-versions.md, section 6). The longest name
 * comes first, so that the first one that fits counts.
 */
export function mountsOf(folders: KeptFolders, serverRoot: string): readonly Mount[] {
  const mount = (name: string, local: string): Mount => ({ server: `${serverRoot}${name}`, local });
  return [
    ...(folders.snapshots === folders.events ? [] : [mount('/snapshots', folders.snapshots)]),
    mount('/events', folders.events),
    mount('/data', folders.controlDb),
    mount('/log', folders.log),
    mount('', folders.controlDbBackup),
  ];
}

/** How the server names a folder or a file that lies in one of these; as it is where it lies in none. */
export function serverNameOf(mounts: readonly Mount[], local: string): string {
  const mount = mounts.find((each) => local === each.local || local.startsWith(`${each.local}${path.sep}`));
  return mount === undefined ? local : mount.server + local.slice(mount.local.length);
}

/**
 * What a client is told of them: a line `SERVER=LOCAL` for each, the longest name first. No name of the server's has a `=`
 * in it, so the first one in a line parts the two.
 */
export function formatPathMap(mounts: readonly Mount[]): string {
  return mounts.map(({ server, local }) => `${server}=${local}`).join('\n');
}

/** What is wrong with a folder that the server is to name as its own, or null. */
export function serverRootFault(serverRoot: string): string | null {
  const isPlain = path.posix.isAbsolute(serverRoot) && path.posix.normalize(serverRoot) === serverRoot;
  if (isPlain && /^(?:\/[^/=\s\p{Cc}]+)+$/u.test(serverRoot)) return null;
  return `serverRoot ${JSON.stringify(serverRoot)}: write an absolute path such as /axonserver: no blanks in it, no =, and no slash at its end`;
}
