import type { ClusterEvent, EventType } from '../../server/index.ts';
import type { RunResult } from '../../conformance/driver/client-driver.ts';
import type { Answer, Evidence, ListedFile, RequestRecord, RunRecord } from '../../conformance/journal/evidence.ts';
import type { BackupFile, BackupInventory } from '../../conformance/journal/inventory.ts';
import type { Loss, Restoration, RestoreProblem } from '../../conformance/journal/restoration.ts';

/*
 * Evidence for the rules to judge, with defaults for everything. The default is a good client's only run on a cluster
 * with the context `default`: what a test sets is what it is about.
 *
 *   evidence()                                         one good run
 *   evidence({ runs: [goodRun(1), goodRun(2)] })       two of them, the second on a backup that is there
 *   run({ requests: [post(), logListing('default')] }) a run that did just that, and left an empty folder
 *   goodRun(2, { result: exited(1) })                  the second good run, but for its exit code
 *   failing(post())                                    a request that is answered with 503
 *
 * A listed file and a file of a backup have the checksum `sha-<name>` unless told otherwise: of one name, they are
 * equal. Open files have checksums of their own, since they change.
 *
 * What happened in one millisecond happened in this order, unless told otherwise: a run began, requests were answered, the
 * cluster did something, a run ended.
 */

/** Midnight of the cluster's first day. */
export const firstMs = Date.UTC(2024, 0, 1);
const RUN_EVERY_MS = 2 * 3_600_000;
export const minuteMs = 60_000;

/** Evidence as a test writes it down; `evidence` gives events their place among all that happened. */
export type EvidenceSketch = Omit<Partial<Evidence>, 'events'> & { readonly events?: readonly ClusterEvent[] };

export function evidence({ events = [], ...values }: EvidenceSketch = {}): Evidence {
  return {
    contexts: ['default'],
    groups: ['_admin', 'default'],
    absentContexts: new Map(),
    asksForLog: true,
    lists: { openSegments: true, currentLog: true, log: true },
    basePath: '',
    isTmpdirElsewhere: false,
    hasAccessControl: false,
    secrets: [],
    capabilities: [],
    runs: [goodRun(1)],
    samples: [],
    ...values,
    events: events.map((event) => ({ seq: seqAt(event.atMs, 'event'), ...event })),
  };
}

const places = { start: 0, request: 1, event: 2, end: 3 };

/** The place of something among all that happened, by its time, and what it is. */
export function seqAt(atMs: number, what: keyof typeof places): number {
  return atMs * 10 + places[what];
}

/** A request as a test writes it down; `run` gives it its place, its time and its number. */
export type RequestSketch = Partial<RequestRecord>;

/**
 * A run that was left to itself, ended with 0, asked nothing and left nothing. Runs begin two hours apart, requests
 * come a second apart, and the run ends a second after the last.
 */
export function run(
  values: Partial<Omit<RunRecord, 'requests' | 'before' | 'after'>> & {
    readonly requests?: readonly RequestSketch[];
    readonly before?: readonly BackupFile[];
    readonly after?: readonly BackupFile[];
  } = {},
): RunRecord {
  const number = values.run ?? 1;
  const startMs = values.startMs ?? firstMs + number * RUN_EVERY_MS;
  const node = values.node ?? 'node-1';
  const requests = (values.requests ?? []).map((sketch, place) =>
    request({
      run: number,
      ordinal: (number - 1) * 100 + place + 1,
      atMs: startMs + (place + 1) * 1000,
      node,
      ...sketch,
    }),
  );
  const endMs = values.endMs ?? Math.max(startMs, ...requests.map(({ atMs }) => atMs)) + 1000;
  return {
    endMs,
    startSeq: seqAt(startMs, 'start'),
    endSeq: seqAt(endMs, 'end'),
    result: exited(0),
    wasKilled: false,
    sourceDamage: [],
    outOfReach: [],
    tokenSightings: [],
    halfWritten: [],
    logPositions: [],
    restoration: restoration(),
    lastGoodAlone: null,
    ...values,
    run: number,
    node,
    startMs,
    requests,
    before: inventory(values.before),
    after: inventory(values.after),
  };
}

/** How a run ended by itself. */
export function exited(exitCode: number, values: Partial<RunResult> = {}): RunResult {
  return { exitCode, signal: null, hasTimedOut: false, stdout: '', stderr: '', ...values };
}

/** How a run ended that was ended: by the scenario (with `wasKilled`), or because it took too long. */
export function ended(values: Partial<RunResult> = {}): RunResult {
  return { ...exited(0), exitCode: null, signal: 'SIGKILL', ...values };
}

export function inventory(files: readonly BackupFile[] = [], unreadable: readonly string[] = []): BackupInventory {
  return { files, unreadable };
}

const nothingChosen = { why: 'there is nothing', controlDb: null, logs: [], stores: [] };

export function restoration(values: Partial<Restoration> = {}): Restoration {
  return {
    choice: nothingChosen,
    problems: [],
    groups: [],
    stores: [],
    losses: [],
    stranded: [],
    lostChanges: 0,
    ...values,
  };
}

export function problem(kind: RestoreProblem['kind'], where = 'default'): RestoreProblem {
  return { kind, where, message: `${kind} in ${where}` };
}

export function loss(values: Partial<Loss> = {}): Loss {
  return {
    context: 'default',
    type: 'EVENT',
    events: 3,
    firstToken: 50n,
    lastToken: 52n,
    fromMs: firstMs,
    virtualMs: 2000,
    ...values,
  };
}

/* Requests. */

/** A request that has nothing to do with a backup, unless told otherwise. */
export function request(values: RequestSketch = {}): RequestRecord {
  return {
    run: 1,
    ordinal: 1,
    atMs: firstMs + RUN_EVERY_MS,
    node: 'node-1',
    method: 'GET',
    path: '/v1/public/me',
    query: {},
    hasToken: false,
    status: 200,
    fault: null,
    answer: { kind: 'other' },
    seq: seqAt(values.atMs ?? firstMs + RUN_EVERY_MS, 'request'),
    ...values,
  };
}

const controlDbPath = '/v1/backup/createControlDbBackup';

/** `POST createControlDbBackup`, answered with that zip. */
export function post(zip: string | ListedFile = zipName(1), values: RequestSketch = {}): RequestSketch {
  const file = typeof zip === 'string' ? listedFile(zip) : zip;
  return { method: 'POST', path: controlDbPath, answer: { kind: 'control-db-backup', file }, ...values };
}

/** `GET log/filenames`, answered with those files; the last of them is the open one. */
export function logListing(
  group: string,
  files: readonly ListedFile[] = [listedFile(logName(1), { isOpen: true })],
  values: RequestSketch = {},
): RequestSketch {
  const answer: Answer = { kind: 'log', group, files };
  return { path: '/v1/backup/log/filenames', query: { context: group }, answer, ...values };
}

/** `GET eventstore`, answered with those files. */
export function segmentListing(
  answer: Partial<Extract<Answer, { kind: 'segments' }>> = {},
  values: RequestSketch = {},
): RequestSketch {
  const whole = {
    kind: 'segments' as const,
    context: 'default',
    type: 'EVENT' as const,
    cursor: null,
    openSegment: 100n,
    lastClosedSegment: 0n,
    files: [],
    ...answer,
  };
  const query = { targetContext: whole.context, type: whole.type };
  return { path: '/v1/backup/eventstore', query, answer: whole, ...values };
}

/** The same request, answered with an error, or not at all (status 0). */
export function failing(sketch: RequestSketch, status = 503, fault: string | null = `status ${status}`): RequestSketch {
  const kind = sketch.answer?.kind ?? 'other';
  const about = kind === 'failure' ? 'other' : kind;
  return { ...sketch, status, fault, answer: { kind: 'failure', about } };
}

/* Files. */

/** `0` → `00000000000000000000`. */
function padded(number: number | bigint): string {
  return String(number).padStart(20, '0');
}

export function segmentName(segment: number | bigint, type: EventType = 'EVENT'): string {
  return `${padded(segment)}.${type === 'EVENT' ? 'events' : 'snapshots'}`;
}

export function logName(firstIndex: number): string {
  return `${padded(firstIndex)}.log`;
}

/** The zip that the default POST of run `number` makes. */
export function zipName(number: number): string {
  return `controldb${firstMs + number * RUN_EVERY_MS}.zip`;
}

/** A closed file of 1000 bytes, unless told otherwise. */
export function listedFile(name: string, values: Partial<ListedFile> = {}): ListedFile {
  const checksum = values.isOpen === true ? `sha-${name}-while-open` : `sha-${name}`;
  return { path: `/axonserver/${name}`, name, sizeBytes: 1000, modifiedAtMs: null, checksum, isOpen: false, ...values };
}

/** A file in a plain folder of the backup, written in run 1 and of no known kind, unless told otherwise. */
export function backupFile(values: Partial<BackupFile> = {}): BackupFile {
  const path = values.path ?? `${values.container ?? 'files'}/${values.name ?? 'notes.txt'}`;
  const name = values.name ?? path.slice(path.lastIndexOf('/') + 1);
  const container = values.container ?? (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.');
  const writtenInRun = values.writtenInRun ?? 1;
  return {
    sizeBytes: 1000,
    checksum: `sha-${name}`,
    link: 'none',
    recency: writtenInRun,
    what: { kind: 'other' },
    readBytes: () => Buffer.alloc(0),
    ...values,
    path,
    name,
    container,
    writtenInRun,
  };
}

export function zipFile(name = zipName(1), values: Partial<BackupFile> = {}): BackupFile {
  return backupFile({ container: 'control-db', name, what: { kind: 'control-db-zip' }, ...values });
}

export function logFile(group: string, firstIndex: number, values: Partial<BackupFile> = {}): BackupFile {
  const what = { kind: 'log' as const, group, firstIndex };
  return backupFile({ container: `log/${group}`, name: logName(firstIndex), what, ...values });
}

export function segmentFile(
  context: string,
  segment: number | bigint,
  values: Partial<BackupFile> & { readonly type?: EventType } = {},
): BackupFile {
  const { type = 'EVENT', ...rest } = values;
  const what = { kind: 'segment' as const, type, context, segment: BigInt(segment) };
  return backupFile({ container: `events/${context}`, name: segmentName(segment, type), what, ...rest });
}

/* A good client. */

/** What the cluster lists in run `number`: segments and log files of 100 each, one more closed with every run. */
export function listedLog(number: number): ListedFile[] {
  return ascending(number).map((place) =>
    listedFile(logName(place * 100 + 1), place === number ? { isOpen: true, checksum: openChecksum(number) } : {}),
  );
}

export function listedSegments(number: number, type: EventType = 'EVENT'): ListedFile[] {
  return ascending(number).map((place) =>
    listedFile(
      segmentName(place * 100, type),
      place === number ? { isOpen: true, checksum: openChecksum(number) } : {},
    ),
  );
}

/** Copies of the log of a group as run `number` lists it. */
export function copiedLog(group: string, number: number, values: Partial<BackupFile> = {}): BackupFile[] {
  return listedLog(number).map(({ checksum }, place) =>
    logFile(group, place * 100 + 1, { checksum: checksum ?? '', writtenInRun: number, ...values }),
  );
}

/** Copies of the segments of a context, each written in the run that first found it closed, the open one in this. */
export function copiedSegments(context: string, number: number, type: EventType = 'EVENT'): BackupFile[] {
  return listedSegments(number, type).map(({ checksum }, place) =>
    segmentFile(context, place * 100, { type, checksum: checksum ?? '', writtenInRun: Math.min(place + 1, number) }),
  );
}

export interface GoodRunOptions {
  readonly contexts?: readonly string[];
  readonly groups?: readonly string[];
}

/** What a good client asks for in run `number`, in order. */
export function goodRequests(number: number, options: GoodRunOptions = {}): RequestSketch[] {
  const { contexts = ['default'], groups = ['_admin', 'default'] } = options;
  const types = ['EVENT', 'SNAPSHOT'] as const;
  return [
    post(zipName(number)),
    ...groups.map((group) => logListing(group, listedLog(number))),
    ...contexts.flatMap((context) =>
      types.map((type) =>
        segmentListing({
          context,
          type,
          cursor: number === 1 ? null : BigInt((number - 2) * 100),
          openSegment: BigInt(number * 100),
          lastClosedSegment: BigInt((number - 1) * 100),
          files: listedSegments(number, type).slice(Math.max(0, number - 1)),
        }),
      ),
    ),
  ];
}

/** What a good client has in its folder after run `number`; nothing after run 0. */
export function goodBackup(number: number, options: GoodRunOptions = {}): BackupFile[] {
  const { contexts = ['default'], groups = ['_admin', 'default'] } = options;
  if (number === 0) return [];
  return [
    zipFile(zipName(number), { writtenInRun: number }),
    ...groups.flatMap((group) => copiedLog(group, number)),
    ...contexts.flatMap((context) => [
      ...copiedSegments(context, number, 'EVENT'),
      ...copiedSegments(context, number, 'SNAPSHOT'),
    ]),
  ];
}

/** Run `number` of a good client that keeps one plain tree, replaces the log and adds to the segments. */
export function goodRun(number = 1, values: Parameters<typeof run>[0] & GoodRunOptions = {}): RunRecord {
  const { contexts, groups, ...rest } = values;
  const options = { ...(contexts && { contexts }), ...(groups && { groups }) };
  return run({
    run: number,
    requests: goodRequests(number, options),
    before: goodBackup(number - 1, options),
    after: goodBackup(number, options),
    ...rest,
  });
}

function ascending(last: number): number[] {
  return Array.from({ length: last + 1 }, (_, place) => place);
}

function openChecksum(number: number): string {
  return `sha-open-in-run-${number}`;
}
