import * as fs from 'node:fs';
import path from 'node:path';
import { decodeEventSegment, encodeEventSegmentHeader, encodeTransaction } from '../../server/formats/event-segment.ts';
import { AppendFile } from '../../server/stores/append-file.ts';
import { nowMs } from './event-stores.ts';
import { RefusingDataDir } from './refusing-data-dir.ts';
import { temporaryFolder } from './temporary-folder.ts';

/* One segment file that is being written, of 200 bytes unless told otherwise. */

export const segmentHeader = encodeEventSegmentHeader();

/** A record with one event of the text; it takes 15 bytes more than the text. */
export function recordOf(text: string): Buffer {
  return encodeTransaction([Buffer.from(text)]);
}

export interface Segment {
  readonly dataDir: RefusingDataDir;
  readonly path: string;
  readonly file: AppendFile;
}

export function newSegment(root = temporaryFolder(), sizeBytes = 200): Segment {
  const dataDir = new RefusingDataDir(root);
  const options = { dataDir, path: path.join(root, 'segment') };
  return { ...options, file: AppendFile.create(options, sizeBytes, segmentHeader, nowMs) };
}

export function reopened(segment: Segment, position: number): AppendFile {
  return AppendFile.reopen({ dataDir: segment.dataDir, path: segment.path }, position, segmentHeader);
}

/** What a reader finds in the file: the texts of its records, and the bytes behind their end. */
export function contentOf(segment: Segment): { texts: string[]; endsIn: string; behind: Buffer } {
  const bytes = fs.readFileSync(segment.path);
  const { transactions, endPosition, endsIn } = decodeEventSegment(bytes, 0n);
  const texts = transactions.map(({ events }) => events.join());
  return { texts, endsIn, behind: bytes.subarray(endPosition) };
}

export function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}
