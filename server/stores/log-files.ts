import { AxonError } from '../errors.ts';
import { decodeLeaderElected, decodeNewConfiguration, decodeSerializedEntry } from '../formats/log-entry-data.ts';
import { decodeLogSegment, logEntryTypes, type LogEntry } from '../formats/log-segment.ts';
import { formatSegmentName, LOG_SUFFIX, parseSegmentName } from '../formats/segment-name.ts';
import type { DataDir } from './data-dir.ts';

/** A log segment as its file holds it. */
export interface LogSegmentContent {
  /** Whole records, in the order of their indexes. */
  readonly records: Buffer[];
  /** Where the next record would begin. */
  readonly endPosition: number;
}

/** First indexes of the segments in a folder, ascending. Sweeps up what a killed process has left half-made. */
export function listLogSegments(dataDir: DataDir, folder: string): number[] {
  const segments: number[] = [];
  for (const name of dataDir.list(folder)) {
    if (name.endsWith('.temp')) {
      dataDir.remove(`${folder}/${name}`);
      continue;
    }
    const parsed = parseSegmentName(name);
    if (parsed === null || parsed.suffix !== LOG_SUFFIX || parsed.version !== 0) continue;
    const firstIndex = Number(parsed.number);
    if (!Number.isSafeInteger(firstIndex)) {
      throw new AxonError('data-file-read', `For input string: "${name}": no index in ${folder} is that high`);
    }
    segments.push(firstIndex);
  }
  return segments.toSorted((a, b) => a - b);
}

export function logSegmentPath(folder: string, firstIndex: number): string {
  return `${folder}/${formatSegmentName(BigInt(firstIndex), LOG_SUFFIX)}`;
}

/** Fails with `data-file-read` where an entry breaks off. */
export function readLogSegment(dataDir: DataDir, file: string, firstIndex: number): LogSegmentContent {
  const bytes = dataDir.read(file);
  const { entries, endPosition } = decodeLogSegment(bytes, firstIndex);
  const records = entries.map(({ position }, ordinal) =>
    bytes.subarray(position, entries[ordinal + 1]?.position ?? endPosition),
  );
  return { records, endPosition };
}

/** The checksum is never looked at (section 5.3): what shows that an entry is damaged is that its payload cannot be read. */
export function checkLogPayload({ index, type, data }: LogEntry): void {
  try {
    if (type === logEntryTypes.serializedObject) decodeSerializedEntry(data);
    else if (type === logEntryTypes.newConfiguration) decodeNewConfiguration(data);
    else if (type === logEntryTypes.leaderElected) decodeLeaderElected(data);
  } catch (error) {
    throw new AxonError('data-file-read', `failed to read entry: ${index}`, { cause: error });
  }
}
