import path from 'node:path';
import type { PushedFile } from '../../../server/index.ts';
import type { BackupFile, BackupInventory } from '../../journal/inventory.ts';
import { isGlobalIndexName, parseSegmentFileName } from '../../journal/segment-file-name.ts';

/** What is known of contexts with a dynamic consistency boundary. */
export interface KnownOfDcb {
  readonly contexts: readonly string[];
  /** All that the server has ever written as backups of them. */
  readonly pushed: readonly PushedFile[];
}

/**
 * Sets apart what belongs to contexts with a dynamic consistency boundary: it lies in a folder of such a name, or tells of one, or has
 * the bytes of what the server has written. No store of segments is made of it. Indexes of two contexts can be equal byte for
 * byte: what is named as one of a segment, and not as what was written, is that of its own store.
 */
export function setDcbCopiesApart<Inventory extends BackupInventory>(
  inventory: Inventory,
  { contexts, pushed }: KnownOfDcb,
): Inventory {
  if (contexts.length === 0) return inventory;
  const pushedNames = new Map<string, Set<string>>();
  for (const { checksum, path: written } of pushed) {
    pushedNames.set(checksum, (pushedNames.get(checksum) ?? new Set()).add(path.basename(written)));
  }
  const wasPushed = ({ name, checksum }: BackupFile): boolean => {
    const names = pushedNames.get(checksum);
    const isOfSegments = parseSegmentFileName(name) !== null || isGlobalIndexName(name);
    return names !== undefined && (names.has(name) || !isOfSegments);
  };
  const isOfDcb = (file: BackupFile): boolean => {
    const { what } = file;
    if (what.kind === 'log' || what.kind === 'log-index' || what.kind.startsWith('control-db')) return false;
    if (what.kind === 'segment') {
      return what.context === null ? isBelow(file, contexts) : contexts.includes(what.context);
    }
    return isBelow(file, contexts) || wasPushed(file);
  };
  const files = inventory.files.filter((file) => !isOfDcb(file));
  return { ...inventory, files, ofDcb: inventory.files.filter(isOfDcb) };
}

function isBelow({ path: file }: BackupFile, contexts: readonly string[]): boolean {
  const folders = file.split(/[/!]/).slice(0, -1);
  return folders.some((folder) => contexts.includes(folder));
}
