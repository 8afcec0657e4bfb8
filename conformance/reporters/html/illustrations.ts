import { drawTimeline } from '../../../timeline/index.ts';
import type { Report, ScenarioResult } from '../../verdict/report.ts';
import type { ScenarioJournal } from '../../verdict/scenario-journal.ts';
import { nameOf } from '../scenario-name.ts';
import { sameWithEarlier } from './repetition.ts';
import { MOST_REQUESTS } from './requests-table.ts';

/** A scenario's picture as SVG, and its journal, whose requests are listed. */
export interface Illustration {
  readonly svg: string;
  readonly journal: ScenarioJournal;
}

/** A row of the table of requests, as a rule. */
const BYTES_OF_REQUEST = 400;

/**
 * Which scenarios of a page have their picture and their requests: all that are told in full, as a rule. Where there is no room (in
 * bytes) for so much, the first one that failed has them all the same, then what else is wrong, then what is as it should be,
 * and each of them in reading order.
 */
export function illustrate(
  report: Report,
  journals: readonly ScenarioJournal[],
  { first, room }: { readonly first: ScenarioResult | undefined; readonly room: number },
): ReadonlyMap<ScenarioResult, Illustration> {
  const journalOf = new Map(
    journals.map((journal) => [nameOf({ ...journal, id: journal.scenario }, report), journal] as const),
  );
  const rank = (scenario: ScenarioResult): number => (scenario === first ? 0 : scenario.status === 'pass' ? 2 : 1);
  const illustrations = new Map<ScenarioResult, Illustration>();
  let left = room;
  for (const scenario of report.scenarios.toSorted((a, b) => rank(a) - rank(b))) {
    const name = nameOf(scenario, report);
    const journal = journalOf.get(name);
    if (journal === undefined || (left <= 0 && scenario !== first)) continue;
    if (scenario !== first && sameWithEarlier(report, scenario) !== undefined) continue;
    const idPrefix = `timeline-${report.scenarios.indexOf(scenario) + 1}`;
    const svg = drawTimeline(journal.timeline, { title: name, idPrefix, hasStyle: false });
    left -= svg.length + Math.min(MOST_REQUESTS, journal.requests.length) * BYTES_OF_REQUEST;
    if (left > 0 || scenario === first) illustrations.set(scenario, { svg, journal });
  }
  return illustrations;
}
