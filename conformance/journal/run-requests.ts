import { OUTSIDE_MARK } from '../../server/index.ts';
import type { Answer, RequestRecord, RunRecord } from './evidence.ts';

/** A request that got the answer it asked for. */
export type Answered<Kind extends Answer['kind']> = RequestRecord & {
  readonly answer: Extract<Answer, { readonly kind: Kind }>;
};

export type ControlDbBackup = Answered<'control-db-backup'>;
export type LogListing = Answered<'log'>;
export type SegmentListing = Answered<'segments'>;

/** POSTs of a run that were answered with a zip, in order. One whose answer names no file is none. */
export function controlDbBackupsOf(run: RunRecord): ControlDbBackup[] {
  return answeredAs(run, 'control-db-backup').filter(isControlDbBackup);
}

/** A planned body can be anything: only an answer that names a file has made a backup known to the client. */
export function isControlDbBackup({ method, answer }: RequestRecord): boolean {
  return method === 'POST' && answer.kind === 'control-db-backup' && answer.file.checksum !== null;
}

/** Whether a request asks for a control database backup by the right method, whatever it was answered. */
export function asksForControlDb({ method, path }: RequestRecord): boolean {
  return method === 'POST' && isControlDbPath(path);
}

/** Whether a request was for what does not lie below the base path of the server: nobody is there. */
export function missesBasePath({ path }: RequestRecord): boolean {
  return path.startsWith(OUTSIDE_MARK);
}

/** What was asked for, whether or not the base path stood before it. */
export function ownPathOf(request: RequestRecord): string {
  return missesBasePath(request) ? request.path.slice(OUTSIDE_MARK.length) : request.path;
}

/** Both editions' paths. */
export function isControlDbPath(path: string): boolean {
  return /^(\/v1\/backup)?\/createControlDbBackup$/.test(path);
}

/** Whether a request is to one of the endpoints that backups are made with. */
export function isBackupRequest({ path }: RequestRecord): boolean {
  return /^\/(?:v1\/backup\/|v2\/backup(?:\/|$))/.test(path) || isControlDbPath(path);
}

/** Listings of the logs that a run was given, in order. */
export function logListingsOf(run: RunRecord): LogListing[] {
  return answeredAs(run, 'log');
}

/** Listings of event and snapshot segments that a run was given, in order. */
export function segmentListingsOf(run: RunRecord): SegmentListing[] {
  return answeredAs(run, 'segments');
}

/** Whether a list names a file that was out of reach when the run ended. */
export function namesOneOutOfReach({ outOfReach }: RunRecord, { node, answer }: SegmentListing): boolean {
  const there = outOfReach.filter((file) => file.node === node && file.context === answer.context);
  return answer.files.some((listed) => there.some(({ name }) => name === listed.name));
}

/** What an answer calls the last closed segment, -1 for none: lower than what it lists, where that was counted before. */
export function toldLastClosed({ answer }: SegmentListing): bigint {
  return answer.countedSegment ?? answer.lastClosedSegment;
}

/** For each group that a run listed, the listing that counts: the last, for whoever lists again starts anew. */
export function lastLogListingsOf(run: RunRecord): ReadonlyMap<string, LogListing> {
  return new Map(logListingsOf(run).map((listing) => [listing.answer.group, listing]));
}

/** The last listing of each context and type, since a client that lists again means the newer one. */
export function lastSegmentListingsOf(run: RunRecord): SegmentListing[] {
  const byStore = segmentListingsOf(run).map(
    (listing) => [`${listing.answer.type} ${listing.answer.context}`, listing] as const,
  );
  return [...new Map(byStore).values()];
}

function answeredAs<Kind extends Answer['kind']>(run: RunRecord, kind: Kind): Array<Answered<Kind>> {
  const answered = run.requests.filter((request): request is Answered<Kind> => request.answer.kind === kind);
  return answered.toSorted((a, b) => a.ordinal - b.ordinal);
}
