import type { Evidence, RunRecord } from '../../journal/evidence.ts';
import { describeLoss, isWhole, shortfallOf } from '../../journal/inference/restore-shortfall.ts';
import { claimedRunsOf } from '../../journal/inference/run-ending.ts';
import { judge, type Finding, type Rule } from '../rule.ts';

/**
 * A backup is what a node starts from. So one is started: its control database is opened, its logs are read, its events
 * are checked and joined to the log, and it has to agree with the rest of the cluster in the end.
 *
 * Asked is this of each run that claims a good backup. That event stores end before the control database is what a client
 * without open segments has declared, and no finding then.
 */
export const restorable: Rule = {
  id: 'outcome/restorable',
  level: 'must',
  requirement: 'Leave a backup from which a node starts, applies its log and rejoins its cluster.',
  source:
    'docs/backup-endpoints.md, sections 5.2 to 5.4: what a server checks when it starts, and what it never gets over; conformance/README.md, Rooms: the restore oracle',
  why: 'A gap in the tokens, a bad checksum, a log that does not reach the commit index: the server refuses to start the context or the group, or starts and never applies anything again.',
  remedy:
    'The message says what the restored node stumbled over, or what the `--restore` command said of the store that it refused. The rule that names the cause most often fails beside this one: look there first. `axon-backup-kit verify` shows the backup file by file.',
  timelines: {
    good: `restore  control database: commit 4711, applied 4710
restore  log of default: entries 4300 to 4730
restore  events of default: tokens 0 to 90210, no gap
restore  entries from 4711 on are applied, the node has caught up`,
    bad: `restore  control database: commit 4711, applied 4710
restore  log of default: entries 4300 to 4650
restore  the log ends before the commit index: the group never gets there`,
  },
  consequenceOf: ['*'],
  check(evidence) {
    const runs = claimedRunsOf(evidence);
    const unread = runs.flatMap((run) => unreadOf(evidence, run));
    const judgement = judge(runs.length, 'restored backups', [
      ...unread,
      ...runs.flatMap((run) => findingsOf(evidence, run)),
    ]);
    // What could not be read could hold anything that other rules miss.
    const isTheReason = unread.length > 0 || runs.some(isNotUnpacked);
    return judgement.verdict === 'fail' && isTheReason ? { ...judgement, isTheReason } : judgement;
  },
};

/** Archives, with whatever is in them. A zip of the control database is no packing of a client's, and has rules of its own. */
const packed = /^(?:.*\/)?(?!controldb\d+\.zip: )[^/]*\.(?:zip|tar|tgz|gz)(?:!.*)?: /i;

/** Archives that nothing can be taken from, where something is missing; what else lies there broken is no affair of a restore. */
function unreadOf(evidence: Evidence, run: RunRecord): Finding[] {
  if (isWhole(shortfallOf(evidence, run))) return [];
  return run.after.unreadable
    .filter((line) => packed.test(line))
    .map((line) => {
      const end = line.indexOf(': ');
      return {
        run: run.run,
        atMs: run.endMs,
        subject: `the backup of run ${run.run}, ${line.slice(0, end)}`,
        expected: 'an archive that can be read to its end',
        actual: line.slice(end + 2),
      };
    });
}

function isNotUnpacked({ restoration }: RunRecord): boolean {
  return restoration.problems.some(({ kind }) => kind === 'not-unpacked');
}

function findingsOf(evidence: Evidence, run: RunRecord): Finding[] {
  const stranded = run.restoration.stranded.map((loss) => `; ${describeLoss(loss)} with it`);
  return shortfallOf(evidence, run).problems.map(({ where, message }, place) => ({
    run: run.run,
    atMs: run.endMs,
    subject: `the restored backup of run ${run.run}, ${where}`,
    expected: 'a node starts from it, applies its log and rejoins the cluster',
    actual: place === 0 ? [message, ...stranded].join('') : message,
  }));
}
