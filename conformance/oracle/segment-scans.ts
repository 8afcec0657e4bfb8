import type { EventType } from '../../server/index.ts';
import type { BackupFile } from '../journal/inventory.ts';
import { isUnreadable, orNull } from './examine-events.ts';
import { payloadOf, type LoggedEntry, type ScannedLog } from './examine-log.ts';
import type { Companion } from './index-check.ts';
import { beginningOf, piecesOfFile } from './remembered-backup.ts';
import type { ReadingBudget } from './reading-budget.ts';
import { scanLog, scanSegment, type BetweenPieces, type ScannedSegment } from './scan-segment.ts';
import type { SelectedSegment } from './select-backup.ts';

export interface SegmentTask {
  readonly selected: SelectedSegment;
  readonly type: EventType;
}

export interface LogTask {
  readonly group: string;
  readonly firstIndex: number;
  readonly file: BackupFile;
  /** Applied indexes of the group, as the databases of the backup have them. */
  readonly splitBehind: readonly number[];
}

export interface ScanOptions {
  readonly budget: ReadingBudget;
  /** Keeps what a comparison with a ledger takes: each transaction's checksum, each entry. */
  readonly keepsAll: boolean;
}

/** What the segments of a backup come to; each is read once, when it is asked for first. */
export class SegmentScans {
  readonly #options: ScanOptions;
  readonly #segments = new Map<BackupFile, ScannedSegment | null>();
  readonly #logs = new Map<BackupFile, ScannedLog | null>();

  constructor(options: ScanOptions) {
    this.#options = options;
  }

  async readSegments(tasks: readonly SegmentTask[]): Promise<void> {
    for (const task of tasks) {
      const { data } = task.selected;
      if (!this.#segments.has(data)) this.#segments.set(data, await this.#readSegment(task));
    }
  }

  async readLogs(tasks: readonly LogTask[]): Promise<void> {
    for (const task of tasks) if (!this.#logs.has(task.file)) this.#logs.set(task.file, await this.#readLog(task));
  }

  /** Null where it cannot be read any more, or was not read. */
  segmentOf(file: BackupFile): ScannedSegment | null {
    return this.#segments.get(file) ?? null;
  }

  logOf(file: BackupFile): ScannedLog | null {
    return this.#logs.get(file) ?? null;
  }

  /** Token behind the last event by the sizes of a segment; undefined where it was not read yet. */
  endOf(file: BackupFile): bigint | null | undefined {
    const found = this.#segments.get(file);
    return found === undefined ? undefined : (found?.scan.endBySizes ?? null);
  }

  async #readSegment({ selected: { segment, data, companions }, type }: SegmentTask): Promise<ScannedSegment | null> {
    const { keepsAll } = this.#options;
    await this.#options.budget.turn();
    return orNullAsync(() =>
      scanSegment(
        {
          segment,
          type,
          pieces: piecesOfFile(data),
          companions: companions.flatMap(companionOf),
          keepsBlocks: keepsAll,
        },
        this.#between,
      ),
    );
  }

  async #readLog({ file, group, firstIndex, splitBehind }: LogTask): Promise<ScannedLog | null> {
    const { keepsAll, budget } = this.#options;
    await budget.turn();
    const entries: LoggedEntry[] = [];
    const options = {
      firstIndex,
      splitBehind,
      mostWholeBytes: budget.limits.wholeBytes,
      ...(keepsAll
        ? {
            seeEntry: (index: number, seen: Parameters<typeof payloadOf>[0]): void => {
              entries.push({ index, payload: payloadOf(seen, group) });
            },
          }
        : {}),
    };
    return orNullAsync(async () => {
      const scan = await scanLog(piecesOfFile(file), options, this.#between);
      return { scan, entries: scan.end === 'broken' ? [] : entries };
    });
  }

  readonly #between: BetweenPieces = () => this.#options.budget.turn();
}

function companionOf(file: BackupFile): readonly Companion[] {
  if (file.what.kind !== 'index') return [];
  const read = (mostBytes: number): Buffer | null =>
    orNull(() => (mostBytes < file.sizeBytes ? beginningOf(file, mostBytes) : file.readBytes()));
  return [{ suffix: file.what.suffix, sizeBytes: file.sizeBytes, read }];
}

async function orNullAsync<Result>(read: () => Promise<Result>): Promise<Result | null> {
  try {
    return await read();
  } catch (error) {
    if (isUnreadable(error)) return null;
    throw error;
  }
}
