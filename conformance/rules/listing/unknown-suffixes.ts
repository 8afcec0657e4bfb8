import type { Evidence, ListedFile, RunRecord } from '../../journal/evidence.ts';
import { isCompactedUnder } from '../../journal/inference/compacted-under.ts';
import { listingRoundsOf, replacedInRound } from '../../journal/inference/listing-rounds.ts';
import { nameRequest } from '../../journal/naming.ts';
import { claimedRunsOf } from '../../journal/inference/run-ending.ts';
import { mayHaveWritten } from '../../journal/inference/run-order.ts';
import {
  lastLogListingsOf,
  logListingsOf,
  segmentListingsOf,
  type LogListing,
  type SegmentListing,
} from '../../journal/run-requests.ts';
import { hasUnknownSuffix, isGlobalIndexName, parseSegmentFileName } from '../../journal/segment-file-name.ts';
import { judge, type Finding, type Judgement, type Rule } from '../rule.ts';

/**
 * Releases have brought kinds of files that no client knew: bloom filters, jump-skip indexes, global indexes. The server
 * lists what belongs to a backup; a client that picks what it knows leaves the rest behind with the first upgrade.
 */
export const unknownSuffixes: Rule = {
  id: 'listing/unknown-suffixes',
  level: 'must',
  requirement: 'Copy every file that is listed, whatever its suffix.',
  source:
    'Reference guide, Backups, event store: every returned file is to be copied; docs/backup-endpoints.md, section 1.4 (.nindex, .xref)',
  why: 'The client cannot know what a file of a new kind is for. A release may need it to start, and the backup is found to lack it on the day of the restore.',
  remedy: 'Copy by the list, not by a pattern of names.',
  timelines: {
    good: `02:00:05  run 1 is told of 00000000000000000000.events and 00000000000000000000.nindex
02:00:06  run 1 copies both`,
    bad: `02:00:05  run 1 is told of 00000000000000000000.events and 00000000000000000000.nindex
02:00:06  run 1 copies *.events, *.index and *.bloom
02:00:07  the run exits with 0; the .nindex file is in no backup`,
  },
  check,
};

function check(evidence: Evidence): Judgement {
  const checksums = listedChecksums(evidence);
  const reported = new Set<string>();
  const findings: Finding[] = [];
  let looked = 0;
  for (const run of claimedRunsOf(evidence)) {
    const files = new Map<string, string[]>();
    for (const file of run.after.files) {
      const { name, checksum } = file;
      if (!hasUnknownSuffix(name)) continue;
      const isOfRun = mayHaveWritten(evidence, run, file);
      files.set(name, [...(files.get(name) ?? []), checksum, ...(isOfRun ? [WRITTEN_IN_RUN] : [])]);
    }
    for (const { listing, file } of unknownFilesOf(evidence, run)) {
      looked++;
      const copies = files.get(file.name) ?? [];
      const known = checksums.get(file.path) ?? new Set();
      // Of a file that changes, nobody knows what it was like when it was copied.
      const isThere = copies.some(
        (copy) => known.has(copy) || (copy === WRITTEN_IN_RUN && (known.size > 1 || isGlobalIndexName(file.name))),
      );
      if (isThere || reported.has(file.path)) continue;
      reported.add(file.path);
      findings.push({
        run: run.run,
        atMs: listing.atMs,
        subject: nameRequest(listing),
        expected: `${file.name} in the backup, with the ${file.sizeBytes} bytes that it has on ${listing.node}`,
        actual: copies.length === 0 ? 'no file of that name' : 'a file of that name with other bytes',
      });
    }
  }
  return judge(looked, 'listed files of unknown kinds', findings);
}

/** Stands beside the checksum of a file that was written in the run that is judged. */
const WRITTEN_IN_RUN = 'written in this run';

/** By path, all that the file was like when it was listed. */
function listedChecksums({ runs }: Evidence): ReadonlyMap<string, ReadonlySet<string>> {
  const checksums = new Map<string, Set<string>>();
  for (const { answer } of runs.flatMap((run) => [...segmentListingsOf(run), ...logListingsOf(run)])) {
    for (const { path, name, checksum } of answer.files) {
      if (checksum === null || !hasUnknownSuffix(name)) continue;
      checksums.set(path, (checksums.get(path) ?? new Set()).add(checksum));
    }
  }
  return checksums;
}

interface UnknownFile {
  readonly listing: SegmentListing | LogListing;
  readonly file: ListedFile;
}

/**
 * Files that exist; those of segments that closed after the run had first asked may wait for the next one. What a compaction
 * takes from under a run goes with its segments, of which cursor/never-skips speaks.
 */
function unknownFilesOf(evidence: Evidence, run: RunRecord): UnknownFile[] {
  const ofSegments = listingRoundsOf(run).flatMap((round) => {
    if (isCompactedUnder(evidence, round)) return [];
    const replaced = replacedInRound(round);
    return round.listings
      .flatMap(unknownFilesIn)
      .filter(({ file }) => (parseSegmentFileName(file.name)?.segment ?? -1n) <= round.lastClosedSegment)
      .filter(({ file }) => !replaced.has(file.name));
  });
  return [...ofSegments, ...[...lastLogListingsOf(run).values()].flatMap(unknownFilesIn)];
}

function unknownFilesIn(listing: SegmentListing | LogListing): UnknownFile[] {
  const files = listing.answer.files.filter(({ name, checksum }) => checksum !== null && hasUnknownSuffix(name));
  return files.map((file) => ({ listing, file }));
}
