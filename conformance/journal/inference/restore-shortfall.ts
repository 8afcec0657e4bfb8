import type { Evidence, LeftOutSegment, RunRecord } from '../evidence.ts';
import type { BackupInventory } from '../inventory.ts';
import { knownSegmentsOf } from './known-segments.ts';
import { formatSpan } from '../naming.ts';
import type { AnyRestoreProblem, Loss, Restoration } from '../restoration.ts';
import { copiedZipsOf } from '../in-backup/control-db-in-backup.ts';
import { logCopyIn, logCopyOf, logSegmentsAmong } from '../in-backup/log-in-backup.ts';
import { isOfMixedNodes } from '../in-backup/mixed-nodes.ts';
import { lastSegmentListingsOf, logListingsOf, segmentListingsOf, type SegmentListing } from '../run-requests.ts';

const ADMIN_GROUP = '_admin';

/**
 * What a restore lacks beyond what the client has declared not to do. A client that declares `no-open-segment` has event
 * stores that end before the control database, and those that declare `no-snapshots` have no snapshots: what follows
 * from that is known, and no finding. Nor is what follows from a list that the server itself cuts short.
 */
export interface Shortfall {
  readonly problems: readonly AnyRestoreProblem[];
  readonly losses: readonly Loss[];
  readonly lostChanges: number;
}

/**
 * The shortfall of the folder as `run` left it, against what `promise` had to hold: the same run, or the last good one
 * before a run that failed.
 */
export function shortfallOf(evidence: Evidence, run: RunRecord, promise: RunRecord = run): Shortfall {
  const { restoration } = run;
  // Where lists of logs are cut short, of a young group none is listed, and then each node may lack another one.
  if (!evidence.lists.currentLog && isOfMixedNodes(run)) return { problems: [], losses: [], lostChanges: 0 };
  const tellers = tellersOf(run, promise);
  const cutShort = tellers.flatMap((teller) => groupsCutShort(evidence, run, teller));
  const isExpectedLoss = (loss: StartOfLoss): boolean =>
    tellers.some((teller) => isExpected(loss, evidence, run, teller));
  const kept = keptFrom(run, promise);
  return {
    problems: restoration.problems.filter(
      (problem) =>
        !isEndOfList(problem, cutShort) &&
        !isKept(problem, kept, restoration) &&
        !isConsequence(problem, restoration, evidence, isExpectedLoss),
    ),
    losses: restoration.losses.filter(
      (loss) => !isExpectedLoss(loss) && !kept.some((segment) => isAtOrBehind(loss, segment)),
    ),
    lostChanges: cutShort.includes(ADMIN_GROUP) ? 0 : restoration.lostChanges,
  };
}

/**
 * The runs by whose lists a restore is judged: that of the promise; and where the restore takes a control database that a failed
 * run has made, as of one node of several, that run's, too: it is told of other files, and of no more than a list has.
 */
function tellersOf(run: RunRecord, promise: RunRecord): readonly RunRecord[] {
  if (run === promise) return [run];
  const isOwn = copiedZipsOf(run).some(({ file }) => file.path === run.restoration.choice.controlDb);
  return isOwn ? [promise, run] : [promise];
}

/**
 * Groups whose log ends where the server's list of it does. Releases before 4.5.17 list closed log segments alone, which
 * can end before the commit index, and of a young group nothing: no client can do better there.
 */
function groupsCutShort(evidence: Evidence, run: RunRecord, promise: RunRecord): readonly string[] {
  if (evidence.lists.currentLog) return [];
  return evidence.groups.filter((group) => {
    const listings = logListingsOf(promise).filter(({ answer }) => answer.group === group);
    const listing = ofRestoredNode(listings, run, promise).at(-1);
    if (listing === undefined) return false;
    const { files } = listing.answer;
    const restored = run.restoration.choice.logs.find((log) => log.group === group)?.from ?? [];
    const copies = [
      logCopyOf(run.after, group, evidence.groups, files),
      // Where a run has backed up several nodes, the newest copy may be that of another one.
      ...restored.map(({ place }) => logCopyIn(place, run.after, group, evidence.groups, files)),
    ];
    const listed = logSegmentsAmong(files).filter(({ checksum }) => checksum !== null);
    return copies.some((log) => listed.every(({ name }) => log?.files.has(name) === true));
  });
}

/**
 * What was listed by the node whose control database is restored, where a run has backed up several, each for itself: what
 * another one listed is in a backup that the restore does not take. All of it where that node listed nothing of the kind.
 */
function ofRestoredNode<Listing extends { readonly node: string }>(
  listings: readonly Listing[],
  { restoration }: RunRecord,
  promise: RunRecord,
): readonly Listing[] {
  const taken = copiedZipsOf(promise).find(({ file }) => file.path === restoration.choice.controlDb);
  const own = listings.filter(({ node }) => node === taken?.made.node);
  return own.length === 0 ? listings : own;
}

/**
 * Segments that a list kept from the run, and that it has got from no other one: neither closed nor written, such a one is in
 * no part of the answer, and no name in it tells. A copy of before, when the segment was being written, is none of this run.
 * The next run is told of it, and has to have it.
 */
export function keptFrom(
  run: RunRecord,
  { leftOut = [], before }: Pick<RunRecord, 'leftOut' | 'before'> = run,
): readonly LeftOutSegment[] {
  return leftOut.filter((segment) => {
    const old = copiesOf(segment, before);
    return copiesOf(segment, run.after).every((checksum) => old.includes(checksum));
  });
}

function copiesOf({ context, type, segment }: LeftOutSegment, { files }: BackupInventory): readonly string[] {
  return files.flatMap(({ what, checksum }) => {
    const isOfStore = what.kind === 'segment' && what.type === type && (what.context ?? context) === context;
    return isOfStore && what.segment === segment ? [checksum] : [];
  });
}

/** What follows from such a segment: the gap, a node that does not start because of it, and a log that does not join. */
function isKept(
  { kind, where }: AnyRestoreProblem,
  kept: readonly LeftOutSegment[],
  { groups, problems }: Restoration,
): boolean {
  if (kept.length === 0) return false;
  const contexts = new Set(kept.map(({ context }) => context));
  if (kind === 'event-gap' || kind === 'events-behind-control-db' || kind === 'diverges') return contexts.has(where);
  if (kind === 'apply-stopped') {
    return groups.some(({ group, contexts: own }) => group === where && own.some((each) => contexts.has(each)));
  }
  // A node stops at the first gap: it is this one where there is no other.
  const gaps = problems.filter((problem) => problem.kind === 'event-gap');
  return kind === 'does-not-start' && gaps.every((gap) => contexts.has(gap.where));
}

function isAtOrBehind({ context, type, firstToken }: Loss, segment: LeftOutSegment): boolean {
  return context === segment.context && type === segment.type && firstToken >= segment.segment;
}

/** What follows from a log that ends where the list of it does. */
function isEndOfList({ kind, where }: AnyRestoreProblem, cutShort: readonly string[]): boolean {
  return cutShort.includes(where) && (kind === 'no-log' || kind === 'log-ends-too-early' || kind === 'apply-stopped');
}

export function isWhole({ problems, losses, lostChanges }: Shortfall): boolean {
  return problems.length === 0 && losses.length === 0 && lostChanges === 0;
}

/** `3 events of default (tokens 50 to 52) are lost, written over 0m 02s`. */
export function describeLoss({ events, context, type, firstToken, lastToken, virtualMs }: Loss): string {
  const kind = type === 'EVENT' ? 'event' : 'snapshot';
  const what = events === 1 ? `1 ${kind}` : `${events} ${kind}s`;
  const span = virtualMs === 0 ? '' : `, written over ${formatSpan(virtualMs)}`;
  return `${what} of ${context} (${describeTokens(firstToken, lastToken)}) ${events === 1 ? 'is' : 'are'} lost${span}`;
}

/** `1 change of _admin is lost`. */
export function describeLostChanges(changes: number): string {
  return changes === 1 ? '1 change of _admin is lost' : `${changes} changes of _admin are lost`;
}

/** The shortfall in one sentence, for a finding that is not about each of its parts. */
export function describeShortfall({ problems, losses, lostChanges }: Shortfall): string {
  const changes = lostChanges === 0 ? [] : [describeLostChanges(lostChanges)];
  return [
    ...problems.map(({ where, message }) => `${where}: ${message}`),
    ...losses.map(describeLoss),
    ...changes,
  ].join('; ');
}

function describeTokens(first: bigint, last: bigint): string {
  return first === last ? `token ${first}` : `tokens ${first} to ${last}`;
}

/**
 * An event store that ends too early is what one gets without the open segment, or without snapshots; and that its group
 * then stops, at the first entry behind the hole, follows from it. Whether the open segment is left out is for a rule of
 * level `should` to say, so what follows from that alone fails none of level `must`.
 */
function isConsequence(
  { kind, where }: AnyRestoreProblem,
  { problems, losses, groups, stores }: Restoration,
  evidence: Evidence,
  isExpectedLoss: (loss: StartOfLoss) => boolean,
): boolean {
  if (kind !== 'events-behind-control-db' && kind !== 'apply-stopped') return false;
  const contexts = groups.find(({ group }) => kind === 'apply-stopped' && group === where)?.contexts ?? [where];
  const isBehind = problems.some(
    (problem) => problem.kind === 'events-behind-control-db' && contexts.includes(problem.where),
  );
  if (!isBehind) return false;
  if (evidence.capabilities.includes('no-open-segment')) return true;
  const lost = losses.filter(({ context }) => contexts.includes(context));
  if (lost.length > 0) return lost.every(isExpectedLoss);
  if (evidence.lists.openSegments) return false;
  // Nothing is owed that the leader has not acknowledged, though the node that was backed up had applied it.
  const ends = stores.filter(({ context }) => contexts.includes(context));
  return (
    ends.length > 0 &&
    ends.every(({ context, type, nextToken }) => isExpectedLoss({ context, type, firstToken: nextToken }))
  );
}

type StartOfLoss = Pick<Loss, 'context' | 'type' | 'firstToken'>;

/**
 * Whether a token lies behind the closed segments of a listing. Releases that list no open segment list no full one
 * either, which waits for its index before it closes: whoever goes by lists can have neither.
 */
export function isInNoList(evidence: Evidence, { node, answer }: SegmentListing, token: bigint): boolean {
  const { lastClosedSegment } = answer;
  if (answer.openSegment === null) return false;
  if (lastClosedSegment < 0n) return true;
  const end = knownSegmentsOf(evidence).endOf(node, answer, lastClosedSegment);
  return end !== null && token >= end;
}

/**
 * Where the open segment is not included, closed segments alone are judged: what the open
 * one held is no loss, whether that was declared or not. The missing segment itself is another rule's affair. But a client
 * that copies open segments of other stores includes them, unless it says otherwise: what it leaves out of one is lost.
 */
function isExpected(
  { context, type, firstToken }: StartOfLoss,
  evidence: Evidence,
  run: RunRecord,
  promise: RunRecord,
): boolean {
  const { capabilities } = evidence;
  if (type === 'SNAPSHOT' && capabilities.includes('no-snapshots')) return true;
  const listings = segmentListingsOf(promise).filter(
    ({ answer }) => answer.context === context && answer.type === type,
  );
  const listing = ofRestoredNode(listings, run, promise).at(-1);
  if (listing !== undefined && !evidence.lists.openSegments && isInNoList(evidence, listing, firstToken)) return true;
  // Who asks for closed segments alone, and copies no other ones, is told of no full one either, which waits for its index.
  const hasAnyOpen = lastSegmentListingsOf(promise).some((each) => hasOpenSegmentOf(each, run));
  const asksForClosed = listing?.path === '/v1/backup/filenames' && !hasAnyOpen;
  if (listing !== undefined && asksForClosed && isInNoList(evidence, listing, firstToken)) return true;
  const openSegment = listing?.answer.openSegment ?? null;
  if (openSegment === null || firstToken < openSegment) return false;
  if (capabilities.includes('no-open-segment')) return true;
  return listing !== undefined && !hasAnyOpen;
}

function hasOpenSegmentOf({ answer }: SegmentListing, run: RunRecord): boolean {
  return run.after.files.some(
    ({ what }) =>
      what.kind === 'segment' &&
      what.type === answer.type &&
      what.segment === answer.openSegment &&
      (what.context === answer.context || what.context === null),
  );
}
