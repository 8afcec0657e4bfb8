import { BackupCopies } from '../../journal/in-backup/backup-copies.ts';
import type { Evidence } from '../../journal/evidence.ts';
import {
  decisiveRoundsOf,
  filesOfRound,
  type ListingRound,
  type Naming,
} from '../../journal/inference/listing-rounds.ts';
import { nameRequest } from '../../journal/naming.ts';
import { claimedRunsOf } from '../../journal/inference/run-ending.ts';
import { parseSegmentFileName, segmentOfDataFile } from '../../journal/segment-file-name.ts';
import { judge, type Finding, type Judgement, type Rule } from '../rule.ts';

/**
 * From 2023.0 on an event transformation writes a segment again under a name with a version. The number in the name stays
 * below every cursor; that the segment has to be copied again shows in the list alone.
 *
 * Judged is each data file with a version that a run was told of and that existed: a copy under that name must be there.
 */
export const segmentVersions: Rule = {
  id: 'listing/segment-versions',
  level: 'must',
  requirement: 'Copy every version of a segment that is listed, under its own name.',
  source:
    'docs/event-segment-format.md, section 7.4: a transformed segment is listed whatever the segment cursor is, and of several versions the highest counts; docs/backup-endpoints.md, section 1.4',
  why: 'What a transformation has deleted or replaced, often because the law says so, comes back with the restore: the server opens the highest version that it finds, and finds the old one alone.',
  remedy:
    'Copy what is listed, by the whole name. Do not drop names with `_00001` in them, do not store them under the plain name, and do not skip a listed segment because its number is not above the cursor.',
  timelines: {
    good: `02:00:05  run 1 copies 00000000000000000000.events; the cursor is 26
03:00:00  a transformation deletes an event: 00000000000000000000_00001.events
04:00:05  run 2 is told of it, though 0 is below the cursor, and copies it`,
    bad: `02:00:05  run 1 copies 00000000000000000000.events; the cursor is 26
03:00:00  a transformation deletes an event: 00000000000000000000_00001.events
04:00:05  run 2 is told of it, has segment 0 already, and leaves it
04:00:06  a restored node has the deleted event again`,
  },
  check,
};

function check(evidence: Evidence): Judgement {
  const findings: Finding[] = [];
  let looked = 0;
  for (const run of claimedRunsOf(evidence)) {
    const after = new BackupCopies(run.after, evidence.contexts);
    for (const [round] of decisiveRoundsOf(run)) {
      for (const [name, namings] of filesOfRound(round)) {
        const there = namings.find(({ file }) => file.checksum !== null);
        if (there === undefined || !isVersion(name, round)) continue;
        looked++;
        if (after.newest(round, name) === null) findings.push(describeMissing(round, there));
      }
    }
  }
  return judge(looked, 'listed versions of segments', findings);
}

function isVersion(name: string, { type }: ListingRound): boolean {
  return segmentOfDataFile(name, type) !== null && (parseSegmentFileName(name)?.version ?? 0) > 0;
}

function describeMissing({ run, node }: ListingRound, { listing, file }: Naming): Finding {
  return {
    run: run.run,
    atMs: listing.atMs,
    subject: nameRequest(listing),
    expected: `${file.name} in the backup, as it is on ${node}`,
    actual: 'no file of that name: a restore takes an older version of the segment',
  };
}
