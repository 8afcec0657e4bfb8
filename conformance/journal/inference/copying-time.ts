import type { Copying, RequestRecord } from '../evidence.ts';
import { formatSpan } from '../naming.ts';

/**
 * The virtual time at which the files of an answer had been copied, as the recorder charged it. What the scenario let happen
 * between the answer and that, such as a jump of the clock, is not held against the client.
 */
export function copiedByMs({ atMs, copying }: RequestRecord): number {
  return atMs + (copying?.afterMs ?? 0);
}

/** Whether the files of `first` had been copied when those of `second` were, or when `second` was answered. */
export function wasCopiedBefore(first: RequestRecord, second: RequestRecord): boolean {
  if (first.copying === undefined) return false;
  const { place, seenAtRequest } = first.copying;
  if (second.copying !== undefined) return place < second.copying.place;
  return seenAtRequest !== null && seenAtRequest <= second.ordinal;
}

/** `185m 10s of copying, known by 00000000000000000000.events in TMPDIR when request 5 came in`. */
export function describeCopying({ tookMs, shownBy, seenAtRequest }: Copying): string {
  const moment = seenAtRequest === null ? 'when the run had ended' : `when request ${seenAtRequest} came in`;
  const sign = {
    file: () => (shownBy.kind === 'file' ? `known by ${shownBy.name} in ${shownBy.folder} ${moment}` : ''),
    growth: () => (shownBy.kind === 'growth' ? `known by what ${shownBy.folder} had grown by ${moment}` : ''),
    reading: () => "known by the order in which the server's files were read",
    end: () => 'which has to be done by the end of the run',
  };
  return `${formatSpan(tookMs)} of copying, ${sign[shownBy.kind]()}`;
}
