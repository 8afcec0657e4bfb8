import type { Evidence, ListedFile, RunRecord } from './evidence.ts';
import { firstIndexOf, logSegmentsAmong } from './log-in-backup.ts';
import type { LogListing } from './run-requests.ts';

/** A listed log file that the server deleted before the run was over. */
export interface VanishedFile {
  readonly file: ListedFile;
  readonly atMs: number;
}

/**
 * What vanished of a listing. First indexes are never used again, so that a removed one that was listed was removed
 * after the listing, also where both have the same time.
 */
export function vanishedFilesOf(evidence: Evidence, run: RunRecord, listing: LogListing): VanishedFile[] {
  const { node, atMs, answer } = listing;
  const cleanings = evidence.events.flatMap((event) => {
    if (event.kind !== 'log-cleaned' || event.node !== node || event.group !== answer.group) return [];
    return event.atMs >= atMs && event.atMs <= run.endMs ? [event] : [];
  });
  return logSegmentsAmong(answer.files).flatMap((file) => {
    const cleaning = cleanings.find(({ removed }) => removed.includes(firstIndexOf(file.name)));
    return cleaning === undefined ? [] : [{ file, atMs: cleaning.atMs }];
  });
}
