import * as fs from 'node:fs';
import type { Unpack, UnpackLimits } from '../driver/restore-command.ts';
import { refusalOf } from '../driver/restore-refusal.ts';

/** Where the files of a store lie, or why its tool refuses to unpack it. */
export type PlainFiles = { readonly folder: string } | { readonly refusal: string };

/** The plain files of a backup: the folder itself, or what `--restore` makes of it, of which the last is kept alone. */
export class BackupAsPlainFiles {
  readonly #backupDir: string;
  readonly #place: string;
  readonly #unpack: Unpack | null;
  #last: PlainFiles;

  /** `place` is a folder that is not there yet, on a disk that has room for the whole backup. */
  constructor(backupDir: string, place: string, unpack: Unpack | null) {
    this.#backupDir = backupDir;
    this.#place = place;
    this.#unpack = unpack;
    this.#last = { folder: backupDir };
  }

  /** As they were when they were last read. */
  get last(): PlainFiles {
    return this.#last;
  }

  /** As they are now. Fails as `Unpack` does, but for a tool that refuses the store. */
  async read(limits: UnpackLimits): Promise<PlainFiles> {
    if (this.#unpack === null || limits.signal.aborted) return this.#last;
    fs.rmSync(this.#place, { recursive: true, force: true });
    fs.mkdirSync(this.#place);
    const refusal = await refusalOf(this.#unpack, this.#backupDir, this.#place, limits);
    this.#last = refusal === null ? { folder: this.#place } : { refusal };
    return this.#last;
  }
}
