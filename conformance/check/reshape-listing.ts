import path from 'node:path';
import type { Exchange } from '../../server/index.ts';
import { reshapeNames, unknownFilesFor } from '../scenarios/oddities.ts';
import type { Scenario } from '../scenarios/scenario.ts';

/** Gives a listing the shape that the scenario wants; `place` is to make the files that it then names. */
export function reshapeListing(
  exchange: Exchange,
  scenario: Scenario,
  turn: number,
  place: (file: string, text: string) => void,
): string | null {
  const oddities = scenario.oddities ?? [];
  if (oddities.length === 0 || !/^\/v1\/backup\/(filenames|eventstore|log\/filenames)$/.test(exchange.path))
    return null;
  const body: unknown = JSON.parse(exchange.body);
  const names = (Array.isArray(body) ? body : (body as { filenames: string[] }).filenames) as string[];
  if (oddities.includes('unknown-suffix')) {
    for (const file of unknownFilesFor(names)) {
      place(file, `a kind of file that came with a later release: ${path.basename(file)}\n`);
    }
  }
  // Segments of a log have no versions, and so no index of one.
  const isLog = exchange.path === '/v1/backup/log/filenames';
  const possible = oddities.filter((oddity) => !isLog || oddity !== 'index-that-does-not-exist');
  const reshaped = reshapeNames(names, possible, turn);
  return JSON.stringify(Array.isArray(body) ? reshaped : { ...(body as object), filenames: reshaped });
}
