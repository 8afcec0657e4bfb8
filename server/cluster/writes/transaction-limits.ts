import { AxonError } from '../../errors.ts';
import { END_MARKER_BYTES, SEGMENT_HEADER_BYTES } from '../../formats/event-segment.ts';
import type { PreparedTransaction } from '../../stores/transaction.ts';

/** Events of one transaction, where a release has a limit. */
const MOST_EVENTS = 32_767;

/** What a release takes in one transaction (docs/event-segment-format.md, sections 2.1 and 2.2). */
export interface TransactionLimits {
  /** Length of the smallest segment that must hold the whole transaction. */
  readonly segmentSizeBytes: number;
  readonly events: number;
}

/** Null where the release has no limits: from 4.6 on. */
export function transactionLimits(options: {
  readonly limitsTransactions: boolean;
  readonly segmentSizeBytes: number;
  readonly nodeSegmentSizeBytes: Readonly<Record<string, number>>;
}): TransactionLimits | null {
  const { limitsTransactions, segmentSizeBytes, nodeSegmentSizeBytes } = options;
  if (!limitsTransactions) return null;
  const smallest = Math.min(segmentSizeBytes, ...Object.values(nodeSegmentSizeBytes));
  return { segmentSizeBytes: smallest, events: MOST_EVENTS };
}

export function checkLimits(
  { bytes, eventCount }: PreparedTransaction,
  { segmentSizeBytes, events }: TransactionLimits,
): void {
  if (eventCount > events) {
    throw new AxonError('too-many-events', `Maximum number of events in transaction exceeded: ${events}`);
  }
  const most = segmentSizeBytes - SEGMENT_HEADER_BYTES - END_MARKER_BYTES;
  if (bytes.length >= most) {
    throw new AxonError('transaction-too-large', `Size of transaction too large, max size = ${most}`);
  }
}
