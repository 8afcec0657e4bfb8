import { encodeGlobalIndex } from '../formats/global-index.ts';
import { globalIndexName } from '../formats/segment-name.ts';
import type { DataDir } from './data-dir.ts';
import type { EventStore } from './event-store.ts';

/** Brings the global index of a store up to date, where it has one. */
export function writeGlobalIndex(
  store: Pick<EventStore, 'folder' | 'type' | 'indexFormat' | 'closedCount' | 'lastClosedSegment'>,
  dataDir: DataDir,
  nowMs: number,
): void {
  if (store.indexFormat !== 'JUMP_SKIP_INDEX') return;
  const { folder, type, closedCount: closedSegments, lastClosedSegment } = store;
  const bytes = encodeGlobalIndex({ closedSegments, lastClosedSegment });
  dataDir.write(`${folder}/${globalIndexName(type)}`, bytes, nowMs);
}
