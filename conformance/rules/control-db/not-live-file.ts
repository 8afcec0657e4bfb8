import { copiedZipsOf } from '../../journal/in-backup/control-db-in-backup.ts';
import type { RunRecord } from '../../journal/evidence.ts';
import type { BackupFile } from '../../journal/inventory.ts';
import { claimedRunsOf } from '../../journal/inference/run-ending.ts';
import { judge, type Finding, type Rule } from '../rule.ts';

/**
 * The live file is written all the time. A copy of it is a mixture of two states, and opens by luck alone.
 *
 * It is passed off as the backup where a run copies it and has no zip of its own. Beside the zip of the run a live copy
 * is ballast and does no harm: a client that packs the whole folder of the server is odd, not wrong. A damaged copy of
 * the zip is no live file either; control-db/returned-file speaks of that.
 */
export const notLiveFile: Rule = {
  id: 'control-db/not-live-file',
  level: 'must',
  requirement: 'Never take a copy of the live database file for a backup of the control database.',
  source:
    'Reference guide, Backups: the control database is backed up by the server itself, on request; docs/backup-endpoints.md, sections 2.1 and 2.2: the live file is axonserver-controldb.mv.db, the consistent copy stands in the zip alone',
  why: 'The server writes pages of the live file in no order that a copy could respect. The copy does not open, or it opens with pointers of one moment and configuration of another; and unlike the zip it postpones no log cleaning.',
  remedy: 'Copy the zip that POST createControlDbBackup is answered with, and leave axonserver-controldb.mv.db alone.',
  timelines: {
    good: `00:00  POST createControlDbBackup  → /axonserver/controldb1704067200000.zip
00:01  copy controldb1704067200000.zip into the backup
00:04  exit 0: the zip holds one consistent state`,
    bad: `00:00  POST createControlDbBackup  → /axonserver/controldb1704067200000.zip
00:01  copy /axonserver/data/axonserver-controldb.mv.db into the backup
00:04  exit 0: the copy holds half of a write, and no node starts from it`,
  },
  check(evidence) {
    const judged = claimedRunsOf(evidence).filter(
      (run) => copiedZipsOf(run).length > 0 || liveCopiesOf(run).length > 0,
    );
    return judge(judged.length, 'runs that put a control database into the backup', judged.flatMap(findingsOf));
  },
};

function findingsOf(run: RunRecord): Finding[] {
  if (copiedZipsOf(run).length > 0) return [];
  return liveCopiesOf(run).map(({ path }) => ({
    run: run.run,
    atMs: run.endMs,
    subject: path,
    expected: 'the control database in the backup is the zip that the server made of it in this run',
    actual: 'a copy of the live database file, and no zip of this run beside it',
  }));
}

function liveCopiesOf({ run, after }: RunRecord): BackupFile[] {
  return after.files.filter((file) => {
    if (file.what.kind !== 'control-db-live' || file.writtenInRun !== run) return false;
    return !file.name.endsWith('.zip') || isDatabase(file);
  });
}

/**
 * A file that is called a zip, and is none, is what has become of the zip, or an error page that was taken for it. A
 * database under that name is neither empty nor a text.
 */
function isDatabase({ readBytes }: BackupFile): boolean {
  const start = readBytes().subarray(0, 512);
  return !start.toString('latin1').startsWith('PK') && start.includes(0);
}
