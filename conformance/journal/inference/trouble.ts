import type { ClusterEvent } from '../../../server/index.ts';
import type { Evidence, ListedFile, RequestRecord, RunRecord } from '../evidence.ts';
import { formatTime, nameRequest } from '../naming.ts';
import { isWithinSpan } from '../order-of-happening.ts';
import { endingOf } from './run-ending.ts';
import { areBesideEachOther } from './run-order.ts';
import { controlDbBackupsOf, logListingsOf, namesOneOutOfReach, segmentListingsOf } from '../run-requests.ts';
import { errorAnswersOf, isRefusal } from './error-answers.ts';
import { vanishedFilesOf } from './vanished-log-files.ts';

/**
 * Whether a run met a fault: one that was planned and changed what it was answered, a node that did not answer or answered
 * with a server error, a refusal, a segment that could not be read, a file that lies where nothing is mounted, a disk that
 * takes no more, or its own sudden end. What a client brings upon itself is none: by asking for what is not there, or in words
 * that a release does not know, which some answer with 500, and asking in others then.
 */
export function metFault(evidence: Evidence, run: RunRecord): boolean {
  const isCutShort = endingOf(run) === 'killed' || hitFileLimit(run) || metSegmentOutOfReach(run);
  if (isCutShort || fileInNoMountOf(run) !== undefined) return true;
  const madeGood = new Set(
    errorAnswersOf(evidence, run).flatMap(({ request, wasMadeGood }) => (wasMadeGood ? [request] : [])),
  );
  const isOwnDoing = (request: RequestRecord): boolean =>
    request.fault === null && request.status === 500 && madeGood.has(request);
  return run.requests.some((request) => isFault(request) && !isOwnDoing(request));
}

function fileInNoMountOf(run: RunRecord): ListedFile | undefined {
  return [...controlDbBackupsOf(run).map(({ answer }) => answer.file), ...filesListedIn(run)].find(
    ({ outsideMounts }) => outsideMounts === true,
  );
}

/** A run that was told of none, and found all it looked for, has lost nothing by it. */
function metSegmentOutOfReach(run: RunRecord): boolean {
  if (run.outOfReach.length === 0 || endingOf(run) !== 'claimed-good') return run.outOfReach.length > 0;
  return segmentListingsOf(run).some((listing) => namesOneOutOfReach(run, listing));
}

/** A run under a limit that came to nothing: what it could not write is no fault of its own. */
function hitFileLimit(run: RunRecord): boolean {
  return typeof run.result.fileLimitBytes === 'number' && endingOf(run) !== 'claimed-good';
}

function isFault(request: RequestRecord): boolean {
  const { status, fault } = request;
  return fault !== null || status === 0 || status >= 500 || isRefusal(request);
}

/**
 * Anything in a run that a careful client may take for a reason to fail, in one sentence, or null where all went well. It
 * is generous: whatever was no plain success excuses the client.
 */
export function excuseOf(evidence: Evidence, run: RunRecord): string | null {
  if (hitFileLimit(run)) return `no file could have more than ${run.result.fileLimitBytes} bytes`;
  const request = run.requests.find(isNoPlainSuccess);
  if (request !== undefined) return `${nameRequest(request)} had no plain answer`;
  const [outOfReach] = run.outOfReach;
  if (outOfReach !== undefined) return `${outOfReach.name} could not be read`;
  const [absent] = contextsAbsentFor(evidence, run);
  if (absent !== undefined) return `${run.node} does not hold the context ${absent}`;
  const missing = segmentListingsOf(run).find(({ answer }) => answer.openSegment === null);
  if (missing !== undefined) return `${missing.node} does not have the context ${missing.answer.context}`;
  const unmounted = fileInNoMountOf(run);
  if (unmounted !== undefined) return `${unmounted.path} lies in no folder that is mounted`;
  const hardship = hardshipOf(evidence, run);
  if (hardship !== null) return hardship;
  const beside = evidence.runs.find((other) => areBesideEachOther(other, run));
  return beside === undefined ? null : `run ${beside.run} went on beside it`;
}

/**
 * What came over a run though each request was answered well: a client cannot have brought it upon itself, and may fail for
 * it, at its first try or at its tenth. In one sentence, or null where there was nothing of the kind.
 */
export function hardshipOf(evidence: Evidence, run: RunRecord): string | null {
  if (run.deniedFolder !== undefined) return describeDenied(run);
  const incomplete = [...segmentListingsOf(run), ...logListingsOf(run)].find(({ answer }) =>
    answer.files.some(({ checksum }) => checksum === null),
  );
  if (incomplete !== undefined) return `${nameRequest(incomplete)} named a file that was not there`;
  const vanished = logListingsOf(run).find((listing) => vanishedFilesOf(evidence, run, listing).length > 0);
  if (vanished !== undefined) return `files of ${nameRequest(vanished)} vanished`;
  const event = evidence.events.find((each) => upsetting.has(each.kind) && isWithinSpan(each, run));
  return event === undefined ? null : `${event.kind} at ${formatTime(event.atMs)}`;
}

/** What is to be said of a run that was denied a folder of the kit's: it has done nothing wrong, and nothing is proved. */
export function describeDenied({ run, deniedFolder }: Pick<RunRecord, 'run' | 'deniedFolder'>): string {
  const why = 'the folders of a check belong to the user that runs it, and the client runs as another one';
  return `run ${run} was denied ${deniedFolder}: ${why}. Its exit code is right; --client-user UID gives it folders of its own`;
}

function filesListedIn(run: RunRecord): readonly ListedFile[] {
  return [...segmentListingsOf(run), ...logListingsOf(run)].flatMap(
    ({ answer }): readonly ListedFile[] => answer.files,
  );
}

/** Contexts that the node which the run was given does not hold: it may well fail for them. */
export function contextsAbsentFor({ absentContexts }: Evidence, { node }: RunRecord): readonly string[] {
  return absentContexts.get(node) ?? [];
}

function isNoPlainSuccess({ status, fault, answer }: RequestRecord): boolean {
  return fault !== null || status === 0 || status >= 300 || answer.kind === 'failure';
}

/** What happens in a cluster that takes files, or answers, from under a client. */
const upsetting: ReadonlySet<ClusterEvent['kind']> = new Set([
  'node-stopped',
  'node-crashed',
  'group-failed',
  'log-lost',
  'apply-failed',
  'snapshot-installed',
  'segment-versions-compacted',
] as const);
