import type { PushedFile } from '../../../server/index.ts';
import type { BackupFile, BackupInventory } from '../../journal/inventory.ts';

/** What is known of contexts with a dynamic consistency boundary. */
export interface KnownOfDcb {
  readonly contexts: readonly string[];
  /** All that the server has ever written as backups of them. */
  readonly pushed: readonly PushedFile[];
}

/**
 * Sets apart what belongs to contexts with a dynamic consistency boundary: it lies in a folder of such a name, or tells of one, or has
 * the bytes of what the server has written. No store of segments is made of it.
 */
export function setDcbCopiesApart<Inventory extends BackupInventory>(
  inventory: Inventory,
  { contexts, pushed }: KnownOfDcb,
): Inventory {
  if (contexts.length === 0) return inventory;
  const checksums = new Set(pushed.map(({ checksum }) => checksum));
  const isOfDcb = (file: BackupFile): boolean => {
    const { what, path, checksum } = file;
    if (what.kind === 'log' || what.kind === 'log-index' || what.kind.startsWith('control-db')) return false;
    if (what.kind === 'segment') {
      return what.context === null ? isBelow(path, contexts) : contexts.includes(what.context);
    }
    return isBelow(path, contexts) || checksums.has(checksum);
  };
  const files = inventory.files.filter((file) => !isOfDcb(file));
  return { ...inventory, files, ofDcb: inventory.files.filter(isOfDcb) };
}

function isBelow(path: string, contexts: readonly string[]): boolean {
  const folders = path.split(/[/!]/).slice(0, -1);
  return folders.some((folder) => contexts.includes(folder));
}
