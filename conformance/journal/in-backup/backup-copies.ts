import type { BackupFile, BackupInventory } from '../inventory.ts';
import { keyOfStore, type EventStoreName } from '../event-store-name.ts';
import { parseSegmentFileName } from '../segment-file-name.ts';

/**
 * Finds the copies of a listed file in a backup, however the client has laid it out: segments and their indexes by their
 * number and their context, anything else by its name. A file that does not say its context (an empty open segment, an
 * index) is a copy for want of a better one; where there is but one context it is that context's.
 */
export class BackupCopies {
  readonly #ofStore = new Map<string, BackupFile[]>();
  readonly #ofNoStore = new Map<string, BackupFile[]>();
  readonly #onlyContext: string | null;

  constructor(inventory: BackupInventory, contexts: readonly string[]) {
    this.#onlyContext = contexts.length === 1 ? (contexts[0] ?? null) : null;
    for (const file of inventory.files) {
      const { what } = file;
      // Found by its name it would pass for the index of an event segment.
      if (what.kind === 'log-index') continue;
      if (what.kind !== 'segment' && what.kind !== 'index') {
        put(this.#ofNoStore, file.name, file);
        continue;
      }
      const { type, segment } = what;
      const version = versionOf(file);
      const suffix = what.kind === 'segment' ? '' : what.suffix;
      const context = what.context ?? this.#onlyContext;
      if (context === null) put(this.#ofNoStore, `${type} ${keyOf(segment, version, suffix)}`, file);
      else put(this.#ofStore, `${keyOfStore({ context, type })} ${keyOf(segment, version, suffix)}`, file);
    }
  }

  /** The newest copy of the file that a listing of the store names, or null where there is none. */
  newest(store: EventStoreName, name: string): BackupFile | null {
    const ofStore = this.#copiesOf(this.#ofStore, keyOfStore(store), name);
    return newestOf(ofStore) ?? newestOf(this.#copiesOf(this.#ofNoStore, store.type, name));
  }

  /** All of them, also those that may be another store's. */
  all(store: EventStoreName, name: string): readonly BackupFile[] {
    const ofStore = this.#copiesOf(this.#ofStore, keyOfStore(store), name);
    return [...ofStore, ...this.#copiesOf(this.#ofNoStore, store.type, name)];
  }

  #copiesOf(files: ReadonlyMap<string, BackupFile[]>, owner: string, name: string): readonly BackupFile[] {
    const parsed = parseSegmentFileName(name);
    const { segment = -1n, version = 0, suffix = '' } = parsed ?? {};
    const known = isDataSuffix(suffix) ? '' : suffix;
    const found = parsed === null ? undefined : files.get(`${owner} ${keyOf(segment, version, known)}`);
    return found ?? files.get(name) ?? [];
  }
}

/** The newest copies of the segments that a backup has of a store, by number; of versions the highest. */
export function segmentsInBackup(
  inventory: BackupInventory,
  store: EventStoreName,
  contexts: readonly string[],
): ReadonlyMap<bigint, BackupFile> {
  const onlyContext = contexts.length === 1 ? contexts[0] : null;
  const newest = new Map<bigint, BackupFile>();
  for (const file of inventory.files) {
    const { what } = file;
    if (what.kind !== 'segment' || what.type !== store.type) continue;
    if ((what.context ?? onlyContext) !== store.context) continue;
    const other = newest.get(what.segment);
    if (other === undefined || supersedes(file, other)) newest.set(what.segment, file);
  }
  return newest;
}

function supersedes(file: BackupFile, other: BackupFile): boolean {
  const difference = versionOf(file) - versionOf(other);
  return difference === 0 ? file.recency >= other.recency : difference > 0;
}

function versionOf({ name }: BackupFile): number {
  return parseSegmentFileName(name)?.version ?? 0;
}

function keyOf(segment: bigint, version: number, suffix: string): string {
  return `${segment}_${version}${suffix}`;
}

function isDataSuffix(suffix: string): boolean {
  return suffix === '.events' || suffix === '.snapshots';
}

function put(files: Map<string, BackupFile[]>, key: string, file: BackupFile): void {
  const others = files.get(key);
  if (others === undefined) files.set(key, [file]);
  else others.push(file);
}

function newestOf(copies: readonly BackupFile[]): BackupFile | null {
  const [first, ...others] = copies;
  if (first === undefined) return null;
  return others.reduce((newest, next) => (next.recency >= newest.recency ? next : newest), first);
}
