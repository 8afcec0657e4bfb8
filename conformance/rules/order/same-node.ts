import { backedUpLogsOf } from '../../journal/in-backup/backed-up-logs.ts';
import { controlDbBackupOn, countingControlDbBackupOf } from '../../journal/in-backup/control-db-in-backup.ts';
import type { Evidence, RunRecord } from '../../journal/evidence.ts';
import { nameRequest } from '../../journal/naming.ts';
import { claimedRunsOf } from '../../journal/inference/run-ending.ts';
import type { ControlDbBackup, LogListing } from '../../journal/run-requests.ts';
import { judge, type Finding, type Rule } from '../rule.ts';

/**
 * A control database belongs to its node: it knows how far that node has applied its logs, and has held back the
 * cleaning of that node alone. The log of another node can begin later.
 *
 * A client may ask several nodes, as long as the zip and the logs that make up the backup are of one; or back up several,
 * each with its own zip beside its own logs.
 */
export const sameNode: Rule = {
  id: 'order/same-node',
  level: 'should',
  requirement: 'Take the control database and the logs from the same node.',
  source:
    'docs/backup-endpoints.md, sections 4 and 9: log cleaning is postponed on the called node alone, and first index, applied index and node ids are those of a node. The reference guide lets any member answer and does not speak of mixing them; hence should',
  why: 'The other node goes on cleaning its logs, so its log may begin behind what the control database counts as applied. Node ids in the log are those of a node, too: a control database of one and a log of another make a node that never was.',
  remedy:
    'Choose one node for a run and ask it for everything. Where it fails, start anew with another, the POST included.',
  needsCluster: 'a proxy stands before one node alone',
  timelines: {
    good: `00:00  node-1  POST createControlDbBackup
00:01  node-1  GET  /v1/backup/log/filenames?context=_admin
00:02  node-1  GET  /v1/backup/log/filenames?context=default`,
    bad: `00:00  node-1  POST createControlDbBackup  → applied index 4711
00:00  node-2  cleans its log up to entry 4800
00:01  node-2  GET  /v1/backup/log/filenames?context=default  → begins with entry 4801`,
  },
  isAbout: 'log',
  check(evidence) {
    const pairs = claimedRunsOf(evidence).flatMap((run) => pairsOf(evidence, run));
    return judge(pairs.length, 'logs beside a control database', pairs.flatMap(findingsOf));
  },
};

interface Pair {
  readonly made: ControlDbBackup;
  readonly listing: LogListing;
}

function pairsOf(evidence: Evidence, run: RunRecord): Pair[] {
  return backedUpLogsOf(evidence, run).flatMap(({ listing }) => {
    const made = controlDbBackupOn(run, listing.node) ?? countingControlDbBackupOf(run);
    return made === null ? [] : [{ made, listing }];
  });
}

function findingsOf({ made, listing }: Pair): Finding[] {
  if (made.node === listing.node) return [];
  return [
    {
      run: listing.run,
      atMs: listing.atMs,
      subject: nameRequest(listing),
      expected: `the log comes from ${made.node}, as the control database does (${nameRequest(made)})`,
      actual: `it comes from ${listing.node}`,
    },
  ];
}
