import type { BackupFile, BackupInventory } from '../../journal/inventory.ts';
import type { ExaminedBackup } from '../examination/examine-backup.ts';
import { examineLog } from '../examination/examine-log.ts';
import type { SegmentScans } from '../examination/segment-scans.ts';
import { outsideGenerations } from '../examination/generations.ts';
import { groupBy } from '../backup/group-by.ts';
import { newestControlDb } from '../examination/newest-control-db.ts';
import type { VerificationProblem } from './verification.ts';

/**
 * Logs in folders or archives without a control database that go on behind the log which a restore takes: a newer backup lies
 * there, and without its zip it is lost. By their entries, since times and names of files may say anything.
 */
export async function findLaterLogs(
  { files }: BackupInventory,
  { selected, logs: taken }: Pick<ExaminedBackup, 'selected' | 'logs'>,
  scans: SegmentScans,
): Promise<VerificationProblem[]> {
  // A newer database that is passed by tells the same.
  if (newestControlDb(files) !== selected.controlDb) return [];
  const strays = outsideGenerations(
    files,
    taken.map(({ group }) => group),
  ).filter(({ what }) => what.kind === 'log');
  const problems: VerificationProblem[] = [];
  for (const [container, logs] of groupBy(strays, (file) => file.container)) {
    for (const own of taken) {
      const segments = segmentsOf(logs, own.group);
      if (own.segments.length === 0 || segments.length === 0) continue;
      await scans.readLogs(segments.map((each) => ({ ...each, group: own.group, splitBehind: [] })));
      const { lastIndex } = examineLog({ group: own.group, segments }, ({ file }) => scans.logOf(file));
      if (lastIndex <= own.lastIndex) continue;
      const message = `the log of ${own.group} goes on to ${lastIndex} there, that of the backup which can be restored to ${own.lastIndex}, and no control database lies with it: only the older backup can be restored`;
      problems.push({ kind: 'newest-not-whole', where: container, message });
    }
  }
  return problems;
}

function segmentsOf(
  logs: readonly BackupFile[],
  group: string,
): ReadonlyArray<{ readonly firstIndex: number; readonly file: BackupFile }> {
  return logs
    .flatMap((file) =>
      file.what.kind === 'log' && file.what.group === group ? [{ firstIndex: file.what.firstIndex, file }] : [],
    )
    .toSorted((a, b) => a.firstIndex - b.firstIndex);
}
