import type { EventType } from '../../server/index.ts';
import type { RequestRecord } from '../journal/evidence.ts';
import { namesOneOutOfReach, segmentListingsOf } from '../journal/run-requests.ts';
import { hazard } from './scenario.ts';

/** Situations that a client without snapshots cannot come to. */
export const hazardsOfSnapshots = {
  longSnapshotCopy: {
    ...hazard(
      'long-copy-of-snapshots',
      'the copies of snapshots take longer than the 30 minutes that the log waits',
      (evidence) => evidence.runs.some(({ requests }) => copyingMsOf(requests, 'SNAPSHOT') > 30 * 60_000),
    ),
    waivedBy: 'no-snapshots',
  },
  snapshotOutOfReach: {
    ...hazard(
      'listed-segment-of-snapshots-out-of-reach',
      'a closed segment of snapshots is listed and cannot be read',
      (evidence) =>
        evidence.runs.some((run) =>
          segmentListingsOf(run).some(
            (listing) => listing.answer.type === 'SNAPSHOT' && namesOneOutOfReach(run, listing),
          ),
        ),
    ),
    waivedBy: 'no-snapshots',
  },
} as const;

/** Virtual milliseconds that the copies of one type of segments took. */
function copyingMsOf(requests: readonly RequestRecord[], type: EventType): number {
  return requests.reduce(
    (sum, { answer, copying }) =>
      sum + (answer.kind === 'segments' && answer.type === type ? (copying?.tookMs ?? 0) : 0),
    0,
  );
}
