import type { OldFolders } from '../check/run-conformance.ts';

/** One line on stderr, which nobody parses. */
export function complain(text: string): void {
  process.stderr.write(`axon-backup-kit: ${text.replaceAll('\n', ' ')}\n`);
}

/** What could not be cleared away, in a line. */
export function describeLeftBehind([first = '', ...others]: readonly string[]): string {
  return `not cleared away: ${first}${others.length === 0 ? '' : ` (and ${others.length} more)`}`;
}

/** What is gone that earlier commands had left, in a line. */
export function describeOldRemoved({ sweptFolders, outdatedFolders }: OldFolders): string {
  const parts = [
    ...(sweptFolders > 0 ? [`${countFolders(sweptFolders)} of checks that were killed`] : []),
    ...(outdatedFolders > 0 ? [`${countFolders(outdatedFolders)} of failures, of which the newest are kept`] : []),
  ];
  return `removed ${parts.join(', and ')}`;
}

export function countFolders(folders: number): string {
  return folders === 1 ? '1 temporary folder' : `${folders} temporary folders`;
}
