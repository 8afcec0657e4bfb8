import { AxonError } from '../../../server/index.ts';
import { ArchiveError } from './archive-entry.ts';

/** What reading one backup may take, over all of it: folders, archives and archives in archives together. */
export interface ReadingLimits {
  /** Bytes that archives unpack to. Plain files are not counted: they are there, and are read piece by piece. */
  readonly unpackedBytes: number;
  /** Bytes of one archive, or of one file in an archive: so much has to be in memory at once. */
  readonly wholeBytes: number;
  /** Bytes of archives that lie in each other, and of a file in the innermost, which are in memory together. */
  readonly heldBytes: number;
  /** Files in archives. */
  readonly entries: number;
  /** Events of one segment: so many are in memory at once. */
  readonly events: number;
  /** Entries of one segment of a log, which are in memory at once, and of all logs. */
  readonly logEntriesAtOnce: number;
  readonly logEntries: number;
  /** Bytes of small files that are kept, to be read when they have gone. */
  readonly keptBytes: number;
  /** Real milliseconds, and as many more as large plain files take of a slow disk. */
  readonly timeMs: number;
}

/** As the README states them. */
export const readingLimits: ReadingLimits = {
  unpackedBytes: 2 * 1024 ** 3,
  wholeBytes: 256 * 1024 ** 2,
  heldBytes: 576 * 1024 ** 2,
  entries: 200_000,
  events: 2_000_000,
  logEntriesAtOnce: 500_000,
  logEntries: 1_500_000,
  keptBytes: 32 * 1024 ** 2,
  timeMs: 30 * 60_000,
};

/** What asks for more than the budget has left: nothing is said of whether it is whole. */
export class BeyondLimits extends ArchiveError {}

/** Large plain files may take as long as of a disk that is slower than any a backup lies on. */
const SLOW_DISK_BYTES_PER_S = 10 * 1024 ** 2;
/** But no longer than a day: sizes of files with holes are only told. */
const MOST_MORE_MS = 24 * 60 * 60_000;

/** So often whoever else waits in this process has a turn: Ctrl-C, a time limit, another scenario. */
const TURN_MS = 50;

export interface BudgetOptions {
  readonly limits?: Partial<ReadingLimits>;
  /** Ends the reading: it fails with `interrupted`. */
  readonly signal?: AbortSignal | undefined;
  /** Real milliseconds since whenever. */
  readonly realTimeMs: () => number;
}

/** Goes down with every reader of a stranger's bytes. Who asks for more than there is gets the same failure everywhere. */
export class ReadingBudget {
  readonly limits: ReadingLimits;
  readonly #options: BudgetOptions;
  readonly #startMs: number;
  #lastTurnMs: number;
  #unpackedBytes = 0;
  #entries = 0;
  #logEntries = 0;
  #keptBytes = 0;
  #moreMs = 0;
  readonly #refused: string[] = [];

  constructor(options: BudgetOptions) {
    this.#options = options;
    this.limits = { ...readingLimits, ...options.limits };
    this.#startMs = options.realTimeMs();
    this.#lastTurnMs = this.#startMs;
  }

  /** Fails with BeyondLimits where one thing of so many bytes may not be in memory. */
  requireWhole(bytes: number, what: string): void {
    const { wholeBytes } = this.limits;
    if (!(bytes <= wholeBytes)) {
      throw new BeyondLimits(`${what} is larger than ${mebibytes(wholeBytes)}: unpack it, and name the folder`);
    }
  }

  /** So many bytes may be one thing that is in memory beside others of `heldBytes`. */
  mostBeside(heldBytes: number): number {
    return Math.max(0, Math.min(this.limits.wholeBytes, this.limits.heldBytes - heldBytes));
  }

  /** Fails with an BeyondLimits where a thing of so many bytes may not be in memory beside others of `heldBytes`. */
  requireBeside(heldBytes: number, bytes: number, what: string): void {
    if (bytes <= this.mostBeside(heldBytes)) return;
    const most = mebibytes(this.limits.heldBytes);
    throw new BeyondLimits(
      `${what} and the archives around it are larger than ${most}: unpack them, and name the folder`,
    );
  }

  /** Notes what was not read for its size. */
  refuse(path: string, reason: string): void {
    this.#refused.push(`${path}: ${reason}`);
  }

  /** What was not read for its size, each with the reason. */
  get refused(): readonly string[] {
    return this.#refused;
  }

  /** Before anything is unpacked. Fails with BeyondLimits. */
  takeUnpacked(bytes: number): void {
    const { unpackedBytes } = this.limits;
    if (!(this.#unpackedBytes + bytes <= unpackedBytes)) {
      throw new BeyondLimits(
        `the archives of the backup unpack to more than ${mebibytes(unpackedBytes)}: unpack them, and name the folder`,
      );
    }
    this.#unpackedBytes += bytes;
  }

  /** Before what an archive says of one of its files is taken into memory. Fails with BeyondLimits. */
  takeEntry(): void {
    const { entries } = this.limits;
    if (this.#entries >= entries) {
      throw new BeyondLimits(
        `the archives of the backup hold more than ${entries} files: unpack them, and name the folder`,
      );
    }
    this.#entries++;
  }

  /** Before the events of a segment are taken into memory. Fails with an ArchiveError. */
  requireEvents(count: number): void {
    const { events } = this.limits;
    if (count > events) throw new ArchiveError(`it holds more than ${events} events, as no segment does`);
  }

  /** Before the entries of a segment of a log are taken into memory. Fails with an ArchiveError. */
  takeLogEntries(count: number): void {
    const { logEntries, logEntriesAtOnce } = this.limits;
    if (count > logEntriesAtOnce) {
      throw new ArchiveError(`it holds more than ${logEntriesAtOnce} entries, as no segment does`);
    }
    if (this.#logEntries + count > logEntries) {
      throw new ArchiveError(`the logs of the backup hold more than ${logEntries} entries`);
    }
    this.#logEntries += count;
  }

  /** Gives more time for so many bytes that lie there by themselves: who has them meant them. */
  allowFor(bytes: number): void {
    this.#moreMs = Math.min(this.#moreMs + (bytes / SLOW_DISK_BYTES_PER_S) * 1000, MOST_MORE_MS);
  }

  /** Whether so many bytes more may be kept; they count then. */
  keeps(bytes: number): boolean {
    if (this.#keptBytes + bytes > this.limits.keptBytes) return false;
    this.#keptBytes += bytes;
    return true;
  }

  /** Between two pieces of work. Fails with `interrupted`, or once the time is over with `time-over`. */
  async turn(): Promise<void> {
    const nowMs = this.#options.realTimeMs();
    if (nowMs - this.#lastTurnMs >= TURN_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      this.#lastTurnMs = this.#options.realTimeMs();
    }
    if (this.#options.signal?.aborted === true) {
      throw interrupted();
    }
    const timeMs = this.limits.timeMs + this.#moreMs;
    if (nowMs - this.#startMs > timeMs) {
      throw new AxonError(
        'time-over',
        `the backup was not read within ${Math.round(timeMs / 1000)} s, and is not judged`,
      );
    }
  }
}

/** What reading fails with that somebody has interrupted. */
export function interrupted(): AxonError {
  return new AxonError('interrupted', 'reading the backup was interrupted, nothing is judged');
}

function mebibytes(bytes: number): string {
  return bytes % 1024 ** 2 === 0 ? `${bytes / 1024 ** 2} MiB` : `${bytes} bytes`;
}
