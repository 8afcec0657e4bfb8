import type { EventType } from '../../../server/index.ts';
import type { CheckedIndex } from '../segments/index-check.ts';
import type { VerificationProblem } from './verification.ts';

/*
 * What a server does with the indexes that it finds (docs/event-segment-format.md, section 8.3, and real servers): at its
 * start it goes from the newest closed segment down to the first whose indexes are good, builds those of the segments above,
 * and takes all below for good, whatever they are.
 */

/** A segment that holds events, with what lies beside it. */
export interface IndexedSegment {
  readonly segment: bigint;
  readonly events: number;
  /** True for the highest: without a good index it is gone on with, and needs none. */
  readonly isHighest: boolean;
  readonly found: CheckedIndex;
}

/** `half`: one of index and bloom filter is there, the other is not. */
type Standing = 'good' | 'none' | 'half' | 'bad';

interface Closed extends IndexedSegment {
  readonly standing: Standing;
}

/** Whether a segment is one that is gone on with: the highest, and nothing beside it. */
export function isOpen({ isHighest, found }: IndexedSegment): boolean {
  return isHighest && standingOf(found) === 'none';
}

/** What of the indexes of a store makes a server read less than there is, or not start; `segments` ascend. */
export function judgeIndexes(
  context: string,
  type: EventType,
  segments: readonly IndexedSegment[],
): { readonly problems: readonly VerificationProblem[]; readonly notes: readonly string[] } {
  const closed = segments
    .filter((each) => !isOpen(each))
    .map((each): Closed => ({ ...each, standing: standingOf(each.found) }));
  const newestGood = closed.findLast(({ standing }) => standing === 'good');
  const isBelow = ({ segment }: Closed): boolean => newestGood !== undefined && segment < newestGood.segment;
  const below = closed.filter(isBelow);
  const above = closed.filter((each) => !isBelow(each));
  const events = closed.reduce((sum, each) => sum + each.events, 0);
  const kinds = type === 'EVENT' ? '.index, .bloom and .nindex' : '.sindex, .sbloom and .snindex';
  const problems: VerificationProblem[] = [];
  const notes: string[] = [];

  const holes = below.filter(({ standing }) => standing === 'none' || standing === 'half');
  if (holes.length > 0) {
    const message = `${namesOf(holes, type)} ${holes.length === 1 ? 'lacks its' : 'lack their'} index or bloom filter while that of ${newestGood?.segment} is good: ${silently(holes, events)}. ${remedy(kinds)}`;
    problems.push({ kind: 'missing-index', where: context, message });
  }
  const spoilt = below.filter(({ standing }) => standing === 'bad');
  if (spoilt.length > 0) {
    const message = `${namesOf(spoilt, type)} ${spoilt.length === 1 ? 'has' : 'have'} ${faultsOf(spoilt)} while that of ${newestGood?.segment} is good: ${silently(spoilt, events)}; over one that is cut, 4.6.11 fails every such read. ${remedy(kinds)}`;
    problems.push({ kind: 'bad-index', where: context, message });
  }
  // Of the highest a server deletes what does not open; what opens and lists something else, it believes.
  const refused = above.filter(
    ({ standing, found, isHighest }) =>
      (standing === 'bad' && !(isHighest && isUnopenable(found))) ||
      (standing === 'half' && found.index !== 'missing' && !isHighest),
  );
  if (refused.length > 0) {
    const message = `${namesOf(refused, type)} ${refused.length === 1 ? 'has' : 'have'} ${faultsOf(refused)}: over what does not open, 4.6.11 does not start and 2023.2.1 builds it anew; what opens and lists other events, both believe. ${remedy(kinds)}`;
    problems.push({ kind: 'bad-index', where: context, message });
  }
  const rebuilt = above.filter((each) => each.standing !== 'good' && !refused.includes(each));
  if (rebuilt.length > 0) {
    notes.push(
      `${context} ${type}: ${rebuilt.length} of the closed segments without index or bloom filter, and none below them with one missing; the server builds what it needs`,
    );
  }
  return { problems, notes };
}

function standingOf({ index, bloom, jumpSkip }: CheckedIndex): Standing {
  if (jumpSkip !== 'missing') return jumpSkip === 'sound' ? 'good' : 'bad';
  if (index === 'missing' && bloom === 'missing') return 'none';
  if ([index, bloom].some((state) => state === 'wrong' || state === 'damaged')) return 'bad';
  return index === 'missing' || bloom === 'missing' ? 'half' : 'good';
}

function isUnopenable({ index, bloom, jumpSkip }: CheckedIndex): boolean {
  return [index, bloom, jumpSkip].includes('damaged');
}

/** What was seen, with its figures, and what that comes to here. */
function silently(left: readonly Closed[], events: number): string {
  const count = left.reduce((sum, each) => sum + each.events, 0);
  return `4.6.11 and 2023.2.1 start on that, say nothing, and leave such segments out of reads by aggregate (seen: 203 of 339 events came, 333 of 400), here ${count} of ${events} events; reads by token are whole`;
}

function remedy(kinds: string): string {
  return `Delete all ${kinds} files of the context, and a server builds them when it starts.`;
}

function namesOf(segments: readonly Closed[], type: EventType): string {
  const named = segments.slice(0, 5).map(({ segment }) => String(segment));
  const more = segments.length > 5 ? ` and ${segments.length - 5} more` : '';
  return `${segments.length === 1 ? 'segment' : 'segments'} ${named.join(', ')}${more} of ${type}`;
}

function faultsOf(segments: readonly Closed[]): string {
  const faults = new Set(segments.flatMap(({ found }) => faultOf(found)));
  return [...faults].join(', ');
}

function faultOf({ index, bloom, jumpSkip }: CheckedIndex): string[] {
  const faults: string[] = [];
  if (jumpSkip === 'damaged' || index === 'damaged') faults.push('an index that is cut or damaged');
  if (index === 'wrong') faults.push('an index that is empty or of other events');
  if (bloom === 'damaged') faults.push('a bloom filter that is cut or damaged');
  if (bloom === 'wrong') faults.push('a bloom filter that hides aggregates');
  return faults.length === 0 ? ['an index without its bloom filter'] : faults;
}
