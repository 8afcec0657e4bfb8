import path from 'node:path';
import type { ClusterEvent, Node } from '../../../server/index.ts';
import { parsePathMap } from '../path-map.ts';

/**
 * Calls the files of a fake cluster by names that are the same in every run: `node-1/events/default/000….events`. The
 * folder that the nodes live in is another one each time; what follows it stays to the letter, spelling and all. So do the
 * names of a server that has its own for its files, behind the node that they are of, and the places where those lie.
 */
export class ServerFiles {
  readonly #prefix: string;
  #serverRoot: string | null = null;
  /** Place → name, both with a slash at their end. */
  #places: ReadonlyArray<readonly [string, string]> = [];
  /** Folders of the client, by what it is told to call them; and the one that holds the nodes'. */
  readonly #others: ReadonlyArray<readonly [name: string, folder: string]>;

  /** `clusterDir` is the folder that holds one folder for each node; `told` has folders of the client by their names. */
  constructor(clusterDir: string, told: Readonly<Record<string, string>> = {}) {
    this.#prefix = path.resolve(clusterDir) + path.sep;
    this.#others = [...Object.entries(told), ['the data folders', path.resolve(clusterDir)]];
  }

  /** From here on the names of these nodes are known, whose server names its files as if they lay in `serverRoot`. */
  learn(nodes: readonly Node[], serverRoot: string | null): void {
    this.#serverRoot = serverRoot;
    this.#places = placesOf(nodes, serverRoot);
  }

  /** A path, or a message that has some in it; other paths stay as they are. */
  name(text: string): string {
    return this.#places
      .reduce((named, [place, name]) => named.replaceAll(place, name), text)
      .replaceAll(this.#prefix, '');
  }

  /** A path as a node has listed it. */
  nameListed(node: string, listed: string): string {
    const root = this.#serverRoot;
    return root !== null && listed.startsWith(`${root}/`) ? node + listed.slice(root.length) : this.name(listed);
  }

  /** The event, with names in place of the paths that it speaks of. */
  nameIn(event: ClusterEvent): ClusterEvent {
    if ('file' in event) return { ...event, file: this.name(event.file) };
    if ('location' in event) return this.#nameInPush(event);
    if ('message' in event) return { ...event, message: this.name(event.message) };
    return event;
  }

  /** A caller may name any folder of the host, in any spelling. */
  #nameInPush<Event extends ClusterEvent & { readonly location: string }>(event: Event): Event {
    const known = (text: string): string =>
      this.#others.reduce((named, [name, folder]) => named.replaceAll(folder, name), this.name(text));
    const message = 'message' in event ? { message: known(event.message) } : {};
    return { ...event, location: known(event.location), ...message };
  }
}

/** Where the files of nodes lie whose server has names of its own for them, and what they are called: `node-1/events/`. */
export function placesOf(
  nodes: readonly Node[],
  serverRoot: string | null,
): ReadonlyArray<readonly [place: string, name: string]> {
  if (serverRoot === null) return [];
  return nodes.flatMap(({ name, pathMap = '' }) =>
    parsePathMap(pathMap).map(
      ({ server, local }) => [`${local}/`, `${name}${server.slice(serverRoot.length)}/`] as const,
    ),
  );
}
