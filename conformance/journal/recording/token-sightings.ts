import { AxonError } from '../../../server/index.ts';
import type { RunResult } from '../../driver/client-driver.ts';
import type { BackupFile, BackupInventory } from '../inventory.ts';

const LARGEST_SEARCHED_BYTES = 8 << 20;

/** Where a run has left the token: `stdout`, `stderr`, or files of the backup. Where it is hidden is not told. */
export function findToken(token: string, result: RunResult, backup: BackupInventory): string[] {
  const sightings: string[] = [];
  if (result.stdout.includes(token)) sightings.push('stdout');
  if (result.stderr.includes(token)) sightings.push('stderr');
  for (const file of backup.files) {
    if (file.sizeBytes <= LARGEST_SEARCHED_BYTES && holds(file, token)) sightings.push(file.path);
  }
  return sightings;
}

/** Whoever the client has left at work may have changed a file since it was looked at; then it tells nothing. */
function holds(file: BackupFile, token: string): boolean {
  try {
    return file.readBytes().includes(token);
  } catch (error) {
    if (!(error instanceof AxonError)) throw error;
    return false;
  }
}
