import path from 'node:path';
import { AxonError } from '../../server/index.ts';

/** `/axonserver/events=/mnt/events`: where a folder of the server's is found here. */
export interface PathMapping {
  readonly server: string;
  readonly local: string;
}

/** Reads `SERVER=LOCAL`. Fails with `bad-option`. */
export function parsePathMapping(text: string): PathMapping {
  const at = text.indexOf('=');
  const [server, local] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 0 || !server.startsWith('/') || local === '') {
    throw new AxonError('bad-option', `--map ${text}: write SERVER=LOCAL, as in /axonserver/events=/mnt/events`);
  }
  return { server: path.posix.normalize(`${server}/`), local: path.resolve(local) };
}

/**
 * Where a file that the server names lies here: below the longest folder of the map that it is in, whole parts of the path
 * alone; `/./` and `//` count for nothing. Where the map has none of its folders it is looked for under its own name.
 */
export function localPathOf(mappings: readonly PathMapping[], listed: string): string {
  const named = path.posix.normalize(listed);
  const [best] = mappings
    .filter(({ server }) => named.startsWith(server))
    .toSorted((a, b) => b.server.length - a.server.length);
  return best === undefined ? named : path.join(best.local, named.slice(best.server.length));
}
