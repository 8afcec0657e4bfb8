import type { BackupFile, BackupInventory } from '../../journal/inventory.ts';

/**
 * What is left of a good backup, of which `good` has the files that it is restored from, in the folder as it is `now`: files that are as they were, and event and snapshot segments
 * with their indexes even where they were written anew since, for these only ever grow. Whatever has come beside them since is
 * not of that backup: half a new one in a folder of its own does it no harm.
 */
export function remainsOf(good: BackupInventory, now: BackupInventory): BackupInventory {
  const known = new Map([...good.files, ...(good.ofDcb ?? [])].map((file) => [file.path, file]));
  const isLeft = (file: BackupFile): boolean => {
    const old = known.get(file.path);
    return old !== undefined && (old.checksum === file.checksum || (growsOnly(old) && growsOnly(file)));
  };
  const ofDcb = now.ofDcb === undefined ? {} : { ofDcb: now.ofDcb.filter(isLeft) };
  const unreadable = now.unreadable.filter((path) => good.unreadable.includes(path));
  return { files: now.files.filter(isLeft), ...ofDcb, unreadable };
}

function growsOnly({ what }: BackupFile): boolean {
  return what.kind === 'segment' || what.kind === 'index';
}
