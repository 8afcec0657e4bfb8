import type { Hazard } from '../scenarios/scenario.ts';
import type { ScenarioResult } from '../verdict/report.ts';
import { printable } from './printable.ts';
import { saidBy } from './rule-failure.ts';
import { unreachedHazards } from './report-facts.ts';

/**
 * What a test framework says of a scenario that did not bring about what it is about, in sentences: what was to happen, why that
 * matters, how to repeat it; null where everything was reached.
 */
export function formatMissedHazards(
  result: ScenarioResult,
  hazards: ReadonlyArray<Pick<Hazard, 'id' | 'title'>>,
  name: string = result.id,
): string | null {
  const missed = unreachedHazards(result);
  if (missed.length === 0) return null;
  const titles = missed.map((id) => {
    const title = hazards.find((hazard) => hazard.id === id)?.title;
    return title === undefined ? id : `${title} (${id})`;
  });
  return [
    `${printable(name)} proves nothing: it did not come about that ${titles.map(printable).join(', nor that ')}.`,
    'The client asked for less, or ended earlier, than this takes: rules of the same scenario that failed say more.',
    ...saidBy(result),
    `repeat with: ${printable(result.repro)}`,
  ].join('\n');
}
