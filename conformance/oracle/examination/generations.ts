import type { BackupFile } from '../../journal/inventory.ts';
import { newestControlDb } from './newest-control-db.ts';

/** A folder or archive that is a backup by itself: a control database, and a log of every group beside it. */
export interface Generation {
  /** `backup-7`, `monday.tar!backup`; `.` for the whole of the backup folder. */
  readonly place: string;
  /** All that lies in it, but for smaller generations in it. */
  readonly files: readonly BackupFile[];
  readonly controlDb: BackupFile;
}

/** The newest generation of a backup, with what was looked at for it. */
export interface ChosenGeneration extends Generation {
  /** How many there are. */
  readonly among: number;
  /** What lies beside it and belongs to a later backup, which is not whole. */
  readonly isOfLater: (file: BackupFile) => boolean;
}

/**
 * What belongs together: of all folders and archives that hold a control database and a log of each group, the smallest
 * ones, and of those the one with the newest control database. Whoever keeps two folders by turns, or one for each run, has
 * several; who writes into one tree has that tree. Null where there is none, or no log at all: then nothing tells what
 * belongs together.
 */
export function chooseGeneration(files: readonly BackupFile[], groups: readonly string[]): ChosenGeneration | null {
  const generations = generationsOf(files, groups);
  const controlDb = newestControlDb(generations.flatMap((generation) => generation.files));
  const newest = generations.find((generation) => generation.controlDb === controlDb);
  if (newest === undefined) return null;
  const later = laterPlaces(files, newest);
  const isOfLater = ({ container }: BackupFile): boolean =>
    branchesBeside(container, newest.place).some((branch) => later.has(branch));
  return { ...newest, among: generations.length, isOfLater };
}

/** What lies in no folder or archive that is a backup by itself, where there is one that is. */
export function outsideGenerations(files: readonly BackupFile[], groups: readonly string[]): readonly BackupFile[] {
  const generations = generationsOf(files, groups);
  if (generations.length === 0) return [];
  const within = new Set(generations.flatMap((generation) => generation.files));
  return files.filter((file) => !within.has(file));
}

function generationsOf(files: readonly BackupFile[], groups: readonly string[]): Generation[] {
  const wanted = groups.filter((group) => files.some((file) => isLogOf(file, group)));
  if (wanted.length === 0) return [];
  const within = new Map<string, BackupFile[]>();
  for (const file of files) {
    for (const place of placesAround(file.container)) {
      const inPlace = within.get(place);
      if (inPlace === undefined) within.set(place, [file]);
      else inPlace.push(file);
    }
  }
  const taken = new Set<BackupFile>();
  const generations: Generation[] = [];
  const deepestFirst = [...within.keys()].toSorted((a, b) => depthOf(b) - depthOf(a) || (a < b ? -1 : 1));
  for (const place of deepestFirst) {
    const found = generationIn(
      place,
      (within.get(place) ?? []).filter((file) => !taken.has(file)),
      wanted,
    );
    if (found === null) continue;
    for (const file of found.files) taken.add(file);
    generations.push(found);
  }
  return generations;
}

/** What a folder or archive is as a backup by itself, without the beginnings of later ones in it; null where it is none. */
function generationIn(place: string, files: readonly BackupFile[], groups: readonly string[]): Generation | null {
  const controlDb = newestControlDb(files);
  if (controlDb === null || !groups.every((group) => files.some((file) => isLogOf(file, group)))) return null;
  for (const branch of branchesBeside(controlDb.container, place).toReversed()) {
    const begun = new Set(files.filter(({ container }) => placesAround(container).includes(branch)));
    const others = files.filter((file) => !begun.has(file));
    if (!isBeginning([...begun], others, controlDb)) continue;
    const without = generationIn(place, others, groups);
    if (without !== null) return without;
  }
  return { place, files, controlDb };
}

/**
 * Whether files are of a later backup than those around them, which only holds them: with their control database came a
 * log, or all logs around are of earlier runs. A folder that is for control databases alone is neither.
 */
function isBeginning(files: readonly BackupFile[], around: readonly BackupFile[], controlDb: BackupFile): boolean {
  if (files.some(({ what }) => what.kind === 'log')) return true;
  const logs = around.filter(({ what }) => what.kind === 'log');
  return logs.every(({ writtenInRun }) => writtenInRun < controlDb.writtenInRun);
}

/** Folders and archives beside a generation that hold a newer control database, or a log that was copied later. */
function laterPlaces(files: readonly BackupFile[], { place, files: own, controlDb }: Generation): ReadonlySet<string> {
  const isOwn = new Set(own);
  const later = files.filter((file) => {
    if (isOwn.has(file)) return false;
    if (file.what.kind === 'log') return file.writtenInRun > controlDb.writtenInRun;
    return file.what.kind === 'control-db-zip' && newestControlDb([controlDb, file]) === file;
  });
  return new Set(later.flatMap(({ container }) => branchesBeside(container, place)));
}

/** The folders and archives around a place that are not around the other one. */
function branchesBeside(container: string, place: string): string[] {
  const common = new Set(placesAround(place));
  return placesAround(container).filter((each) => !common.has(each));
}

/** A folder or archive and all around it, the nearest first, `.` last. */
function placesAround(container: string): string[] {
  const places: string[] = [];
  for (let at = container === '.' ? 0 : container.length; at > 0; at = lastSeparatorBefore(container, at)) {
    places.push(container.slice(0, at));
  }
  return [...places, '.'];
}

function lastSeparatorBefore(container: string, end: number): number {
  return Math.max(container.lastIndexOf('/', end - 1), container.lastIndexOf('!', end - 1), 0);
}

function depthOf(place: string): number {
  return place === '.' ? 0 : place.split(/[/!]/).length;
}

function isLogOf({ what }: BackupFile, group: string): boolean {
  return what.kind === 'log' && what.group === group;
}
