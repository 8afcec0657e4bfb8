import type { StoredIndexFormat } from '../formats/index-format.ts';
import type { EventType } from '../formats/log-entry-data.ts';
import type { DataDir } from './data-dir.ts';
import { writeDcbManifests } from './dcb-parts.ts';
import { writeGlobalIndex } from './global-index-file.ts';

interface IndexedStore {
  readonly folder: string;
  readonly type: EventType;
  readonly indexFormat: StoredIndexFormat;
  readonly closedCount: number;
  readonly lastClosedSegment: bigint;
}

/** Brings up to date what a store has beside its segments: nothing in most. */
export function writeBesideSegments(store: IndexedStore, dataDir: DataDir, nowMs: number): void {
  if (store.indexFormat === 'JUMP_SKIP_INDEX') writeGlobalIndex(store, dataDir, nowMs);
  if (store.indexFormat === 'DCB') writeDcbManifests(store, dataDir, nowMs);
}
