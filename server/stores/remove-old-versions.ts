import type { DataDir } from './data-dir.ts';
import type { SegmentVersions } from './segment-versions.ts';

/** Deletes the files of every version that is not the current one of its segment; how many there were. */
export function removeOldVersions(
  versions: SegmentVersions,
  dataDir: DataDir,
  filesOf: (segment: bigint, version: number) => readonly string[],
): number {
  let removed = 0;
  for (const segment of versions.withOldVersions) {
    for (const version of versions.onDisk(segment).slice(0, -1)) {
      for (const file of filesOf(segment, version).filter((each) => dataDir.exists(each))) {
        dataDir.remove(file);
        removed++;
      }
      versions.drop(segment, version);
    }
  }
  return removed;
}
