import { encodeGlobalIndex } from '../formats/global-index.ts';
import type { EventType } from '../formats/log-entry-data.ts';
import { globalIndexName } from '../formats/segment-name.ts';
import type { DataDir } from './data-dir.ts';

interface IndexedStore {
  readonly folder: string;
  readonly type: EventType;
  readonly closedCount: number;
  readonly lastClosedSegment: bigint;
}

/** Brings the global index of a store up to date. */
export function writeGlobalIndex(store: IndexedStore, dataDir: DataDir, nowMs: number): void {
  const { folder, type, closedCount: closedSegments, lastClosedSegment } = store;
  const bytes = encodeGlobalIndex({ closedSegments, lastClosedSegment });
  dataDir.write(`${folder}/${globalIndexName(type)}`, bytes, nowMs);
}
