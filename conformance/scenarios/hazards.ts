import type { Evidence, ListedFile, RequestRecord, RunRecord } from '../journal/evidence.ts';
import { isWithinSpan, type Span } from '../journal/order-of-happening.ts';
import { haveOpenFilesChangedUnseen } from '../journal/inference/unseen-changes.ts';
import { asksForNoEventStore, hazardsOfStorage } from './hazards-of-storage.ts';
import { hazardsOfSnapshots } from './hazards-of-snapshots.ts';
import { hazardsOfTrouble } from './hazards-of-trouble.ts';
import { hazard, type Hazard } from './scenario.ts';

/** Situations that scenarios claim to reach, each with how the evidence shows it. */
export const hazards = {
  firstSegmentIsZero: hazard('first-closed-segment-is-zero', 'the first closed segment has the number 0', (evidence) =>
    listings(evidence).some(({ answer }) => answer.kind === 'segments' && answer.lastClosedSegment >= 0n),
  ),
  openSegmentTorn: {
    ...hazard('open-segment-torn', 'an open segment is caught in the middle of a write', (evidence) =>
      hasHalfWritten(evidence, /\.(events|snapshots)$/),
    ),
    waivedBy: 'no-open-segment',
  },
  openSegmentCloses: hazard(
    'open-segment-closes-between-runs',
    'the open segment of one run is closed in the next',
    (evidence) =>
      laterRuns(evidence).some(({ before, after }) =>
        segmentAnswers(before).some((old) =>
          segmentAnswers(after).some(
            (now) => isSamePair(old, now) && old.openSegment !== null && now.lastClosedSegment >= old.openSegment,
          ),
        ),
      ),
  ),
  nothingNew: hazard('nothing-new-since-last-run', 'no segment has closed since the last run', (evidence) =>
    laterRuns(evidence).some(({ before, after }) =>
      segmentAnswers(before).some((old) =>
        segmentAnswers(after).some((now) => isSamePair(old, now) && old.lastClosedSegment === now.lastClosedSegment),
      ),
    ),
  ),
  manySegmentsClose: hazard(
    'many-segments-close-between-runs',
    'five segments and more close between two runs',
    (evidence) => countEvents(evidence, 'segment-closed', 'node-1') >= 5,
  ),
  similarNames: hazard(
    'names-that-look-alike',
    'contexts that one name for a folder stands for, without what is no letter in it',
    ({ contexts }) => new Set(contexts.map((name) => name.replaceAll(/[^a-z0-9]/gi, ''))).size < contexts.length,
  ),
  manyRuns: hazard(
    'ten-good-runs-in-a-row',
    'ten runs claim a good backup, and each of them is told of more',
    ({ runs }) => runs.filter(({ result }) => result.exitCode === 0).length >= 10,
  ),
  singleEventSegments: hazard('segments-of-a-single-event', 'segments hold one event each', (evidence) => {
    const created = evidence.events.flatMap((event) =>
      event.kind === 'segment-created' && event.node === 'node-1' && event.type === 'EVENT' ? [event.segment] : [],
    );
    return created.some((segment, place) => BigInt(created[place + 1] ?? -1) === BigInt(segment) + 1n);
  }),
  rollsAfterListing: hazard(
    'segment-rolls-between-listing-and-copying',
    'a segment rolls over after it was listed as open',
    (evidence) =>
      evidence.runs.some((run) =>
        evidence.events.some(
          (event) =>
            event.kind === 'segment-full' &&
            isWithinSpan(event, run) &&
            run.requests.some(({ seq, answer }) => answer.kind === 'segments' && seq < event.seq),
        ),
      ),
  ),
  logCleanedBetweenRuns: hazard(
    'log-cleaned-between-runs',
    'log files of the last run are gone in the next',
    (evidence) =>
      laterRuns(evidence).some(({ before, after }) =>
        hasCleaning(evidence, { startSeq: before.endSeq, endSeq: after.startSeq }),
      ),
  ),
  logCleanedAfterListing: hazard(
    'log-cleaned-between-listing-and-copying',
    'a listed log file is gone before it is copied',
    (evidence) =>
      evidence.runs.some((run) => {
        const listed = run.requests.find(({ answer }) => answer.kind === 'log');
        return listed !== undefined && hasCleaning(evidence, { startSeq: listed.seq, endSeq: run.endSeq });
      }),
  ),
  longCopy: hazard('long-copy', 'the whole of a run takes longer than the 30 minutes that the log waits', (evidence) =>
    evidence.runs.some((run) => run.endMs - run.startMs > 30 * 60_000),
  ),
  pastNextCleaning: hazard(
    'copy-past-the-next-cleaning',
    'the run outlasts the hour in which log cleaning rests',
    (evidence) => evidence.runs.some((run) => hasCleaning(evidence, run)),
  ),
  adminChanges: hazard(
    'admin-changes-during-the-run',
    'the configuration changes while the backup is made',
    (evidence) =>
      evidence.runs.some((run) =>
        evidence.events.some((event) => event.kind === 'configuration-changed' && isWithinSpan(event, run)),
      ),
  ),
  liveControlDbTorn: hazard('live-control-database-torn', 'the live control database is half-written', (evidence) =>
    hasHalfWritten(evidence, /\.mv\.db$/),
  ),
  olderZips: hazard(
    'older-zips-beside',
    'zips of earlier backups lie beside the new one',
    (evidence) =>
      new Set(
        evidence.runs.flatMap((run) =>
          run.requests.flatMap(({ answer }) => (answer.kind === 'control-db-backup' ? [answer.file.path] : [])),
        ),
      ).size > 1,
  ),
  namesDescend: hazard('names-descend', 'a listing names the highest segment first', (evidence) =>
    listedNames(evidence).some(
      (names) => names.length > 1 && names.every((name, place) => place === 0 || name <= (names[place - 1] ?? '')),
    ),
  ),
  namesInNoOrder: hazard('names-in-no-order', 'a listing has no order at all', (evidence) =>
    listedNames(evidence).some((names) => {
      const sorted = names.toSorted();
      return names.length > 2 && names.join() !== sorted.join() && names.join() !== sorted.toReversed().join();
    }),
  ),
  unknownSuffixes: hazard('unknown-suffixes', 'a listing names files of a kind that is new', (evidence) =>
    listedNames(evidence).some((names) => names.some((name) => /\.s?zmap$/.test(name))),
  ),
  twoSpellings: hazard(
    'one-file-under-two-spellings',
    'a listing names one file twice, spelt differently',
    (evidence) =>
      listings(evidence).some(({ answer }) => {
        const names = filesOf(answer).map(({ name }) => name);
        return new Set(names).size < names.length;
      }),
  ),
  dotSegments: hazard('path-with-a-dot-segment', 'listed paths have /./ in them', (evidence) =>
    listings(evidence).some(({ answer }) => filesOf(answer).some(({ path }) => path.includes('/./'))),
  ),
  segmentVersions: hazard('versions-of-segments', 'a listing names versions of segments', (evidence) =>
    listedNames(evidence).some((names) => names.some((name) => /^\d{20}_\d{5}\.events$/.test(name))),
  ),
  segmentLeftOut: {
    ...hazard('closing-segment-left-out', 'the list of a store lacks the segment that is about to close', ({ runs }) =>
      runs.some(({ leftOut = [] }) => leftOut.length > 0),
    ),
    waivedBy: 'no-open-segment',
    isSpared: asksForNoEventStore,
  },
  pathsMapped: hazard(
    'files-lie-elsewhere',
    'the server names its files otherwise than they lie',
    (evidence) => evidence.isPathMapped === true && listings(evidence).length > 0,
  ),
  zipInNoMount: hazard(
    'zip-in-no-mount',
    'the zip of the control database lies in no folder that is mounted',
    ({ runs }) =>
      runs.some(({ requests }) =>
        requests.some(({ answer }) => answer.kind === 'control-db-backup' && answer.file.outsideMounts === true),
      ),
  ),
  missingIndex: hazard('listed-index-does-not-exist', 'a listed index file is not there', (evidence) =>
    listings(evidence).some(({ answer }) =>
      filesOf(answer).some(({ name, checksum }) => name.endsWith('index') && checksum === null),
    ),
  ),
  logIndexFiles: hazard('index-files-of-a-log', 'a log listing names index files', (evidence) =>
    listings(evidence).some(
      ({ answer }) => answer.kind === 'log' && answer.files.some(({ name }) => name.endsWith('.index')),
    ),
  ),
  largeSegments: hazard('segments-of-megabytes', 'a closed segment has more than two megabytes', (evidence) =>
    listings(evidence).some(
      ({ answer }) => answer.kind === 'segments' && answer.files.some(({ sizeBytes }) => (sizeBytes ?? 0) > 2_000_000),
    ),
  ),
  tokensPass: (token: bigint): Hazard =>
    hazard(`tokens-pass-${token}`, `segments of one store begin on both sides of token ${token}`, ({ runs }) =>
      runs.some((run) =>
        segmentAnswers(run).some(({ lastClosedSegment, files }) => {
          const segments = files.flatMap(({ name }) => /^\d{20}(?=\.)/.exec(name)?.[0] ?? []).map(BigInt);
          return lastClosedSegment >= token || (segments.some((each) => each >= token) && lastClosedSegment >= 0n);
        }),
      ),
    ),
  changesUnseen: hazard(
    'bytes-change-size-and-time-do-not',
    'bytes of a log and of open segments change while size and time of the files do not',
    haveOpenFilesChangedUnseen,
  ),
  thousandFiles: hazard('a-thousand-files-in-a-listing', 'a listing has a thousand names and more', (evidence) =>
    listings(evidence).some(({ answer }) => filesOf(answer).length >= 1000),
  ),
  urlEncoding: hazard(
    'context-needs-url-encoding',
    'a context has characters that mean something in a URL',
    (evidence) => evidence.contexts.some((context) => encodeURIComponent(context) !== context),
  ),
  manyContexts: hazard(
    'several-contexts',
    'contexts differ in what they have closed',
    (evidence) => evidence.contexts.length > 1,
  ),
  groupNamedOtherwise: hazard(
    'group-named-otherwise',
    'the log of contexts goes by the name of a group that no context has',
    ({ contexts, groups, runs }) =>
      runs.some((run) =>
        run.requests.some(({ path, query, answer }) => {
          if (answer.kind === 'log') return answer.group !== '_admin' && !contexts.includes(answer.group);
          const asked = String(query['context']);
          return path === '/v1/backup/log/filenames' && contexts.includes(asked) && !groups.includes(asked);
        }),
      ),
  ),
  nodeWithoutContext: hazard(
    'node-without-context',
    'a run is to back up a node that does not hold one of the contexts',
    ({ absentContexts, runs }) => runs.some(({ node }) => (absentContexts.get(node) ?? []).length > 0),
  ),
  otherNode: hazard(
    'next-run-on-another-node',
    'the next run goes to a node with other segment boundaries',
    (evidence) => laterRuns(evidence).some(({ before, after }) => before.node !== after.node),
  ),
  logAhead: hazard(
    'log-ahead-of-event-store',
    'the log of the node holds hundreds of entries that its event store has not got yet',
    ({ samples, runs }) =>
      runs.some(({ node, startMs, endMs }) =>
        samples.some(
          (sample) =>
            sample.node === node &&
            sample.atMs >= startMs &&
            sample.atMs <= endMs &&
            sample.commitIndex - sample.appliedIndex >= 300,
        ),
      ),
  ),
  nodeBehind: hazard('a-node-is-behind', 'one node has not got yet what the others have committed', (evidence) =>
    evidence.runs.some(({ logPositions }) =>
      logPositions.some(({ group, lastIndex }) =>
        logPositions.some((other) => other.group === group && other.commitIndex > lastIndex),
      ),
    ),
  ),
  ...hazardsOfStorage,
  ...hazardsOfSnapshots,
  ...hazardsOfTrouble,
} as const;

function hasHalfWritten(evidence: Evidence, name: RegExp): boolean {
  return evidence.runs.some(({ halfWritten }) => halfWritten.some((file) => name.test(file)));
}

function listings(evidence: Evidence): RequestRecord[] {
  return evidence.runs.flatMap((run) =>
    run.requests.filter(({ answer }) => answer.kind === 'segments' || answer.kind === 'log'),
  );
}

function filesOf(answer: RequestRecord['answer']): readonly ListedFile[] {
  return answer.kind === 'segments' || answer.kind === 'log' ? answer.files : [];
}

function listedNames(evidence: Evidence): string[][] {
  return listings(evidence).map(({ answer }) => filesOf(answer).map(({ name }) => name));
}

type SegmentsAnswer = Extract<RequestRecord['answer'], { kind: 'segments' }>;

function segmentAnswers(run: RunRecord): SegmentsAnswer[] {
  return run.requests.flatMap(({ answer }) => (answer.kind === 'segments' ? [answer] : []));
}

function isSamePair(a: SegmentsAnswer, b: SegmentsAnswer): boolean {
  return a.context === b.context && a.type === b.type;
}

function laterRuns(evidence: Evidence): Array<{ before: RunRecord; after: RunRecord }> {
  return evidence.runs.slice(1).map((after, place) => ({ before: evidence.runs[place] as RunRecord, after }));
}

function hasCleaning(evidence: Evidence, span: Span): boolean {
  return evidence.events.some((event) => event.kind === 'log-cleaned' && isWithinSpan(event, span));
}

function countEvents(evidence: Evidence, kind: string, node: string): number {
  return evidence.events.filter((event) => event.kind === kind && 'node' in event && event.node === node).length;
}
