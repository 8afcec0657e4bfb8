import path from 'node:path';
import type { ClusterState, Exchange } from '../../../server/index.ts';
import type { LeftOutSegment } from '../../journal/evidence.ts';
import { closingFileIn, countedIn, reshapeNames, unknownFilesFor } from '../../scenarios/oddities.ts';
import type { Scenario } from '../../scenarios/scenario.ts';

/** A listing in another shape, and what is left out of it. */
export interface Reshaped {
  readonly body: string;
  readonly leftOut: LeftOutSegment | null;
}

/** Gives listings the shape that a scenario wants, one after the other. */
export class ListingShaper {
  readonly #scenario: Scenario;
  /** Stores of nodes of which a list has left a segment out. */
  readonly #struck = new Set<string>();
  /** What was closed when a node was last asked for its control database. */
  readonly #atPost = new Map<string, ClusterState>();
  readonly #stateNow: () => ClusterState | null;
  #turn = 0;

  constructor(scenario: Scenario, stateNow: () => ClusterState | null) {
    this.#scenario = scenario;
    this.#stateNow = stateNow;
  }

  /** Null where it stays as it is; `place` is to make the files that it then names. */
  reshape(exchange: Exchange, place: (file: string, text: string) => void): Reshaped | null {
    const turn = this.#turn++;
    const oddities = this.#scenario.oddities ?? [];
    if (oddities.includes('closed-and-not-counted') && exchange.method === 'POST') this.#notePost(exchange);
    if (oddities.length === 0 || !/^\/v1\/backup\/(filenames|eventstore|log\/filenames)$/.test(exchange.path))
      return null;
    const body: unknown = JSON.parse(exchange.body);
    const names = (Array.isArray(body) ? body : (body as { filenames: string[] }).filenames) as string[];
    if (oddities.includes('unknown-suffix')) {
      for (const file of unknownFilesFor(names)) {
        place(file, `a kind of file that came with a later release: ${path.basename(file)}\n`);
      }
    }
    const absent = oddities.includes('absent-once') ? this.#findAbsent(exchange, names) : null;
    // Segments of a log have no versions, and so no index of one.
    const isLog = exchange.path === '/v1/backup/log/filenames';
    const possible = oddities.filter((oddity) => !isLog || oddity !== 'index-that-does-not-exist');
    const kept = names.filter((name) => name !== absent?.name);
    const reshaped = JSON.stringify(reshapeNames(kept, possible, turn));
    // As text: the number of a segment beside the names may have more digits than a number keeps.
    const text = exchange.body.replace(/\[[^\]]*\]/, () => reshaped);
    const counted = oddities.includes('closed-and-not-counted') ? this.#findCounted(exchange, names) : null;
    const told = counted === null ? text : text.replace(/("lastClosedSegment"\s*:\s*)-?\d+/, `$1${counted}`);
    return { body: told, leftOut: absent?.segment ?? null };
  }

  #findAbsent(
    { node, path: asked, query }: Exchange,
    names: readonly string[],
  ): { readonly name: string; readonly segment: LeftOutSegment } | null {
    const name = asked === '/v1/backup/eventstore' ? closingFileIn(names) : null;
    const store = `${node} ${String(query['targetContext'])} ${String(query['type']).toUpperCase()}`;
    if (name === null || this.#struck.has(store)) return null;
    this.#struck.add(store);
    const context = path.basename(path.dirname(name));
    const type = name.endsWith('.events') ? 'EVENT' : 'SNAPSHOT';
    return { name, segment: { context, type, segment: BigInt(path.basename(name).slice(0, 20)) } };
  }

  #notePost({ node }: Exchange): void {
    const state = this.#stateNow();
    if (state !== null) this.#atPost.set(node, state);
  }

  /** What the server had counted before it made the list, in which a segment that closes meanwhile is (docs/backup-endpoints.md, section 1.4). */
  #findCounted({ node, path: asked, query }: Exchange, names: readonly string[]): bigint | null {
    if (asked !== '/v1/backup/eventstore') return null;
    const type = String(query['type']).toUpperCase() === 'SNAPSHOT' ? 'SNAPSHOT' : 'EVENT';
    const context = String(query['targetContext'] ?? 'default');
    const before = this.#atPost.get(node)?.nodes.find(({ name }) => name === node)?.contexts[context]?.[type];
    const limit = before?.closedSegments.last ?? null;
    return limit === null ? null : countedIn(names, BigInt(limit));
  }
}
