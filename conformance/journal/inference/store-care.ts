import type { EventType } from '../../../server/index.ts';
import { segmentsInBackup } from '../in-backup/backup-copies.ts';
import type { Evidence, RequestRecord, RunRecord } from '../evidence.ts';
import { listingRoundsOf, type ListingRound } from './listing-rounds.ts';
import { formatTime, nameRequest } from '../naming.ts';
import { claimedRunsOf } from './run-ending.ts';
import { segmentListingsOf } from '../run-requests.ts';

/** What a run that claims a good backup has done about one event store of the cluster. */
export type StoreCare = Assessment & { readonly run: RunRecord; readonly context: string };

type Assessment =
  | { readonly state: 'in-backup' }
  /** It was asked for, and nothing was closed that would have to be there. */
  | { readonly state: 'nothing-closed' }
  | { readonly state: 'not-in-backup'; readonly round: ListingRound }
  /** No answer was about it; the request that came nearest, and why it does not count. */
  | { readonly state: 'not-listed'; readonly nearest: RequestRecord | null; readonly reason: string };

/** One entry for each such run and each context whose events, or snapshots, are to be backed up. */
export function storeCareOf(evidence: Evidence, type: EventType): StoreCare[] {
  return claimedRunsOf(evidence).flatMap((run) =>
    evidence.contexts.map((context) => ({ run, context, ...assess(evidence, run, context, type) })),
  );
}

/** What is wrong with it, for a finding; null where nothing is. */
export interface Neglect {
  readonly atMs: number | null;
  readonly subject: string;
  readonly actual: string;
}

export function neglectOf(care: StoreCare): Neglect | null {
  switch (care.state) {
    case 'in-backup':
    case 'nothing-closed':
      return null;
    case 'not-in-backup': {
      const { lastClosedSegment, listings } = care.round;
      const [{ atMs }] = listings;
      const told = `segments up to ${lastClosedSegment} were closed at ${formatTime(atMs)}`;
      return { atMs, subject: nameRequest(listings[0]), actual: `not one segment of them is there, although ${told}` };
    }
    case 'not-listed': {
      const { nearest, reason, context } = care;
      const subject = nearest === null ? `context ${context}` : nameRequest(nearest);
      return { atMs: nearest?.atMs ?? null, subject, actual: `they were not listed: ${reason}` };
    }
  }
}

function assess(evidence: Evidence, run: RunRecord, context: string, type: EventType): Assessment {
  const rounds = listingRoundsOf(run).filter((round) => round.context === context && round.type === type);
  if (rounds.length === 0) return { state: 'not-listed', ...nearestRequest(evidence, run, context, type) };
  const round = rounds.find(({ lastClosedSegment }) => lastClosedSegment >= 0n);
  if (round === undefined) return { state: 'nothing-closed' };
  const copies = segmentsInBackup(run.after, { context, type }, evidence.contexts);
  return copies.size > 0 ? { state: 'in-backup' } : { state: 'not-in-backup', round };
}

/** The likeliest mistake first: what was asked for, yet not got. */
function nearestRequest(
  evidence: Evidence,
  run: RunRecord,
  context: string,
  type: EventType,
): { readonly nearest: RequestRecord | null; readonly reason: string } {
  const listings = segmentListingsOf(run).filter(({ answer }) => answer.type === type);
  const misread = listings.find(({ query, answer }) => answer.context !== context && namesContext(query, context));
  if (misread !== undefined) {
    const { path, answer } = misread;
    const parameter = path.endsWith('/eventstore') ? 'targetContext' : 'context';
    return {
      nearest: misread,
      reason: `${path} takes the context from ${parameter}, and answered for ${answer.context}`,
    };
  }
  const absent = listings.find(({ answer }) => answer.context === context);
  if (absent !== undefined) {
    return { nearest: absent, reason: `${absent.node} does not have the context: its empty list says nothing` };
  }
  const stranger = listings.find(({ answer }) => !evidence.contexts.includes(answer.context));
  if (stranger !== undefined) {
    const { answer } = stranger;
    return { nearest: stranger, reason: `the server was asked for context "${answer.context}", which there is not` };
  }
  const refused = run.requests.find(
    ({ answer, query }) =>
      answer.kind === 'failure' &&
      answer.about === 'segments' &&
      namesType(query, type) &&
      (namesContext(query, context) || (context === 'default' && !namesAnyContext(query))),
  );
  if (refused !== undefined) {
    const answered = refused.status === 0 ? 'not answered' : `answered with ${refused.status}`;
    return { nearest: refused, reason: `the request was ${answered}, and none that followed brought the list` };
  }
  return { nearest: null, reason: 'no request asked for it' };
}

function namesContext(query: RequestRecord['query'], context: string): boolean {
  return Object.values(query).includes(context);
}

function namesAnyContext(query: RequestRecord['query']): boolean {
  return 'context' in query || 'targetContext' in query;
}

function namesType(query: RequestRecord['query'], type: EventType): boolean {
  return typeof query['type'] === 'string' && query['type'].toUpperCase() === type;
}
