import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { removeFolder } from '../../../folders/remove-folder.ts';
import { sweepAbandoned } from '../../../folders/sweep.ts';
import { makeTemporaryFolder } from '../../../folders/temporary-folder.ts';
import type { ClientUser } from '../../driver/client-user.ts';
import { ENTERED_BY_ALL } from './provide-folder.ts';

/** Where a machine may have a file system of its own for temporary files. */
export const USUAL_PLACES: readonly string[] = ['/dev/shm', '/var/tmp', '/tmp'];

/** Why a scenario cannot be played that needs two of them. */
export const ONE_FILE_SYSTEM = 'this machine has temporary folders on one file system alone';

/**
 * A folder on another file system than what is played, for scenarios in which the two differ; made when it is first asked for.
 * Null where this machine has none: a rename from the one to the other is tried, and must be refused (`EXDEV`).
 */
export class OtherFileSystem {
  readonly #room: string;
  readonly #places: readonly string[];
  readonly #owner: ClientUser | null;
  #folder: string | null | undefined;

  /** `room` is where scenarios are played; the first of `places` that will do is taken. Folders are the owner's, where there is one. */
  constructor(room: string, places: readonly string[], owner: ClientUser | null) {
    this.#room = room;
    this.#places = places;
    this.#owner = owner;
  }

  /** A new folder there; null where there is no such file system. */
  open(): string | null {
    this.#folder ??= this.#places.map((place) => this.#makeIn(place)).find((folder) => folder !== null) ?? null;
    if (this.#folder === null) return null;
    const folder = path.join(this.#folder, randomBytes(8).toString('hex'));
    fs.mkdirSync(folder, { mode: 0o700 });
    if (this.#owner !== null) {
      fs.chmodSync(this.#folder, ENTERED_BY_ALL);
      fs.chownSync(folder, this.#owner.uid, this.#owner.gid);
    }
    return folder;
  }

  /** What could not be removed, with the reason; null where nothing is left. */
  close(): string | null {
    return typeof this.#folder === 'string' ? removeFolder(this.#folder) : null;
  }

  #makeIn(place: string): string | null {
    let folder: string | null = null;
    try {
      sweepAbandoned(place);
      folder = makeTemporaryFolder(place, 'check');
      if (isApart(folder, this.#room)) return folder;
    } catch {
      // Not there, or not for writing: another place may be.
    }
    if (folder !== null) removeFolder(folder);
    return null;
  }
}

function isApart(folder: string, room: string): boolean {
  const probe = path.join(folder, 'probe');
  const moved = path.join(room, `probe-${randomBytes(8).toString('hex')}`);
  fs.writeFileSync(probe, '');
  try {
    fs.renameSync(probe, moved);
    fs.rmSync(moved);
    return false;
  } catch (error) {
    fs.rmSync(probe, { force: true });
    return (error as NodeJS.ErrnoException).code === 'EXDEV';
  }
}
