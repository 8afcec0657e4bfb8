import type { DataDir } from './data-dir.ts';
import { writeDcbManifests } from './dcb-parts.ts';
import type { EventStore } from './event-store.ts';
import { writeGlobalIndex } from './global-index-file.ts';

/** Brings up to date what a store has beside its segments: nothing in most. */
export function writeBesideSegments(
  store: Pick<EventStore, 'folder' | 'type' | 'indexFormat' | 'closedCount' | 'lastClosedSegment'>,
  dataDir: DataDir,
  nowMs: number,
): void {
  if (store.indexFormat === 'JUMP_SKIP_INDEX') writeGlobalIndex(store, dataDir, nowMs);
  if (store.indexFormat === 'DCB') writeDcbManifests(store, dataDir, nowMs);
}
