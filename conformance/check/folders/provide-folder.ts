import * as fs from 'node:fs';
import type { ClientUser } from '../../driver/client-user.ts';

/** Mode of a folder for who knows the name of what is in it. */
export const ENTERED_BY_ALL = 0o711;

/**
 * The kit's own: a run may have removed it, or have put a link in its place, and the next one finds a folder all the same. It
 * belongs to `owner`, where there is one.
 */
export function provideFolder(folder: string, owner?: ClientUser): void {
  const stat = fs.lstatSync(folder, { throwIfNoEntry: false });
  if (stat?.isDirectory() === true) return;
  if (stat !== undefined) fs.rmSync(folder, { force: true });
  fs.mkdirSync(folder, { recursive: true });
  if (owner !== undefined) fs.lchownSync(folder, owner.uid, owner.gid);
}
