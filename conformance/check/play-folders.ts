import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { AxonError } from '../../server/index.ts';
import type { Artefacts } from '../verdict/report.ts';
import { listScratch, scenarioFolder } from './artefacts.ts';
import { requireOutFolder } from './out-folder.ts';
import { removeFolder } from './remove-folder.ts';

const PREFIX = 'axon-backup-kit-check-';

/** The folder that one scenario is played in. Ends with one of the two calls. */
export interface PlayFolder {
  /** Absolute, since a client may change its working directory; empty at first. */
  readonly path: string;
  /** Says where it stays. The cluster and the client's own notes are of use where the kit itself has failed, and scratch elsewhere. */
  keep(scratch: 'kept' | 'removed'): Artefacts;
  drop(): void;
}

/** Where temporary folders can be made: in memory, if this machine offers that, and on a disk. */
export interface TemporaryPlaces {
  readonly memory: string | null;
  readonly disk: string;
}

/**
 * The folders of a check: below the user's own `outDir`, where everything stays, or below a temporary one, where failures
 * do. That is in memory where there is such a place; what is kept leaves it for the disk.
 *
 * What a client has left may refuse to go, or to be kept. That is nothing that a check fails for: `close` tells.
 */
export class PlayFolders {
  readonly #outDir: string;
  readonly #isTemporary: boolean;
  readonly #isInMemory: boolean;
  // Removed at the very end: ext4 looks at every inode that was freed in the last minutes before it makes a new file, and
  // with scenarios that clear up while others write, a check takes half as long again.
  readonly #leftovers: string[] = [];
  readonly #troubles: string[] = [];
  readonly #disk: string;
  #rescued: string | null = null;

  /** Fails with `bad-option` where there is no place to play in. */
  constructor(outDir: string | null, { memory, disk }: TemporaryPlaces) {
    this.#isTemporary = outDir === null;
    this.#isInMemory = outDir === null && memory !== null;
    this.#disk = disk;
    if (outDir !== null) requireOutFolder(outDir);
    this.#outDir = outDir ?? makeTemporary(memory ?? disk);
  }

  /** Whatever an earlier check has left in the folder goes. */
  open(scenario: string, version: string | null): PlayFolder {
    const told = scenarioFolder(this.#outDir, scenario, version);
    const folder = path.resolve(told);
    const stuck = removeFolder(folder);
    if (stuck !== null) throw new AxonError('bad-option', `what an earlier check has left cannot be removed: ${stuck}`);
    fs.mkdirSync(folder, { recursive: true });
    return {
      path: folder,
      keep: (scratch) => {
        if (scratch === 'removed') for (const each of listScratch(folder)) this.#remove(each);
        return { folder: this.#isInMemory ? this.#rescue(folder) : told, isTemporary: this.#isTemporary };
      },
      drop: () => this.#remove(folder),
    };
  }

  /** Nothing of a check that could not begin is worth keeping. */
  abandon(): void {
    if (!this.#isTemporary) return;
    this.#leftovers.push(this.#outDir, this.#rescued ?? this.#outDir);
  }

  /** Removes everything that nobody has asked to keep; returns what could not be removed or kept, each with the reason. */
  close(): readonly string[] {
    for (const folder of this.#leftovers) this.#removeNow(folder);
    if (this.#isTemporary) removeEmptyFolders(this.#outDir);
    return this.#troubles;
  }

  #remove(folder: string): void {
    // Memory is for what is being played; the disk can wait.
    if (this.#isInMemory) this.#removeNow(folder);
    else this.#leftovers.push(folder);
  }

  #removeNow(folder: string): void {
    const trouble = removeFolder(folder);
    if (trouble !== null) this.#troubles.push(trouble);
  }

  /** Out of memory onto the disk, links, pipes and times as they are: a backup can hold anything. */
  #rescue(folder: string): string {
    try {
      this.#rescued ??= fs.mkdtempSync(path.join(this.#disk, PREFIX));
      const kept = path.join(this.#rescued, path.relative(path.resolve(this.#outDir), folder));
      fs.mkdirSync(kept, { recursive: true });
      const { status, error, stderr } = spawnSync('cp', ['-a', '--', `${folder}/.`, kept], { encoding: 'utf8' });
      // A client can leave files that nobody may read; the others are there all the same.
      if (status !== 0) fs.writeFileSync(path.join(kept, 'not-kept.txt'), error?.message ?? stderr);
      this.#removeNow(folder);
      return kept;
    } catch (error) {
      // No room on the disk, say: then it stays where it is.
      this.#troubles.push(`${folder} (${error instanceof Error ? error.message : String(error)})`);
      return folder;
    }
  }
}

function makeTemporary(place: string): string {
  try {
    return fs.mkdtempSync(path.join(place, PREFIX));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AxonError('bad-option', `no temporary folder can be made in ${place} (TMPDIR names another): ${reason}`);
  }
}

/** The folder, and those in it that hold nothing; whoever has kept something stays. */
function removeEmptyFolders(folder: string): void {
  for (const name of namesIn(folder)) removeIfEmpty(path.join(folder, name));
  removeIfEmpty(folder);
}

function namesIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

function removeIfEmpty(folder: string): void {
  try {
    fs.rmdirSync(folder);
  } catch {
    // It holds something, or is none.
  }
}
