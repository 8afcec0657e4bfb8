import type { Answer, Evidence, RequestRecord, RunRecord } from './evidence.ts';

/**
 * The latest virtual time at which the files of a listing can have been copied.
 *
 * Copying takes virtual time by the byte, charged before the run's next request is answered, or at its end. So it was over
 * by then. But more can have happened in between, such as a jump of the clock that the scenario planned. So the time is
 * also held against the rate: no copying takes longer by the byte than the shortest time by the byte that passed between
 * any two requests of the scenario.
 */
export function copiedByMs(evidence: Evidence, run: RunRecord, listing: RequestRecord): number {
  const bytes = bytesOf(listing.answer);
  if (bytes === 0) return listing.atMs;
  const longestMs = bytes * shortestMsByByte(evidence);
  return Math.min(spanAfter(run, listing).endMs, listing.atMs + Math.ceil(longestMs));
}

/** The same for every request of every run, by its ordinal; for a picture of them all. */
export function copiedByTimesOf(evidence: Evidence): ReadonlyMap<number, number> {
  const spans = evidence.runs.flatMap((run) => {
    let endMs = run.endMs;
    // From the last request to the first, each ends at the latest with the earliest of those behind it.
    return run.requests.toReversed().map(({ ordinal, atMs, answer }) => {
      const span = { ordinal, startMs: atMs, endMs: Math.max(atMs, endMs), bytes: bytesOf(answer) };
      endMs = Math.min(endMs, atMs);
      return span;
    });
  });
  let msByByte = Infinity;
  for (const { startMs, endMs, bytes } of spans) {
    if (bytes > 0 && endMs > startMs) msByByte = Math.min(msByByte, (endMs - startMs) / bytes);
  }
  return new Map(
    spans.map(({ ordinal, startMs, endMs, bytes }) => [
      ordinal,
      bytes === 0 ? startMs : Math.min(endMs, startMs + Math.ceil(bytes * msByByte)),
    ]),
  );
}

/** Infinite where nothing tells. */
function shortestMsByByte({ runs }: Evidence): number {
  const rates = runs.flatMap((run) =>
    run.requests.flatMap((request) => {
      const bytes = bytesOf(request.answer);
      const { startMs, endMs } = spanAfter(run, request);
      // Of requests side by side, no one can tell what the time between them was spent on.
      return bytes === 0 || endMs <= startMs ? [] : [(endMs - startMs) / bytes];
    }),
  );
  return Math.min(...rates);
}

/** From a request to the next one of its run, or to the run's end. */
function spanAfter(run: RunRecord, { ordinal, atMs }: RequestRecord): { startMs: number; endMs: number } {
  const later = run.requests.filter((request) => request.ordinal > ordinal).map((request) => request.atMs);
  return { startMs: atMs, endMs: Math.max(atMs, Math.min(run.endMs, ...later)) };
}

function bytesOf(answer: Answer): number {
  switch (answer.kind) {
    case 'control-db-backup':
      return answer.file.sizeBytes ?? 0;
    case 'segments':
    case 'log':
      return answer.files.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0);
    default:
      return 0;
  }
}
