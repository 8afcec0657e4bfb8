import * as fs from 'node:fs';
import { AxonError } from '../../server/index.ts';
import { storedBytesOf } from '../oracle/backup/remembered-backup.ts';
import type { RestorePlan } from './restore-plan.ts';

const MIB = 1024 ** 2;

/** Fails with `bad-option` where the disk of a folder has less room than the files need; holes need none. */
export function requireRoom(
  folder: string,
  { files, database }: Pick<RestorePlan, 'files' | 'database'>,
  freeBytesOf: (folder: string) => number = freeBytesOfDisk,
): void {
  const neededBytes = files.reduce((sum, { file }) => sum + storedBytesOf(file), database?.image.length ?? 0);
  const freeBytes = freeBytesOf(folder);
  if (neededBytes <= freeBytes) return;
  const message = `${Math.ceil(neededBytes / MIB)} MiB are needed, and the disk of ${folder} has ${Math.floor(freeBytes / MIB)} MiB left`;
  throw new AxonError('bad-option', `--to: ${message}`);
}

function freeBytesOfDisk(folder: string): number {
  const { bavail, bsize } = fs.statfsSync(folder);
  return bavail * bsize;
}
