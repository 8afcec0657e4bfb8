import * as fs from 'node:fs';
import { eventStoreSuffixes } from '../../../server/formats/segment-name.ts';
import type { EventType } from '../../../server/index.ts';
import type { Companion } from './index-check.ts';

/** Index and bloom filter that lie beside a segment's file by now. */
export function companionsOnDisk(segmentFile: string, type: EventType): Companion[] {
  const base = segmentFile.replace(/\.[^.]*$/, '');
  const { index, bloom } = eventStoreSuffixes[type];
  return [index, bloom].flatMap((suffix): Companion[] => {
    const sizeBytes = fs.statSync(`${base}${suffix}`, { throwIfNoEntry: false })?.size;
    if (sizeBytes === undefined) return [];
    const read = (mostBytes: number): Buffer => fs.readFileSync(`${base}${suffix}`).subarray(0, mostBytes);
    return [{ suffix, sizeBytes, read }];
  });
}
