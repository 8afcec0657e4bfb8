import type { Evidence, ListedFile, RunRecord } from '../evidence.ts';
import { firstIndexOf, logSegmentsAmong } from '../in-backup/log-in-backup.ts';
import type { LogListing } from '../run-requests.ts';

/** A listed log file that the server deleted before the run was over. */
export interface VanishedFile {
  readonly file: ListedFile;
  readonly atMs: number;
}

/**
 * What vanished of a listing between its answer and the end of the run. Both may have the time of a cleaning: what came
 * first is known by its place among all that happened.
 */
export function vanishedFilesOf(evidence: Evidence, run: RunRecord, listing: LogListing): VanishedFile[] {
  const { node, seq, answer } = listing;
  const cleanings = evidence.events.flatMap((event) => {
    if (event.kind !== 'log-cleaned' || event.node !== node || event.group !== answer.group) return [];
    return event.seq > seq && event.seq < run.endSeq ? [event] : [];
  });
  return logSegmentsAmong(answer.files).flatMap((file) => {
    const cleaning = cleanings.find(({ removed }) => removed.includes(firstIndexOf(file.name)));
    return cleaning === undefined ? [] : [{ file, atMs: cleaning.atMs }];
  });
}
