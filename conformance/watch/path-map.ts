import path from 'node:path';
import { AxonError } from '../../server/index.ts';
import { mappedPathOf, type PathMapping } from '../journal/path-map.ts';

export type { PathMapping } from '../journal/path-map.ts';

/** Reads `SERVER=LOCAL`. Fails with `bad-option`. */
export function parsePathMapping(text: string): PathMapping {
  const at = text.indexOf('=');
  const [server, local] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 0 || !server.startsWith('/') || local === '') {
    throw new AxonError('bad-option', `--map ${text}: write SERVER=LOCAL, as in /axonserver/events=/mnt/events`);
  }
  return { server: path.posix.normalize(`${server}/`), local: path.resolve(local) };
}

/** Where a file that the server names lies here; where the map has none of its folders it is looked for under its own name. */
export function localPathOf(mappings: readonly PathMapping[], listed: string): string {
  return mappedPathOf(mappings, listed) ?? path.posix.normalize(listed);
}
