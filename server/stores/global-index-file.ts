import { encodeGlobalIndex } from '../formats/global-index.ts';
import { globalIndexName } from '../formats/segment-name.ts';
import type { DataDir } from './data-dir.ts';
import type { EventStore } from './event-store.ts';

/** Brings the global index of a store up to date. */
export function writeGlobalIndex(
  store: Pick<EventStore, 'folder' | 'type' | 'closedCount' | 'lastClosedSegment'>,
  dataDir: DataDir,
  nowMs: number,
): void {
  const { folder, type, closedCount: closedSegments, lastClosedSegment } = store;
  const bytes = encodeGlobalIndex({ closedSegments, lastClosedSegment });
  dataDir.write(`${folder}/${globalIndexName(type)}`, bytes, nowMs);
}
