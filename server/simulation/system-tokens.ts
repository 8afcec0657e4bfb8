import path from 'node:path';
import type { RandomStream } from '../time-and-chance/random.ts';
import type { DataDir } from '../stores/data-dir.ts';

/**
 * The system token of each node (docs/backup-endpoints.md, section 7): a file that the server makes where it finds none,
 * for programs on the same machine. Good on that node alone, and for ADMIN in `_admin` alone.
 */
export class SystemTokens {
  readonly #tokens: ReadonlyMap<string, string>;

  /** Reads or makes the file of each node; `random` gives a stream of chance by its name. */
  constructor(dataDir: DataDir, nodes: readonly string[], random: (name: string) => RandomStream, nowMs: number) {
    this.#tokens = new Map(nodes.map((node) => [node, tokenOf(dataDir, node, random(`system-token/${node}`), nowMs)]));
  }

  get all(): Iterable<string> {
    return this.#tokens.values();
  }

  /** Null for a node that is not there. */
  of(node: string): string | null {
    return this.#tokens.get(node) ?? null;
  }
}

function tokenOf(dataDir: DataDir, node: string, random: RandomStream, nowMs: number): string {
  const file = path.join(dataDir.folder(node, 'security'), '.token');
  if (dataDir.exists(file)) {
    const found = dataDir.read(file).toString('utf8').trim();
    if (found !== '') return found;
  }
  const token = random.uuid();
  dataDir.write(file, Buffer.from(token, 'utf8'), nowMs);
  return token;
}
