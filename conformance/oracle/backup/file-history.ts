import type { BackupFileKind } from '../../journal/inventory.ts';

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
 * store or log that this run has written. Where the run has put those elsewhere, it is an older copy that was only taken
 * care of. And where there are none at all, it is what was copied, unless a newer copy lies elsewhere, and the run has
 * written nothing around this one.
 */
export function settleRuns(files: readonly FileWithHistory[], run: number): number[] {
  const newPlaces = new Map<string, Set<string>>();
  const oldPlaces = new Map<string, { readonly container: string; readonly recency: number }>();
  for (const { container, history, what } of files) {
    const owner = ownerOf(what);
    if (owner === null) continue;
    if (history.state === 'new') newPlaces.set(owner, (newPlaces.get(owner) ?? new Set()).add(container));
    else if (history.recency > (oldPlaces.get(owner)?.recency ?? 0)) {
      oldPlaces.set(owner, { container, recency: history.recency });
    }
  }
  const allNew = [...new Set([...newPlaces.values()].flatMap((places) => [...places]))];
  const isOldCopy = ({ container, what }: FileWithHistory): boolean => {
    const owner = ownerOf(what) ?? '';
    const places = newPlaces.get(owner);
    // Zips have names and bytes of their own each, so those of earlier runs may well lie beside the new one.
    if (places !== undefined) return what.kind === 'control-db-zip' || !places.has(container);
    const newest = oldPlaces.get(owner)?.container ?? container;
    if (newest === container) return false;
    const branch = branchOf(container, newest);
    return !allNew.some((place) => `${place}/`.replaceAll('!', '/').startsWith(branch));
  };
  return files.map((file) => {
    const { history } = file;
    if (history.state === 'new') return run;
    return history.state === 'kept' || isOldCopy(file) ? history.writtenInRun : run;
  });
}

/** `run-1/log/default` beside `run-2/log/default` → `run-1/`: what the one has for itself. */
function branchOf(container: string, other: string): string {
  const parts = container.split(/[/!]/);
  const others = other.split(/[/!]/);
  const common = parts.findIndex((part, place) => part !== others[place]);
  return `${parts.slice(0, common < 0 ? parts.length : common + 1).join('/')}/`;
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
