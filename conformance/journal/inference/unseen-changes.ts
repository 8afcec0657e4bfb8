import type { Evidence, ListedFile, RunRecord } from '../evidence.ts';

/**
 * Whether a file that a run was told of has other bytes than when an earlier run was told of it, and the same size and
 * modification time: a client that goes by these takes its old copy for a current one (docs/newer-versions.md, section 6).
 */
export function hasChangedUnseen({ runs }: Evidence, run: RunRecord, listed: ListedFile): boolean {
  if (listed.checksum === null || listed.modifiedAtMs === null) return false;
  return runs.some(
    (earlier) =>
      earlier.run < run.run &&
      listedIn(earlier).some(
        (file) =>
          file.path === listed.path &&
          file.sizeBytes === listed.sizeBytes &&
          file.modifiedAtMs === listed.modifiedAtMs &&
          file.checksum !== null &&
          file.checksum !== listed.checksum,
      ),
  );
}

/**
 * Whether a log that is written has so changed, and an open event or snapshot segment as well. Who asks for closed segments
 * alone is told of no open ones: then the log will do.
 */
export function haveOpenFilesChangedUnseen(evidence: Evidence): boolean {
  const open = evidence.runs.flatMap((run) =>
    listedIn(run).flatMap((file) =>
      file.isOpen ? [{ isLog: file.name.endsWith('.log'), isUnseen: hasChangedUnseen(evidence, run, file) }] : [],
    ),
  );
  const segments = open.filter(({ isLog }) => !isLog);
  const hasLog = open.some(({ isLog, isUnseen }) => isLog && isUnseen);
  return hasLog && (segments.length === 0 || segments.some(({ isUnseen }) => isUnseen));
}

function listedIn({ requests }: RunRecord): ListedFile[] {
  return requests.flatMap(({ answer }) => (answer.kind === 'log' || answer.kind === 'segments' ? answer.files : []));
}
