import type { BackupFile, BackupInventory } from '../../journal/inventory.ts';
import { chooseGeneration } from './generations.ts';
import { knownEndOf } from '../backup/remembered-backup.ts';
import { companionFinder, selectBackup, type SelectedBackup } from './select-backup.ts';
import type { SegmentScans, SegmentTask } from './segment-scans.ts';

/**
 * What `selectBackup` selects, where it takes a look into segments to know where they end: each is read as a whole then, with
 * what lies beside it, so that nothing is read twice; and of older backups nothing, where the newest needs none of it.
 */
export async function chooseBackup(
  inventory: BackupInventory,
  {
    contexts,
    groups,
    scans,
  }: { readonly contexts: readonly string[]; readonly groups: readonly string[]; readonly scans: SegmentScans },
): Promise<SelectedBackup> {
  const companionsOf = companionFinder(inventory.files);
  const own = chooseGeneration(inventory.files, groups)?.files ?? inventory.files;
  // First with what belongs together alone; with the rest it may have to fill gaps.
  for (const files of [own, inventory.files, inventory.files]) {
    const unknown = new Map<BackupFile, SegmentTask>();
    const endOf = (file: BackupFile): bigint | null => {
      const end = endIn(scans, file);
      if (end !== undefined) return end;
      const { what } = file;
      if (what.kind === 'segment') {
        const selected = { segment: what.segment, data: file, companions: companionsOf(file) };
        unknown.set(file, { selected, type: what.type });
      }
      return null;
    };
    const selected = selectBackup({ ...inventory, files }, { contexts, groups, endOf });
    if (unknown.size === 0 && files === inventory.files) return selected;
    await scans.readSegments([...unknown.values()]);
  }
  return selectBackup(inventory, { contexts, groups, endOf: (file) => endIn(scans, file) ?? null });
}

function endIn(scans: SegmentScans, file: BackupFile): bigint | null | undefined {
  const end = scans.endOf(file);
  return end === undefined ? knownEndOf(file) : end;
}
