import type { Node } from '../../server/index.ts';
import { formatPathMap, mappedPathOf, parsePathMap, type PathMapping } from './path-map.ts';

/** What of a node's files can be mounted by itself. */
export type MountName = 'events' | 'snapshots' | 'log' | 'data' | 'zip';

/**
 * Where the files of the nodes lie that the server names as in its own container, and which of them the client is told of:
 * what is mounted nowhere lies in the container's own layer. Where the server has no such names, they are good as they stand.
 */
export class Mounts {
  readonly #serverRoot: string | null;
  readonly #unmounted: readonly MountName[];
  readonly #byNode: ReadonlyMap<string, readonly PathMapping[]>;

  constructor(nodes: readonly Node[], serverRoot: string | null, unmounted: readonly MountName[] = []) {
    this.#serverRoot = serverRoot;
    this.#unmounted = unmounted;
    this.#byNode = new Map(nodes.map(({ name, pathMap }) => [name, parsePathMap(pathMap ?? '')]));
  }

  /** Where a file that a node names really lies. */
  localPathOf(node: string, named: string): string {
    return mappedPathOf(this.#byNode.get(node) ?? [], named) ?? named;
  }

  /** Whether a file that a node names is in no mount that a client is told of. */
  isOutside(node: string, named: string): boolean {
    return this.#serverRoot !== null && mappedPathOf(this.#toldOf(node), named) === null;
  }

  /** A node as a client is to know it. */
  tell(node: Node): Node {
    return this.#serverRoot === null ? node : { ...node, pathMap: formatPathMap(this.#toldOf(node.name)) };
  }

  #toldOf(node: string): readonly PathMapping[] {
    return (this.#byNode.get(node) ?? []).filter(({ server }) => !this.#unmounted.includes(this.#nameOf(server)));
  }

  #nameOf(server: string): MountName {
    return server === this.#serverRoot ? 'zip' : (server.slice((this.#serverRoot ?? '').length + 1) as MountName);
  }
}
