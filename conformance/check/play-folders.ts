import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import type { Artefacts } from '../verdict/report.ts';
import { removeScratch, scenarioFolder } from './artefacts.ts';

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
 */
export class PlayFolders {
  readonly #outDir: string;
  readonly #isTemporary: boolean;
  readonly #isInMemory: boolean;
  // Removed at the very end: ext4 looks at every inode that was freed in the last minutes before it makes a new file, and
  // with scenarios that clear up while others write, a check takes half as long again.
  readonly #leftovers: (() => void)[] = [];
  readonly #disk: string;
  #rescued: string | null = null;

  constructor(outDir: string | null, { memory, disk }: TemporaryPlaces) {
    this.#isTemporary = outDir === null;
    this.#isInMemory = outDir === null && memory !== null;
    this.#disk = disk;
    this.#outDir = outDir ?? fs.mkdtempSync(path.join(memory ?? disk, PREFIX));
  }

  /** Whatever an earlier check has left in the folder goes. */
  open(scenario: string, version: string | null): PlayFolder {
    const told = scenarioFolder(this.#outDir, scenario, version);
    const folder = path.resolve(told);
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder, { recursive: true });
    return {
      path: folder,
      keep: (scratch) => {
        if (scratch === 'removed') this.#remove(() => removeScratch(folder));
        return { folder: this.#isInMemory ? this.#rescue(folder) : told, isTemporary: this.#isTemporary };
      },
      drop: () => this.#remove(() => fs.rmSync(folder, { recursive: true, force: true })),
    };
  }

  /** Nothing of a check that could not begin is worth keeping. */
  abandon(): void {
    if (!this.#isTemporary) return;
    for (const folder of [this.#outDir, this.#rescued ?? this.#outDir]) {
      this.#leftovers.push(() => fs.rmSync(folder, { recursive: true, force: true }));
    }
  }

  /** Removes everything that nobody has asked to keep. */
  close(): void {
    for (const remove of this.#leftovers) remove();
    if (this.#isTemporary && fs.existsSync(this.#outDir)) removeEmptyFolders(this.#outDir);
  }

  #remove(remove: () => void): void {
    // Memory is for what is being played; the disk can wait.
    if (this.#isInMemory) remove();
    else this.#leftovers.push(remove);
  }

  /** Out of memory onto the disk, links, pipes and times as they are: a backup can hold anything. */
  #rescue(folder: string): string {
    this.#rescued ??= fs.mkdtempSync(path.join(this.#disk, PREFIX));
    const kept = path.join(this.#rescued, path.relative(path.resolve(this.#outDir), folder));
    fs.mkdirSync(kept, { recursive: true });
    const { status, error, stderr } = spawnSync('cp', ['-a', '--', `${folder}/.`, kept], { encoding: 'utf8' });
    // A client can leave files that nobody may read; the others are there all the same.
    if (status !== 0) fs.writeFileSync(path.join(kept, 'not-kept.txt'), error?.message ?? stderr);
    fs.rmSync(folder, { recursive: true, force: true });
    return kept;
  }
}

/** The folder, and those in it that hold nothing; whoever has kept something stays. */
function removeEmptyFolders(folder: string): void {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const inner = path.join(folder, entry.name);
    if (entry.isDirectory() && fs.readdirSync(inner).length === 0) fs.rmdirSync(inner);
  }
  if (fs.readdirSync(folder).length === 0) fs.rmdirSync(folder);
}
