import type { EventType } from '../../../server/index.ts';
import type { BackupFile } from '../../journal/inventory.ts';
import { orNull } from './examine-events.ts';
import { payloadOf, type LoggedEntry, type ScannedLog } from './examine-log.ts';
import type { Companion } from '../segments/index-check.ts';
import type { LogScan, SeenEntry } from '../segments/log-scanner.ts';
import { orNullAsync, scanPlain, type PlainScan } from './plain-scan.ts';
import { beginningOf, piecesOfFile, plainSourceOf } from '../backup/remembered-backup.ts';
import type { ReadingBudget } from '../archives/reading-budget.ts';
import { scanLog, scanSegment, type ScannedSegment } from '../segments/scan-segment.ts';
import { ScanPool } from './scan-pool.ts';
import type { SelectedSegment } from './select-backup.ts';
import type { ReadAt } from '../segments/size-walk.ts';

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
  /** Threads side by side; 1 unless given. What is found is the same. */
  readonly jobs?: number;
  /** Leaves out what takes a look at all bytes: see size-walk.ts. */
  readonly isQuick?: boolean;
  /** Told of bytes that were gone over. */
  readonly onBytes?: (bytes: number) => void;
}

/** What the segments of a backup come to; each is read once, when it is asked for first. */
export class SegmentScans {
  readonly #options: ScanOptions;
  readonly #segments = new Map<BackupFile, ScannedSegment | null>();
  readonly #logs = new Map<BackupFile, ScannedLog | null>();

  constructor(options: ScanOptions) {
    this.#options = options;
  }

  /** As others have read them. */
  static of(
    segments: ReadonlyMap<BackupFile, ScannedSegment | null>,
    logs: ReadonlyMap<BackupFile, LogScan | null>,
    budget: ReadingBudget,
  ): SegmentScans {
    const scans = new SegmentScans({ budget, keepsAll: false });
    for (const [file, scanned] of segments) scans.#segments.set(file, scanned);
    for (const [file, scan] of logs) scans.#logs.set(file, scan === null ? null : { scan, entries: [] });
    return scans;
  }

  async readSegments(tasks: readonly SegmentTask[]): Promise<void> {
    const unread = tasks.filter(({ selected }) => !this.#segments.has(selected.data));
    const isHere = await this.#sideBySide(
      unread.map((task) => plainSegment(task, this.#isQuick)),
      (place, result) => {
        const file = unread[place]?.selected.data;
        if (file !== undefined) this.#segments.set(file, result === null || 'entries' in result ? null : result);
      },
    );
    for (const [place, task] of unread.entries()) {
      if (isHere.has(place)) continue;
      this.#segments.set(task.selected.data, await this.#readSegment(task));
    }
  }

  async readLogs(tasks: readonly LogTask[]): Promise<void> {
    const unread = tasks.filter(({ file }) => !this.#logs.has(file));
    const isHere = await this.#sideBySide(
      unread.map((task) => this.#plainLog(task)),
      (place, result) => {
        const file = unread[place]?.file;
        const scan = result === null || !('entries' in result) ? null : result;
        if (file !== undefined) this.#logs.set(file, scan === null ? null : { scan, entries: [] });
      },
    );
    for (const [place, task] of unread.entries()) {
      if (!isHere.has(place)) this.#logs.set(task.file, await this.#readLog(task));
    }
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

  /** Has threads read what lies on the disk by itself, where that is worth it; the places of what they have read. */
  async #sideBySide(
    scans: ReadonlyArray<PlainScan | null>,
    keep: (place: number, result: ScannedSegment | LogScan | null) => void,
  ): Promise<ReadonlySet<number>> {
    const { jobs = 1, keepsAll } = this.#options;
    const plain = keepsAll ? [] : scans.flatMap((scan, place) => (scan === null ? [] : [{ scan, place }]));
    const own = plain.map(({ scan }) => scan);
    const pool = this.#isQuick ? null : ScanPool.startFor(own, jobs);
    if (pool === null) return new Set();
    try {
      const results = await pool.run(own, (bytes) => this.#between(bytes));
      for (const [at, { place }] of plain.entries()) keep(place, results[at] ?? null);
      return new Set(plain.map(({ place }) => place));
    } finally {
      await pool.close();
    }
  }

  async #readSegment(task: SegmentTask): Promise<ScannedSegment | null> {
    const { selected, type } = task;
    const { segment, data, companions } = selected;
    const { keepsAll, budget } = this.#options;
    await budget.turn();
    const plain = this.#isQuick ? plainSegment(task, true) : null;
    if (plain !== null) {
      const result = await scanPlain(plain, (bytes) => this.#between(bytes));
      return result === null || 'entries' in result ? null : result;
    }
    const walk = this.#isQuick ? walkOf(data.readBytes()) : undefined;
    const toScan = { segment, type, companions: companions.flatMap(companionOf), keepsBlocks: keepsAll, walk };
    return orNullAsync(() => scanSegment({ ...toScan, pieces: piecesOfFile(data) }, (bytes) => this.#between(bytes)));
  }

  async #readLog(task: LogTask): Promise<ScannedLog | null> {
    const { file, group, firstIndex, splitBehind } = task;
    const { keepsAll, budget } = this.#options;
    await budget.turn();
    const entries: LoggedEntry[] = [];
    const seeEntry = (index: number, seen: SeenEntry): void => {
      entries.push({ index, payload: payloadOf(seen, group) });
    };
    const mostWholeBytes = budget.limits.wholeBytes;
    const checksChecksums = !this.#isQuick;
    const options = { firstIndex, splitBehind, mostWholeBytes, checksChecksums, ...(keepsAll ? { seeEntry } : {}) };
    return orNullAsync(async () => {
      const scan = await scanLog(piecesOfFile(file), options, (bytes) => this.#between(bytes));
      return { scan, entries: scan.end === 'broken' ? [] : entries };
    });
  }

  #plainLog({ file, firstIndex, splitBehind }: LogTask): PlainScan | null {
    const source = plainSourceOf(file);
    const mostWholeBytes = this.#options.budget.limits.wholeBytes;
    return source === null
      ? null
      : { kind: 'log', source, firstIndex, splitBehind, mostWholeBytes, isQuick: this.#isQuick };
  }

  get #isQuick(): boolean {
    return this.#options.isQuick === true;
  }

  async #between(bytes: number): Promise<void> {
    this.#options.onBytes?.(bytes);
    await this.#options.budget.turn();
  }
}

/** Null where it, or what lies beside it, is in an archive. */
function plainSegment(
  { selected: { segment, data, companions }, type }: SegmentTask,
  isQuick: boolean,
): PlainScan | null {
  const source = plainSourceOf(data);
  const beside = companions.flatMap((file) =>
    file.what.kind === 'index' ? [{ suffix: file.what.suffix, source: plainSourceOf(file) }] : [],
  );
  const found = beside.flatMap((each) => (each.source === null ? [] : [{ ...each, source: each.source }]));
  if (source === null || found.length < beside.length) return null;
  return { kind: 'segment', source, segment, type, companions: found, isQuick };
}

function walkOf(bytes: Buffer): { readonly sizeBytes: number; readonly readAt: ReadAt } {
  return { sizeBytes: bytes.length, readAt: (offset, lengthBytes) => bytes.subarray(offset, offset + lengthBytes) };
}

/** What lies beside a segment, to be read. */
export function companionOf(file: BackupFile): readonly Companion[] {
  if (file.what.kind !== 'index') return [];
  const read = (mostBytes: number): Buffer | null =>
    orNull(() => (mostBytes < file.sizeBytes ? beginningOf(file, mostBytes) : file.readBytes()));
  return [{ suffix: file.what.suffix, sizeBytes: file.sizeBytes, read }];
}
