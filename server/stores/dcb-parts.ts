import path from 'node:path';
import { eventStoreSuffixes, globalIndexName, jumpSkipSuffixes } from '../formats/segment-name.ts';
import type { DataDir } from './data-dir.ts';

/*
 * The folder of a context with a dynamic consistency boundary (docs/newer-versions.md, section 3). How its parts are laid out is
 * not public, but that they are databases of RocksDB. These are stand-ins of the same names:
 *
 *     <context>/00000000000000000000.events …     the events: segments as a plain context has them
 *     <context>/index/00000000000000000000.sst …  an entry for each closed segment
 *     <context>/<part>/CURRENT MANIFEST-000004    which closed segments there are
 *     <context>/<part>/LOCK                       of the process that has the part open; never in a backup
 */

export const dcbParts = ['index', 'labels', 'labelupdates', 'snapshots', 'snapshotupdates'] as const;

/** In every part of a live folder, and in no backup. */
export const DCB_LOCK = 'LOCK';

const MANIFEST = 'MANIFEST-000004';

/** Makes the parts of a context's folder, and removes what a plain context has and this one has not: indexes and snapshots. */
export function prepareDcbFolder(dataDir: DataDir, folder: string, nowMs: number): void {
  const stale = [
    eventStoreSuffixes.EVENT.index,
    eventStoreSuffixes.EVENT.bloom,
    jumpSkipSuffixes.EVENT.segment,
    globalIndexName('EVENT'),
    ...Object.values(eventStoreSuffixes.SNAPSHOT),
    jumpSkipSuffixes.SNAPSHOT.segment,
    globalIndexName('SNAPSHOT'),
  ];
  for (const name of dataDir.list(folder)) {
    if (stale.some((suffix) => name.endsWith(suffix) || name.endsWith(`${suffix}.temp`))) {
      dataDir.remove(`${folder}/${name}`);
    }
  }
  for (const part of dcbParts) {
    const place = dataDir.folder(path.relative(dataDir.root, folder), part);
    for (const [name, text] of [
      [DCB_LOCK, ''],
      ['CURRENT', `${MANIFEST}\n`],
    ] as const) {
      if (!dataDir.exists(`${place}/${name}`)) dataDir.write(`${place}/${name}`, Buffer.from(text), nowMs);
    }
  }
}

/** Which segments of the context are closed. */
export interface ClosedSegments {
  readonly folder: string;
  readonly closedCount: number;
  readonly lastClosedSegment: bigint;
}

/** Notes which segments are closed, in every part. */
export function writeDcbManifests(
  { folder, closedCount, lastClosedSegment }: ClosedSegments,
  dataDir: DataDir,
  nowMs: number,
): void {
  const text = `closed segments ${closedCount}, the last one ${lastClosedSegment}\n`;
  for (const part of dcbParts) dataDir.write(`${folder}/${part}/${MANIFEST}`, Buffer.from(text), nowMs);
}
