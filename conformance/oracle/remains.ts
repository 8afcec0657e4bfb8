import type { BackupFile, BackupInventory } from '../journal/inventory.ts';

/**
 * What is left of a good backup, of which `good` has the files that it is restored from, in the folder as it is `now`: files that are as they were, and event and snapshot segments
 * with their indexes even where they were written anew since, for these only ever grow. Whatever has come beside them since is
 * not of that backup: half a new one in a folder of its own does it no harm.
 */
export function remainsOf(good: BackupInventory, now: BackupInventory): BackupInventory {
  const known = new Map(good.files.map((file) => [file.path, file]));
  const files = now.files.filter((file) => {
    const old = known.get(file.path);
    return old !== undefined && (old.checksum === file.checksum || (growsOnly(old) && growsOnly(file)));
  });
  return { files, unreadable: now.unreadable.filter((path) => good.unreadable.includes(path)) };
}

function growsOnly({ what }: BackupFile): boolean {
  return what.kind === 'segment' || what.kind === 'index';
}
