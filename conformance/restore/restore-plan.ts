import type { BackupFile } from '../journal/inventory.ts';
import { isGlobalIndex } from '../oracle/verification/global-indexes.ts';
import { placeFiles, storageOf, type LaidFile, type NodeFolders } from '../oracle/boot/laid-files.ts';
import { adviceFor, reasonForLeavingOut } from '../oracle/backup/unfinished.ts';
import type { SelectedStore } from '../oracle/examination/select-backup.ts';
import type { VerifiedSelection } from '../oracle/verification/verify-backup.ts';
import { decideIndexes } from './kept-indexes.ts';

/**
 * `image`: the volumes of the official images, data, log and events. `flat`: what a jar has by itself, everything but the log in `data`.
 * `split`: those of the images, and snapshots in a folder of their own, for servers whose `event.storage` and `snapshot.storage` are two.
 */
export const layouts = ['image', 'flat', 'split'] as const;
export type Layout = (typeof layouts)[number];

/** What of a backup stays where it is, and why. */
export interface LeftOut {
  /** Relative to the backup. */
  readonly path: string;
  readonly reason: string;
}

/** Where everything goes. */
export interface RestorePlan {
  readonly files: readonly LaidFile[];
  /** The database out of the zip; null where there is none that opens. */
  readonly database: { readonly from: string; readonly to: string; readonly image: Uint8Array } | null;
  readonly leftOut: readonly LeftOut[];
}

/** Of a simulated server the database has a folder of its own in either layout (server/README.md). */
const SIMULATED_FOLDER = 'controldb';

const foldersOf: Readonly<Record<Layout, NodeFolders>> = {
  image: { controlDb: 'data', log: 'log', events: 'events' },
  flat: { controlDb: 'data', log: 'log', events: 'data' },
  split: { controlDb: 'data', log: 'log', events: 'events', snapshots: 'snapshots' },
};

/** Decides what of a verified backup goes where in the folder of a node. Reads the beginning of indexes, and writes nothing. */
export function planRestore(verified: VerifiedSelection, layout: Layout): RestorePlan {
  const { inventory, selected, controlDb, indexProblems } = verified;
  const own = foldersOf[layout];
  const decided = new Map(
    selected.stores.map((store) => [
      store,
      decideIndexes(store, indexProblems.get(`${store.context}/${store.type}`) ?? null),
    ]),
  );
  const placed = placeFiles(selected, own, (store) => decided.get(store)?.kept ?? []);
  const withSegments = selected.stores.filter((store) => (decided.get(store)?.kept.length ?? 0) > 0);
  const files = [...placed, ...placeGlobalIndexes(inventory.files, withSegments, own)];
  const zip = selected.controlDb;
  const database =
    zip === null || controlDb === null
      ? null
      : {
          from: zip.path,
          to: `${controlDb.engine === 'sqlite' ? SIMULATED_FOLDER : own.controlDb}/${controlDb.fileName}`,
          image: controlDb.image,
        };
  const isTaken = new Set(files.map(({ file }) => file.path));
  if (database !== null) isTaken.add(database.from);
  const reasons = new Map(
    [...decided.values()].flatMap(({ leftOut }) => leftOut.map(({ file, reason }) => [file.path, reason])),
  );
  const leftOut = inventory.files
    .filter(({ path }) => !isTaken.has(path))
    .map((file) => ({ path: file.path, reason: reasons.get(file.path) ?? reasonFor(file) }));
  const unfinished = [...(inventory.unfinished ?? [])].map(([part, count]) => ({
    path: part,
    reason: `${reasonForLeavingOut(part)} (files: ${count})${adviceFor(part)}`,
  }));
  return { files, database, leftOut: [...leftOut, ...unfinished] };
}

/** They lie beside the segments whose last tokens they know; the newest of each name goes along. */
function placeGlobalIndexes(
  files: readonly BackupFile[],
  stores: readonly SelectedStore[],
  folders: NodeFolders,
): LaidFile[] {
  const oldestFirst = files.filter(isGlobalIndex).toSorted((a, b) => a.recency - b.recency);
  const byPlace = new Map<string, LaidFile>();
  for (const { context, type, segments } of stores) {
    const suffix = type === 'EVENT' ? '.xref' : '.sxref';
    const containers = new Set(segments.map(({ data }) => data.container));
    for (const file of oldestFirst) {
      if (!file.name.endsWith(suffix) || !containers.has(file.container)) continue;
      const to = `${storageOf(folders, type)}/${context}/${file.name}`;
      byPlace.set(to, { to, file });
    }
  }
  return [...byPlace.values()];
}

function reasonFor({ what, name }: BackupFile): string {
  switch (what.kind) {
    case 'segment':
    case 'index':
      return what.context === null
        ? 'nothing tells whose it is'
        : 'another copy of that segment is newer, or goes with the segments that are taken';
    case 'log':
      return what.group === null
        ? 'nothing tells whose it is'
        : 'another log of that group goes with the control database';
    case 'log-index':
      return 'a server makes the indexes of its log itself';
    case 'control-db-zip':
      return 'another control database is taken';
    case 'control-db-live':
      return 'it is no zip of a control database backup';
    case 'other':
      return isGlobalIndex({ what, name }) ? 'its segments are taken without their indexes' : 'it is no file of a node';
  }
}
