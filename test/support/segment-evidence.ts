import type { ClusterEvent, EventType } from '../../server/index.ts';
import type { Evidence, ListedFile, RunRecord } from '../../conformance/journal/evidence.ts';
import type { BackupFile } from '../../conformance/journal/inventory.ts';
import {
  backupFile,
  evidence,
  type EvidenceSketch,
  firstMs,
  listedFile,
  run,
  segmentFile,
  segmentListing,
  segmentName,
  type RequestSketch,
} from './evidence.ts';

/*
 * Evidence for the rules that judge event and snapshot segments. One cluster grows from run to run:
 *
 *                 events of default             snapshots of default
 *   run 1         0 26 closed, 52 open          0 open
 *   run 2         0 26 52 78 closed, 104 open   0 closed, 20 open
 *   run 3         the same                      the same
 *   run 4         104 closed, too, 130 open     the same
 *
 * Open files have other bytes in each run but the third, closed ones never change. Every closed segment has its index
 * and its bloom filter. node-2 has the boundaries 0, 39, 78, 117.
 */

/** What one store of one node is like at a run. */
export interface StoreState {
  readonly closed: readonly number[];
  readonly open: number;
  /** Stands in the checksum of the open file. */
  readonly openAs: string;
}

type Life = readonly [StoreState, StoreState, StoreState, StoreState];

const eventsOfNode1: Life = [
  { closed: [0, 26], open: 52, openAs: 'run-1' },
  { closed: [0, 26, 52, 78], open: 104, openAs: 'run-2' },
  { closed: [0, 26, 52, 78], open: 104, openAs: 'run-2' },
  { closed: [0, 26, 52, 78, 104], open: 130, openAs: 'run-4' },
];
const eventsOfNode2: Life = [
  { closed: [0], open: 39, openAs: 'run-1-on-node-2' },
  { closed: [0, 39], open: 78, openAs: 'run-2-on-node-2' },
  { closed: [0, 39], open: 78, openAs: 'run-2-on-node-2' },
  { closed: [0, 39, 78], open: 117, openAs: 'run-4-on-node-2' },
];
const snapshots: Life = [
  { closed: [], open: 0, openAs: 'run-1' },
  { closed: [0], open: 20, openAs: 'run-2' },
  { closed: [0], open: 20, openAs: 'run-2' },
  { closed: [0], open: 20, openAs: 'run-2' },
];

export interface StoreChoice {
  readonly type?: EventType;
  readonly context?: string;
  readonly node?: string;
  readonly state?: StoreState;
}

export function stateAt(number: number, { type = 'EVENT', node = 'node-1', state }: StoreChoice = {}): StoreState {
  const life = type === 'SNAPSHOT' ? snapshots : node === 'node-2' ? eventsOfNode2 : eventsOfNode1;
  const found = state ?? life[number - 1];
  if (found === undefined) throw new Error(`the cluster of the tests has no run ${number}`);
  return found;
}

/** Index files of a segment of that type. */
function indexNames(segment: number, type: EventType): string[] {
  const base = segmentName(segment).slice(0, 20);
  return (type === 'EVENT' ? ['.bloom', '.index'] : ['.sbloom', '.sindex']).map((suffix) => base + suffix);
}

/** Of one name, files of the two nodes differ; so do those of two contexts. */
function checksumOf(name: string, { node = 'node-1', context = 'default' }: StoreChoice): string {
  const owner = `${context === 'default' ? '' : `${context}-`}${node === 'node-1' ? '' : `${node}-`}`;
  return `sha-${owner}${name}`;
}

/** What the node lists above the cursor, ascending, the open file last. */
export function listedFiles(number: number, choice: StoreChoice = {}, cursor = -1n): ListedFile[] {
  const { type = 'EVENT' } = choice;
  const { closed, open, openAs } = stateAt(number, choice);
  const names = closed
    .filter((segment) => BigInt(segment) > cursor)
    .flatMap((segment) => [segmentName(segment, type), ...indexNames(segment, type)].toSorted());
  const checksum = checksumOf(`open-${segmentName(open, type)}-in-${openAs}`, choice);
  return [
    ...names.map((name) => listedFile(name, { checksum: checksumOf(name, choice) })),
    listedFile(segmentName(open, type), { isOpen: true, checksum }),
  ];
}

export interface Question extends StoreChoice {
  readonly cursor?: number;
  /** /v1/backup/filenames, which lists closed segments alone. */
  readonly closedOnly?: boolean;
  /** Gives the list another shape. */
  readonly reshape?: (files: readonly ListedFile[]) => readonly ListedFile[];
}

/** A listing of run `number`, answered as the cluster would. */
export function ask(number: number, question: Question = {}, values: RequestSketch = {}): RequestSketch {
  const { type = 'EVENT', context = 'default', node = 'node-1', closedOnly = false } = question;
  const cursor = question.cursor === undefined ? null : BigInt(question.cursor);
  const { closed, open } = stateAt(number, question);
  const all = listedFiles(number, question, cursor ?? -1n).filter(({ isOpen }) => !isOpen || !closedOnly);
  const sent =
    cursor === null ? {} : { [closedOnly ? 'lastSegmentBackedUp' : 'lastClosedSegmentBackedUp']: `${cursor}` };
  const sketch = segmentListing({
    type,
    context,
    cursor,
    openSegment: BigInt(open),
    lastClosedSegment: BigInt(closed.at(-1) ?? -1),
    files: question.reshape?.(all) ?? all,
  });
  return {
    ...sketch,
    node,
    path: closedOnly ? '/v1/backup/filenames' : '/v1/backup/eventstore',
    query: { [closedOnly ? 'context' : 'targetContext']: context, type, ...sent },
    ...values,
  };
}

/** Copies of all that the node lists above the cursor in run `number`. */
export function take(
  number: number,
  choice: StoreChoice & { readonly cursor?: number } = {},
  values: Partial<BackupFile> = {},
): BackupFile[] {
  const { context = 'default' } = choice;
  const listed = listedFiles(number, choice, BigInt(choice.cursor ?? -1));
  return listed.map((file) => copyOf(file, context, { writtenInRun: number, ...values }));
}

export function copyOf(
  { name, checksum }: ListedFile,
  context = 'default',
  values: Partial<BackupFile> = {},
): BackupFile {
  const segment = BigInt(name.slice(0, 20));
  const suffix = name.slice(name.indexOf('.'));
  const type = suffix.startsWith('.s') ? 'SNAPSHOT' : 'EVENT';
  const container = `events/${context}`;
  if (suffix === '.events' || suffix === '.snapshots') {
    return segmentFile(context, segment, { type, name, checksum: checksum ?? '', ...values });
  }
  const what = { kind: 'index', type, context, segment, suffix } as const;
  return backupFile({ container, name, checksum: checksum ?? '', what, ...values });
}

/** The backup with the new copies put over the old ones of their path. */
export function overwrite(old: readonly BackupFile[], copies: readonly BackupFile[]): BackupFile[] {
  const paths = new Set(copies.map(({ path }) => path));
  return [...old.filter(({ path }) => !paths.has(path)), ...copies];
}

/** Segments as node-1 or node-2 closes them, told with the run that first sees them closed. */
export function segmentEvents(choice: StoreChoice = {}): ClusterEvent[] {
  const { type = 'EVENT', context = 'default', node = 'node-1' } = choice;
  return [1, 2, 3, 4].flatMap((number) => {
    const before: readonly number[] = number === 1 ? [] : stateAt(number - 1, choice).closed;
    const atMs = firstMs + number * 2 * 3_600_000 - 60_000;
    return stateAt(number, choice)
      .closed.filter((segment) => !before.includes(segment))
      .flatMap((segment) =>
        (['segment-full', 'segment-closed'] as const).map((kind) => ({ kind, atMs, node, context, type, segment })),
      );
  });
}

/** Everything that node-1 and node-2 tell of their segments. */
export const clusterEvents: readonly ClusterEvent[] = [
  ...segmentEvents(),
  ...segmentEvents({ type: 'SNAPSHOT' }),
  ...segmentEvents({ node: 'node-2' }),
  ...segmentEvents({ node: 'node-2', type: 'SNAPSHOT' }),
];

export function segmentEvidence(runs: readonly RunRecord[], values: EvidenceSketch = {}): Evidence {
  return evidence({ events: clusterEvents, ...values, runs });
}

/** The cursors that a good client of node-1 sends: for events, for snapshots. */
const goodCursors: ReadonlyArray<{ readonly EVENT?: number; readonly SNAPSHOT?: number }> = [
  {},
  { EVENT: 26 },
  { EVENT: 78, SNAPSHOT: 0 },
  { EVENT: 78, SNAPSHOT: 0 },
];

/** What a good client asks in run `number`; and what it then has. */
export function goodQuestions(number: number): [Question, Question] {
  const { EVENT, SNAPSHOT } = goodCursors[number - 1] ?? {};
  return [
    { type: 'EVENT', ...(EVENT !== undefined && { cursor: EVENT }) },
    { type: 'SNAPSHOT', ...(SNAPSHOT !== undefined && { cursor: SNAPSHOT }) },
  ];
}

export function goodSegments(number: number): BackupFile[] {
  let backup: BackupFile[] = [];
  for (let past = 1; past <= number; past++) {
    const copies = goodQuestions(past).flatMap((question) => take(past, question));
    backup = overwrite(backup, copies);
  }
  return backup;
}

/** Run `number` of a good client, as far as segments go. */
export function goodSegmentRun(number: number, values: Parameters<typeof run>[0] = {}): RunRecord {
  return run({
    run: number,
    requests: goodQuestions(number).map((question) => ask(number, question)),
    before: goodSegments(number - 1),
    after: goodSegments(number),
    ...values,
  });
}
