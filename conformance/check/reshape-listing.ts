import path from 'node:path';
import type { Exchange } from '../../server/index.ts';
import type { LeftOutSegment } from '../journal/evidence.ts';
import { closingFileIn, reshapeNames, unknownFilesFor } from '../scenarios/oddities.ts';
import type { Scenario } from '../scenarios/scenario.ts';

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
  #turn = 0;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
  }

  /** Null where it stays as it is; `place` is to make the files that it then names. */
  reshape(exchange: Exchange, place: (file: string, text: string) => void): Reshaped | null {
    const turn = this.#turn++;
    const oddities = this.#scenario.oddities ?? [];
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
    return { body: text, leftOut: absent?.segment ?? null };
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
}
