import * as fs from 'node:fs';
import { AxonError } from '../../server/index.ts';
import { storedBytesOf } from '../oracle/backup/remembered-backup.ts';
import type { RestorePlan } from './restore-plan.ts';

/** Fails with `bad-option` where the disk of a folder has less room than the files need; holes need none. */
export function requireRoom(folder: string, { files, database }: RestorePlan): void {
  const { bavail, bsize } = fs.statfsSync(folder);
  const neededBytes = files.reduce((sum, { file }) => sum + storedBytesOf(file), database?.image.length ?? 0);
  const freeBytes = bavail * bsize;
  if (neededBytes <= freeBytes) return;
  const message = `${mebibytes(neededBytes)} are needed, and the disk of ${folder} has ${mebibytes(freeBytes)} left`;
  throw new AxonError('bad-option', `--to: ${message}`);
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 ** 2)} MiB`;
}
