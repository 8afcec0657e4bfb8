import { copiedZipsOf } from '../../journal/in-backup/control-db-in-backup.ts';
import type { RunRecord } from '../../journal/evidence.ts';
import type { BackupFile } from '../../journal/inventory.ts';
import { formatTime, nameRequest } from '../../journal/naming.ts';
import { claimedRunsOf } from '../../journal/inference/run-ending.ts';
import { controlDbBackupsOf, type ControlDbBackup } from '../../journal/run-requests.ts';
import { judge, type Finding, type Rule } from '../rule.ts';

/**
 * Zips of earlier backups lie in the same folder as the new one, and nobody ever clears them away. Only the answer of
 * the POST says which is which.
 *
 * The zip is known by its bytes: a client may rename it, or pack it into an archive. Where a run has made several, any
 * one of them will do; which of them the rest of the backup has to fit is the newest in the backup (see
 * journal/in-backup/control-db-in-backup.ts), and the rules of order hold it to that. A run without any is the affair of
 * control-db/requested.
 */
export const returnedFile: Rule = {
  id: 'control-db/returned-file',
  level: 'must',
  requirement: 'Put the zip that the POST of this run was answered with into the backup, byte for byte.',
  source:
    'Reference guide, Backups: the answer to createControlDbBackup is the full path of the file to copy; docs/backup-endpoints.md, sections 2.1 and 2.2: the name carries the time, the file is one zip, and the server never removes an old one',
  why: 'An older zip stands for an older commit index: the log that was copied with it may begin behind what it counts as applied, and then the group never applies anything again. Half a zip opens nowhere.',
  remedy:
    'Take the path from the body of the answer, as it is and without trimming anything but blanks, and copy that very file. Do not look for the newest or the first zip in the folder.',
  timelines: {
    good: `00:00  POST createControlDbBackup  → /axonserver/controldb1704153600000.zip
00:01  copy /axonserver/controldb1704153600000.zip into the backup
00:04  exit 0: control database and log are of one hour`,
    bad: `00:00  POST createControlDbBackup  → /axonserver/controldb1704153600000.zip
00:01  copy the first of /axonserver/controldb*.zip: controldb1704067200000.zip, of yesterday's run
00:04  exit 0: control database of yesterday, log of today`,
  },
  consequenceOf: [
    'control-db/requested',
    'control-db/not-live-file',
    'listing/paths-mapped',
    'fault/error-is-failure',
    'access/*',
  ],
  check(evidence) {
    const judged = claimedRunsOf(evidence).filter((run) => controlDbBackupsOf(run).length > 0);
    return judge(judged.length, 'runs that were given a control database backup', judged.flatMap(findingsOf));
  },
};

function findingsOf(run: RunRecord): Finding[] {
  const made = controlDbBackupsOf(run).at(-1);
  if (made === undefined || copiedZipsOf(run).length > 0) return [];
  return [
    {
      run: run.run,
      atMs: made.atMs,
      subject: `${made.answer.file.name}, the answer to ${nameRequest(made)}`,
      expected: 'the backup holds this file, byte for byte, when the run ends with 0',
      actual: describeInstead(run, made),
    },
  ];
}

/** The most telling of what the backup has instead. */
function describeInstead({ after, endMs }: RunRecord, { answer }: ControlDbBackup): string {
  const { name, sizeBytes, checksum } = answer.file;
  const sameBytes = after.files.find((file) => file.checksum === checksum);
  if (sameBytes !== undefined && sameBytes.link !== 'none') {
    return `${sameBytes.path} is a ${sameBytes.link} link to the file on the server, and no copy of it`;
  }
  const sameName = after.files.find((file) => file.name === name);
  if (sameName !== undefined) {
    return `${sameName.path} has other bytes: ${sameName.sizeBytes} of them, where the server's file has ${sizeBytes}`;
  }
  const others = after.files.filter(isControlDb).map(({ path }) => path);
  const held = others.length === 0 ? 'no control database at all' : `only ${others.join(', ')}`;
  return `at ${formatTime(endMs)} the backup holds ${held}`;
}

function isControlDb({ what }: BackupFile): boolean {
  return what.kind === 'control-db-zip' || what.kind === 'control-db-live';
}
