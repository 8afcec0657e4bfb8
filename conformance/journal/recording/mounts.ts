import type { Node } from '../../../server/index.ts';
import { formatPathMap, mappedPathOf, parsePathMap, type PathMapping } from '../path-map.ts';

/** What of a node's files can be mounted by itself. */
export type MountName = 'events' | 'snapshots' | 'log' | 'data' | 'zip';

/**
 * Where the files of the nodes lie that the server names as in its own container, and what of that a client is told: what is
 * mounted nowhere for it lies in the container's own layer. Where the server has no such names, they are good as they stand.
 */
export class Mounts {
  readonly #serverRoot: string | null;
  readonly #byNode: ReadonlyMap<string, readonly PathMapping[]>;

  constructor(nodes: readonly Node[], serverRoot: string | null) {
    this.#serverRoot = serverRoot;
    this.#byNode = new Map(nodes.map(({ name, pathMap }) => [name, parsePathMap(pathMap ?? '')]));
  }

  /** Where a file that a node names really lies. */
  localPathOf(node: string, named: string): string {
    return mappedPathOf(this.#byNode.get(node) ?? [], named) ?? named;
  }

  /** Whether a file of the server's lies where its client has no way to it, for whom these are mounted nowhere; a spoilt name does not. */
  isOutside(node: string, named: string, unmounted: readonly MountName[] = []): boolean {
    if (this.#serverRoot === null || mappedPathOf([{ server: this.#serverRoot, local: '/' }], named) === null)
      return false;
    return mappedPathOf(this.#toldOf(node, unmounted), named) === null;
  }

  /** A node as a client is to know it for whom these are mounted nowhere. */
  tell(node: Node, unmounted: readonly MountName[] = []): Node {
    return this.#serverRoot === null ? node : { ...node, pathMap: formatPathMap(this.#toldOf(node.name, unmounted)) };
  }

  #toldOf(node: string, unmounted: readonly MountName[]): readonly PathMapping[] {
    return (this.#byNode.get(node) ?? []).filter(({ server }) => !unmounted.includes(this.#nameOf(server)));
  }

  #nameOf(server: string): MountName {
    return server === this.#serverRoot ? 'zip' : (server.slice((this.#serverRoot ?? '').length + 1) as MountName);
  }
}
