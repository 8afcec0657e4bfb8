import { BackupCopies } from '../../journal/in-backup/backup-copies.ts';
import type { Evidence, RunRecord } from '../../journal/evidence.ts';
import { describeStore } from '../../journal/event-store-name.ts';
import { decisiveRoundsOf, filesOfRound, type ListingRound } from '../../journal/inference/listing-rounds.ts';
import { firstIndexOf } from '../../journal/in-backup/log-in-backup.ts';
import { nameRequest } from '../../journal/naming.ts';
import { claimedRunsOf } from '../../journal/inference/run-ending.ts';
import { lastLogListingsOf, type LogListing } from '../../journal/run-requests.ts';
import { isIndexFile, isIndexOf, parseSegmentFileName } from '../../journal/segment-file-name.ts';
import { vanishedFilesOf } from '../../journal/inference/vanished-log-files.ts';
import type { BackupInventory } from '../../journal/inventory.ts';
import { judge, type Finding, type Judgement, type Rule } from '../rule.ts';

/**
 * A server rebuilds the indexes that are missing at its end, which takes its time, and never those before a good one: 4.6.11
 * and 2023.2.1 start on such a store, say nothing, and answer reads by aggregate without that segment. So whoever leaves out
 * all of them, or the newest, costs time, and the rule is a *should*; whoever leaves out some below others loses what
 * readers are given, in all releases that are emulated, and fails.
 *
 * Up to 4.5.17 closed log segments have theirs, too. A copy of one is known by its bytes: it lies wherever the client
 * puts it, and an index of events may have its name.
 */
export const indexFiles: Rule = {
  id: 'coverage/index-files',
  level: 'should',
  requirement: 'Copy the index and bloom filter files that are listed with the segments.',
  source:
    'Reference guide, Backups, event store: every returned file is to be copied; docs/event-segment-format.md, section 8.3; docs/backup-endpoints.md, sections 3.1 and 5.3',
  why: 'Without them a restored server reads every closed segment once before it is up. Where one is missing below a good one it is not rebuilt: 4.6.11 and 2023.2.1 start, say nothing, and look-ups by aggregate leave that segment out (seen: 203 of 339 events, 333 of 400), which fails as a MUST does.',
  remedy: 'Copy every file that is listed, not the .events and .snapshots alone. Restore all of them, or none.',
  timelines: {
    good: `02:00:05  run 1 is told of 00000000000000000000.events, .index and .bloom
02:00:06  run 1 copies all three
05:00:00  a restored server opens the index and is up`,
    bad: `02:00:05  run 1 is told of 00000000000000000000.events, .index and .bloom
02:00:06  run 1 copies the .events file
05:00:00  a restored server reads all segments to build their indexes anew`,
  },
  consequenceOf: ['cursor/*', 'coverage/*', 'listing/*', 'fault/error-is-failure'],
  check,
};

function check(evidence: Evidence): Judgement {
  const findings: Finding[] = [];
  let looked = 0;
  let hasHole = false;
  const runs = claimedRunsOf(evidence);
  const last = runs.at(-1);
  const inTheEnd = last === undefined ? null : new BackupCopies(last.after, evidence.contexts);
  for (const run of runs) {
    const copies = new BackupCopies(run.after, evidence.contexts);
    for (const rounds of decisiveRoundsOf(run)) {
      const judged = rounds.map((round) => {
        const due = listedIndexes(round);
        return { round, due, missing: due.filter((name) => copies.newest(round, name) === null) };
      });
      const { round, due, missing } = judged.find((other) => other.missing.length === 0) ?? judged[0] ?? emptyJudged;
      looked += due.length;
      if (round === null || missing.length === 0) continue;
      const lacking = missing.filter((name) => inTheEnd?.newest(round, name) === null);
      const isHole = last !== undefined && liesBelowGood(round, lacking, last.after);
      if (isHole) hasHole = true;
      findings.push(describeMissing(round, due.length, missing, isHole));
    }
    for (const listing of lastLogListingsOf(run).values()) {
      const { due, missing } = logIndexesOf(evidence, run, listing);
      looked += due;
      if (missing.length > 0) findings.push(describeMissingOfLog(run, listing, due, missing));
    }
  }
  const judgement = judge(looked, 'listed index and bloom filter files', findings);
  return judgement.verdict === 'fail' && hasHole ? { ...judgement, level: 'must' } : judgement;
}

const emptyJudged = { round: null, due: [], missing: [] } as const;

/** Whether the backup has an index of a newer segment of the store than one of those that it lacks. */
function liesBelowGood(round: ListingRound, lacking: readonly string[], { files }: BackupInventory): boolean {
  const lowest = lacking
    .map((name) => parseSegmentFileName(name)?.segment ?? 0n)
    .reduce<bigint | null>((low, segment) => (low === null || segment < low ? segment : low), null);
  if (lowest === null) return false;
  return files.some(
    ({ what }) =>
      what.kind === 'index' &&
      what.type === round.type &&
      (what.context ?? round.context) === round.context &&
      what.segment > lowest &&
      isMapIndex(what.suffix),
  );
}

/** The server goes by the index, not by the bloom filter beside it. */
function isMapIndex(suffix: string): boolean {
  return /^\.s?n?index$/.test(suffix);
}

/**
 * Of segments that were closed when the run first asked; what is listed and does not exist cannot be copied, and what stands
 * with an index of events in a list of snapshots, as the standard edition 4.2 may have it, is of a kind that is not known.
 */
function listedIndexes(round: ListingRound): string[] {
  return [...filesOfRound(round)].flatMap(([name, namings]) => {
    const segment = parseSegmentFileName(name)?.segment ?? -1n;
    const exists = namings.some(({ file }) => file.checksum !== null);
    return isIndexOf(round.type, name) && exists && segment <= round.lastClosedSegment ? [name] : [];
  });
}

/** Of the log as it was listed last, but for what was deleted before the run was over. */
function logIndexesOf(
  evidence: Evidence,
  run: RunRecord,
  listing: LogListing,
): { readonly due: number; readonly missing: readonly string[] } {
  const vanished = new Set(vanishedFilesOf(evidence, run, listing).map(({ file }) => firstIndexOf(file.name)));
  const listed = new Map(
    listing.answer.files.flatMap(({ name, checksum }) =>
      isIndexFile(name) && checksum !== null && !vanished.has(firstIndexOf(name)) ? [[name, checksum] as const] : [],
    ),
  );
  const isThere = (name: string): boolean =>
    run.after.files.some((file) => file.name === name && file.checksum === listed.get(name));
  return { due: listed.size, missing: [...listed.keys()].filter((name) => !isThere(name)) };
}

function describeMissing(round: ListingRound, due: number, missing: readonly string[], isHole: boolean): Finding {
  const [listing] = round.listings;
  return {
    run: round.run.run,
    atMs: listing.atMs,
    subject: nameRequest(listing),
    expected: `the ${due} index and bloom filter files of the ${describeStore(round)} that are listed`,
    actual:
      nameMissing(missing) + (isHole ? '; those of a newer segment are, and below them a server builds none' : ''),
  };
}

function describeMissingOfLog(run: RunRecord, listing: LogListing, due: number, missing: readonly string[]): Finding {
  return {
    run: run.run,
    atMs: listing.atMs,
    subject: nameRequest(listing),
    expected: `the ${due} index files of the log of ${listing.answer.group} that are listed`,
    actual: nameMissing(missing),
  };
}

function nameMissing(missing: readonly string[]): string {
  const named = missing.slice(0, 3).join(', ');
  return `${missing.length} of them are not in the backup: ${named}${missing.length > 3 ? ' and so on' : ''}`;
}
