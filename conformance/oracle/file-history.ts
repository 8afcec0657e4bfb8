import type { BackupFileKind } from '../journal/inventory.ts';

/**
 * What the folder tells of a file's past, when it is read after a run:
 *
 *   new        not in the backup before, or not with these bytes: this run has written it
 *   kept       as it was before; that its mode or owner was changed, or a link made to it, is no writing
 *   doubtful   the bytes were there before, and something happened to the file: the same ones were written over it with
 *              the old times (`cp -p`), or it was sealed, touched, moved, or packed into an archive
 */
export type FileHistory =
  | { readonly state: 'new' }
  | {
      readonly state: 'kept' | 'doubtful';
      /** The run that had last written it before, and its rank then. */
      readonly writtenInRun: number;
      readonly recency: number;
    };

/** A file with its past, and what tells whose it is. */
export interface FileWithHistory {
  readonly container: string;
  readonly history: FileHistory;
  readonly what: BackupFileKind;
}

/**
 * The run that last wrote each file, in their order. A doubtful one is of this `run` where it lies among others of its
 * store, log or kind that this run has written, or where there are none of those: then it must be what was copied.
 * Where this run has put them elsewhere, it is an older copy that was only taken care of.
 */
export function settleRuns(files: readonly FileWithHistory[], run: number): number[] {
  const newPlaces = new Map<string, Set<string>>();
  for (const { container, history, what } of files) {
    const owner = ownerOf(what);
    if (history.state !== 'new' || owner === null) continue;
    const places = newPlaces.get(owner);
    if (places === undefined) newPlaces.set(owner, new Set([container]));
    else places.add(container);
  }
  return files.map(({ container, history, what }) => {
    switch (history.state) {
      case 'new':
        return run;
      case 'kept':
        return history.writtenInRun;
      case 'doubtful': {
        const places = newPlaces.get(ownerOf(what) ?? '');
        // Zips have names and bytes of their own each, so those of earlier runs may well lie beside the new one.
        const isElsewhere = places !== undefined && (what.kind === 'control-db-zip' || !places.has(container));
        return isElsewhere ? history.writtenInRun : run;
      }
    }
  });
}

/** Of what a run copies as a whole; null where nothing tells. */
function ownerOf(what: BackupFileKind): string | null {
  switch (what.kind) {
    case 'segment':
    case 'index':
      return what.context === null ? null : `${what.type} of ${what.context}`;
    case 'log':
      return what.group === null ? null : `log of ${what.group}`;
    case 'control-db-zip':
      return 'control database';
    default:
      return null;
  }
}
