import * as fs from 'node:fs';
import type { BackupInventory } from '../../journal/inventory.ts';
import { inodeOf, LiveFolders } from './live-folders.ts';
import { walkBackup } from './backup-walk.ts';

/**
 * What stands in place of a backup folder that a client was told to fill: an inventory that says so, of nothing; null where
 * it is a folder that is not the live server's, or is not there. Nothing in it is looked at.
 */
export function whatStandsFor(folder: string, liveFolders: readonly string[]): BackupInventory | null {
  const stands = fs.lstatSync(folder, { bigint: true, throwIfNoEntry: false });
  if (stands === undefined) return null;
  const live = new LiveFolders(liveFolders);
  if (stands.isDirectory() && !live.hasFolder(inodeOf(stands))) return null;
  const { linksOut, replacedBy, passedOver } = walkBackup(folder, { links: 'within', live });
  return { files: [], unreadable: passedOver, linksOut, ...(replacedBy === null ? {} : { replacedBy }) };
}
