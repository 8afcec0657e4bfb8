import type { BackupFile } from '../../journal/inventory.ts';
import type { PlaceOfFiles, RestoreChoice } from '../../journal/restoration.ts';
import { groupBy } from '../backup/group-by.ts';
import type { SelectedBackup } from './select-backup.ts';

/** What a restore takes of a backup, in a few words for each part. Pure. */
export function describeChoice({ why, controlDb, logs, stores }: SelectedBackup): RestoreChoice {
  return {
    why,
    controlDb: controlDb?.path ?? null,
    logs: logs.map(({ group, segments }) => ({ group, from: placesOf(segments.map(({ file }) => file)) })),
    stores: stores.map(({ context, type, segments }) => ({
      context,
      type,
      from: placesOf(segments.map(({ data }) => data)),
    })),
  };
}

/** The newest first, by its newest file. */
function placesOf(files: readonly BackupFile[]): PlaceOfFiles[] {
  const newestFirst = files.toSorted((a, b) => b.recency - a.recency);
  return [...groupBy(newestFirst, ({ container }) => container)].map(([place, { length }]) => ({
    place,
    segments: length,
  }));
}
