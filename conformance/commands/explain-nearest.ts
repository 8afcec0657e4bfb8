import { countEdits } from '../driver/count-edits.ts';

/** Most ids that are suggested. */
const MOST_SUGGESTED = 3;

/**
 * Ids that a user may have meant: those that hold the word, then those that differ from it in a few letters, be it as a
 * whole or in the part behind the slash.
 */
export function findNearest(word: string, ids: readonly string[]): string[] {
  const wanted = word.toLowerCase();
  const most = Math.max(2, Math.floor(wanted.length / 3));
  const ranked = ids.map((id) => ({ id, distance: distanceTo(wanted, id) })).filter(({ distance }) => distance <= most);
  return ranked
    .toSorted((one, other) => one.distance - other.distance)
    .slice(0, MOST_SUGGESTED)
    .map(({ id }) => id);
}

function distanceTo(wanted: string, id: string): number {
  if (wanted.length > 2 && id.includes(wanted)) return 0;
  const name = id.slice(id.indexOf('/') + 1);
  return Math.min(countEdits(wanted, id), countEdits(wanted, name));
}
