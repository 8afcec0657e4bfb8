import { AxonError } from '../../server/index.ts';
import type { Unpack, UnpackLimits } from './restore-command.ts';

/**
 * Unpacks a store, and tells why its tool refuses it, in the tool's words but for folders that have another name each time;
 * null where it does not. Fails as `Unpack` does in all else.
 */
export async function refusalOf(
  unpack: Unpack,
  backupDir: string,
  restoreDir: string,
  limits: UnpackLimits,
): Promise<string | null> {
  try {
    await unpack(backupDir, restoreDir, limits);
    return null;
  } catch (error) {
    if (!(error instanceof AxonError && error.kind === 'restore-command-failed')) throw error;
    return error.message.replaceAll(restoreDir, '$RESTORE_DIR').replaceAll(backupDir, '$BACKUP_DIR');
  }
}
