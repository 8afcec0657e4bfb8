import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { AxonError } from '../../errors.ts';
import { eventStoreSuffixes, formatSegmentPath } from '../../formats/segment-name.ts';
import type { Timer, VirtualClock } from '../../time-and-chance/clock.ts';
import type { BackupPlace } from '../../stores/backup-place.ts';
import type { DataDir } from '../../stores/data-dir.ts';
import { DCB_LOCK, dcbParts } from '../../stores/dcb-parts.ts';
import type { Announce, PushedFile } from '../terms/cluster-event.ts';
import type { HostedEventStore } from '../member/hosted-event-store.ts';

/** Before the first byte is there; chosen, as the rate is: how fast a real server writes is its disk's affair. */
const BEGINNING_MS = 1000;
const BYTES_PER_SECOND = 16 * 1024 ** 2;
/** Rounds over what is new since the last one; where a store grows faster than it is copied, the rest comes at once. */
const MOST_ROUNDS = 10;

/** `FINISHED` alone is documented; the others are chosen. */
export type DcbBackupState = 'RUNNING' | 'FINISHED' | 'FAILED';

export interface DcbBackupOptions {
  readonly dataDir: DataDir;
  readonly clock: VirtualClock;
  readonly announce: Announce;
  readonly place: Pick<BackupPlace, 'folder' | 'write'>;
  readonly hosted: HostedEventStore;
  readonly about: { readonly node: string; readonly context: string; readonly location: string; readonly id: string };
}

/**
 * One backup that a server writes: first all that is closed, file by file, each in its time, and then what is still written, at
 * one instant. So it holds all that was there when it finished.
 */
export class DcbBackup {
  readonly #options: DcbBackupOptions;
  readonly #written = new Map<string, PushedFile>();
  /** What a file was like when it was copied, as far as the server knows. */
  readonly #copied = new Map<string, unknown>();
  #state: DcbBackupState = 'RUNNING';
  #timer: Timer;
  #rounds = 0;

  constructor(options: DcbBackupOptions) {
    this.#options = options;
    this.#timer = options.clock.after(BEGINNING_MS, () => this.#copyRound());
  }

  get state(): DcbBackupState {
    return this.#state;
  }

  get isRunning(): boolean {
    return this.#state === 'RUNNING';
  }

  get folder(): string {
    return this.#options.place.folder;
  }

  /** Writes nothing any more. */
  breakOff(message: string): void {
    if (!this.isRunning) return;
    this.#timer.cancel();
    this.#state = 'FAILED';
    const { clock, announce, about } = this.#options;
    announce({ atMs: clock.nowMs, kind: 'dcb-backup-failed', ...about, message, isLive: false });
  }

  #copyRound(): void {
    const open = new Set(this.#stillWritten());
    const closed = this.#names().filter((name) => !open.has(name) && this.#isNew(name));
    this.#rounds++;
    if (closed.length === 0 || this.#rounds > MOST_ROUNDS) return this.#attempt(() => this.#finish());
    this.#copyNext(closed);
  }

  #copyNext([name, ...rest]: readonly string[]): void {
    if (name === undefined) return this.#copyRound();
    const { clock, dataDir } = this.#options;
    this.#attempt(() => {
      const { sizeBytes } = dataDir.status(this.#pathOf(name));
      this.#timer = clock.after(Math.ceil((sizeBytes / BYTES_PER_SECOND) * 1000), () =>
        this.#attempt(() => {
          this.#copy(name);
          this.#copyNext(rest);
        }),
      );
    });
  }

  #finish(): void {
    const { clock, announce, about, hosted } = this.#options;
    hosted.store.settle(false);
    const last = new Set([...this.#names().filter((name) => this.#isNew(name)), ...this.#stillWritten()]);
    for (const name of last) this.#copy(name);
    this.#state = 'FINISHED';
    const files = [...this.#written.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
    announce({ atMs: clock.nowMs, kind: 'dcb-backup-finished', ...about, fileCount: files.length, files });
  }

  #attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof AxonError)) throw error;
      this.breakOff(error.message);
    }
  }

  #copy(name: string): void {
    const { dataDir, place } = this.#options;
    const bytes = dataDir.read(this.#pathOf(name));
    const { modifiedAtMs } = dataDir.status(this.#pathOf(name));
    place.write(name, bytes, modifiedAtMs);
    this.#copied.set(name, dataDir.writtenFiles.of(this.#pathOf(name)));
    const checksum = createHash('sha256').update(bytes).digest('hex');
    this.#written.set(name, { path: name, sizeBytes: bytes.length, checksum });
  }

  #isNew(name: string): boolean {
    if (!this.#copied.has(name)) return true;
    return !isDeepStrictEqual(this.#copied.get(name), this.#options.dataDir.writtenFiles.of(this.#pathOf(name)));
  }

  /** Segments that are not closed. */
  #stillWritten(): string[] {
    const { store } = this.#options.hosted;
    return store.activeSegments().map((segment) => formatSegmentPath(segment, eventStoreSuffixes.EVENT.data));
  }

  /** Of all files of the context, in the order of their names; locks are of the process that runs. */
  #names(): string[] {
    const { dataDir, hosted } = this.#options;
    const { folder } = hosted.store;
    const beside = dataDir.list(folder).filter((name) => name.endsWith(eventStoreSuffixes.EVENT.data));
    const inside = dcbParts.flatMap((part) => dataDir.list(`${folder}/${part}`).map((name) => `${part}/${name}`));
    return [...beside, ...inside]
      .filter((name) => !name.endsWith(`/${DCB_LOCK}`) && !name.endsWith('.temp'))
      .toSorted();
  }

  #pathOf(name: string): string {
    return `${this.#options.hosted.store.folder}/${name}`;
  }
}
