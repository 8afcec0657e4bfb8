import type { EventType } from '../../../server/index.ts';
import type { BackupFile, BackupFileKind, BackupInventory } from '../../journal/inventory.ts';
import { parseBackupName } from '../backup/backup-name.ts';
import { chooseGeneration, type ChosenGeneration } from './generations.ts';
import { groupBy } from '../backup/group-by.ts';
import { newestControlDb } from './newest-control-db.ts';

/** A log as a restore would put it back. */
export interface SelectedLog {
  readonly group: string;
  /** Ascending by first index; empty where the backup has no log of the group. */
  readonly segments: ReadonlyArray<{ readonly firstIndex: number; readonly file: BackupFile }>;
}

export interface SelectedSegment {
  readonly segment: bigint;
  readonly data: BackupFile;
  /** Index, bloom filter and what else belongs to it. */
  readonly companions: readonly BackupFile[];
}

/** The events, or snapshots, of one context as a restore would put them back. */
export interface SelectedStore {
  readonly context: string;
  readonly type: EventType;
  /** Ascending. */
  readonly segments: readonly SelectedSegment[];
}

/** What a restore would take from a backup that may hold several copies of everything. */
export interface SelectedBackup {
  /** What belongs together, and why that is; a sentence. */
  readonly why: string;
  /** How many others there are that a restore could take, each with a control database and a log of every group. */
  readonly others: number;
  readonly controlDb: BackupFile | null;
  readonly logs: readonly SelectedLog[];
  readonly stores: readonly SelectedStore[];
}

export interface SelectOptions {
  readonly contexts: readonly string[];
  readonly groups: readonly string[];
  /** Token behind the last event of a data file; null where that cannot be told. */
  readonly endOf: (file: BackupFile) => bigint | null;
}

const eventTypes = ['EVENT', 'SNAPSHOT'] as const;

/**
 * Picks what belongs together: the newest folder or archive that is a backup by itself (generations.ts), with the segments
 * of older ones where its own do not begin at the first token, as those of a chain of increments. In it, and where there is
 * none, it goes by the contract's rule (section 4): the newest copy of each segment counts; a group's log is the folder or
 * archive that received its newest copy; the control database is the newest zip. The order of `files` is of no matter.
 */
export function selectBackup({ files }: BackupInventory, { contexts, groups, endOf }: SelectOptions): SelectedBackup {
  const generation = chooseGeneration(files, groups);
  const isOwn = new Set(generation?.files ?? files);
  const logs = filesOfKind([...isOwn], 'log');
  const data = filesOfKind(files, 'segment');
  const companions = filesOfKind(files, 'index');
  const select = (segments: ReadonlyArray<Of<'segment'>>, indexes: ReadonlyArray<Of<'index'>>): SelectedSegment[] => {
    const withIndexes = (chosen: ReadonlyArray<Of<'segment'>>): SelectedSegment[] =>
      withCompanions(chosen, indexes, segments, endOf);
    const stock = segments.filter((file) => isOwn.has(file));
    const own = selectSegments([stock], endOf);
    if (isWhole(own, endOf)) return withIndexes(own);
    const beside = segments.filter((file) => !isOwn.has(file) && generation?.isOfLater(file) !== true);
    return withIndexes(selectSegments([stock, beside], endOf));
  };
  return {
    why: explainChoice(files, generation, groups),
    others: (generation?.among ?? 1) - 1,
    controlDb: generation?.controlDb ?? newestControlDb(files),
    logs: groups.map((group) => selectLog(logs, group)),
    stores: contexts.flatMap((context) =>
      eventTypes.map((type) => {
        const isOf = ({ what }: Of<'segment' | 'index'>): boolean => what.context === context && what.type === type;
        return { context, type, segments: select(data.filter(isOf), companions.filter(isOf)) };
      }),
    ),
  };
}

/** All files that a restore would take. */
export function filesOfSelection({ controlDb, logs, stores }: SelectedBackup): BackupFile[] {
  return [
    ...(controlDb === null ? [] : [controlDb]),
    ...logs.flatMap(({ segments }) => segments.map(({ file }) => file)),
    ...stores.flatMap(({ segments }) => segments.flatMap(({ data, companions }) => [data, ...companions])),
  ];
}

function explainChoice(
  files: readonly BackupFile[],
  generation: ChosenGeneration | null,
  groups: readonly string[],
): string {
  if (generation === null && groups.length === 0) {
    return 'without replication groups there is no log to tell what belongs together, so it is the newest of each kind';
  }
  if (generation === null) {
    return 'no folder or archive holds a control database and a log of every group, so it is the newest of each kind';
  }
  const { place, among, controlDb } = generation;
  const name = place === '.' ? 'the backup folder' : place;
  const what = 'a control database and a log of every group';
  const chosen = among === 1 ? `${name} holds ${what}` : `${name} is the newest of ${among} that hold ${what}`;
  const newest = newestControlDb(files);
  if (newest === null || newest === controlDb) return chosen;
  return `${chosen}; ${newest.path} is newer, and what lies with it is not whole`;
}

/** Whether segments go on from the first token without a gap: nothing of another backup has to be added. */
function isWhole(segments: ReadonlyArray<Of<'segment'>>, endOf: SelectOptions['endOf']): boolean {
  let expected: bigint | null = 0n;
  for (const file of segments) {
    if (file.what.segment !== expected) return false;
    expected = endOf(file);
  }
  return segments.length > 0 && expected !== null;
}

function selectLog(logs: ReadonlyArray<Of<'log'>>, group: string): SelectedLog {
  const own = logs.filter(({ what }) => what.group === group);
  const newest = newestOf(own);
  const segments = own
    .filter(({ container }) => container === newest?.container)
    .map((file) => ({ firstIndex: file.what.firstIndex, file }))
    .toSorted((a, b) => a.firstIndex - b.firstIndex);
  return { group, segments };
}

/**
 * The newest copy of each segment, of several stocks of files one after the other. In a stock the folder or archive with the newest copy of all counts first; the others fill up
 * what it lacks, the newest of them first, but not with segments that lie across those already chosen: a whole copy of
 * another node's files, whose segments begin elsewhere, is an alternative and no supplement.
 */
function selectSegments(
  stocks: ReadonlyArray<ReadonlyArray<Of<'segment'>>>,
  endOf: SelectOptions['endOf'],
): Array<Of<'segment'>> {
  const newestFirst = stocks.flatMap((data) => {
    const containers = groupBy(data, ({ container }) => container);
    return [...containers.values()].toSorted((a, b) => recencyOf(b) - recencyOf(a));
  });
  const chosen: Array<{ readonly from: bigint; readonly to: bigint; readonly file: Of<'segment'> }> = [];
  for (const [place, files] of newestFirst.entries()) {
    const candidates = [...groupBy(files, ({ what }) => what.segment).values()].flatMap((copies) => best(copies) ?? []);
    const added = candidates.map((file) => {
      const from = file.what.segment;
      const end = endOf(file) ?? from;
      return { from, to: end > from ? end : from + 1n, file };
    });
    // The last one of all may have been open when it was copied: a copy that goes on from there is newer, wherever it lies.
    const last = chosen.at(-1);
    const longer = added.find(({ from, to }) => last !== undefined && from === last.from && to > last.to);
    if (longer !== undefined && place > 0) chosen.splice(-1, 1, longer);
    // Within one folder they all count: if they overlap there, the restore meets that.
    chosen.push(...(place === 0 ? added : added.filter(({ from, to }) => !overlaps(chosen, from, to))));
    chosen.sort((a, b) => (a.from < b.from ? -1 : 1));
  }
  return chosen.map(({ file }) => file);
}

/** `copies` are all there are, of segments that were not chosen, too; those that end at the same token are the same. */
function withCompanions(
  chosen: ReadonlyArray<Of<'segment'>>,
  companions: ReadonlyArray<Of<'index'>>,
  copies: ReadonlyArray<Of<'segment'>>,
  endOf: SelectOptions['endOf'],
): SelectedSegment[] {
  const indexesOf = groupBy(companions, ({ what }) => what.segment);
  const copiesOf = groupBy(copies, ({ what }) => what.segment);
  return chosen.map((data) => {
    const { segment } = data.what;
    const isSame = (copy: Of<'segment'>): boolean => copy === data || endOf(copy) === endOf(data);
    const found = companionsOf(data, indexesOf.get(segment) ?? [], copiesOf.get(segment) ?? [], isSame);
    return { segment, data, companions: found };
  });
}

/** `chosen` ascends. */
function overlaps(
  chosen: ReadonlyArray<{ readonly from: bigint; readonly to: bigint }>,
  from: bigint,
  to: bigint,
): boolean {
  let low = 0;
  let high = chosen.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((chosen[middle]?.from ?? 0n) < to) low = middle + 1;
    else high = middle;
  }
  // In a folder with damage segments may lie over each other, so more than the last one before it is looked at.
  return chosen.slice(Math.max(0, low - 3), low).some((range) => range.to > from);
}

/** What belongs to each data file, whichever of them are selected. */
export function companionFinder(files: readonly BackupFile[]): (data: BackupFile) => readonly BackupFile[] {
  const keyOf = ({ context, type, segment }: Of<'segment' | 'index'>['what']): string =>
    `${type} ${segment} ${context ?? '/'}`;
  const byKey = groupBy(filesOfKind(files, 'index'), ({ what }) => keyOf(what));
  const copiesByKey = groupBy(filesOfKind(files, 'segment'), ({ what }) => keyOf(what));
  return (data) => {
    if (data.what.kind !== 'segment') return [];
    const key = keyOf(data.what);
    return companionsOf(data, byKey.get(key) ?? [], copiesByKey.get(key) ?? [], (copy) => copy === data);
  };
}

/**
 * One of each suffix: from beside the data file if there is one, else the newest. What lies beside a copy with other bytes,
 * as of a segment that has closed since, belongs to that copy.
 */
function companionsOf(
  data: BackupFile,
  candidates: ReadonlyArray<Of<'index'>>,
  copies: ReadonlyArray<Of<'segment'>>,
  isSame: (copy: Of<'segment'>) => boolean,
): BackupFile[] {
  const version = versionOf(data);
  const others = new Set(
    copies.filter((copy) => versionOf(copy) === version && !isSame(copy)).map(({ container }) => container),
  );
  const fitting = candidates.filter(
    (file) => versionOf(file) === version && (file.container === data.container || !others.has(file.container)),
  );
  return [...groupBy(fitting, ({ what }) => what.suffix).values()].flatMap((alike) => {
    const beside = alike.filter(({ container }) => container === data.container);
    return newestOf(beside.length > 0 ? beside : alike) ?? [];
  });
}

/** Of copies of one segment: the highest version, and of that the newest. */
function best(copies: ReadonlyArray<Of<'segment'>>): Of<'segment'> | null {
  const highest = Math.max(...copies.map(versionOf));
  return newestOf(copies.filter((copy) => versionOf(copy) === highest));
}

/** Version of the segment that a file belongs to. */
export function versionOf({ name }: BackupFile): number {
  return parseBackupName(name)?.version ?? 0;
}

function newestOf<File extends BackupFile>(files: readonly File[]): File | null {
  let newest: File | null = null;
  for (const file of files) if (newest === null || file.recency >= newest.recency) newest = file;
  return newest;
}

function recencyOf(files: readonly BackupFile[]): number {
  return files.reduce((highest, { recency }) => Math.max(highest, recency), 0);
}

type Of<Kind extends BackupFileKind['kind']> = BackupFile & {
  readonly what: Extract<BackupFileKind, { readonly kind: Kind }>;
};

function filesOfKind<Kind extends BackupFileKind['kind']>(files: readonly BackupFile[], kind: Kind): Array<Of<Kind>> {
  return files.filter((file): file is Of<Kind> => file.what.kind === kind);
}
