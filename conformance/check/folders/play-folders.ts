import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { AxonError } from '../../../server/index.ts';
import { removeFolder } from '../../../folders/remove-folder.ts';
import { limitKept, sweepAbandoned } from '../../../folders/sweep.ts';
import { makeTemporaryFolder } from '../../../folders/temporary-folder.ts';
import { requireWayTo, type ClientUser } from '../../driver/client-user.ts';
import type { Artefacts } from '../../verdict/report.ts';
import { scenarioFolder } from './artefacts.ts';
import { ENTERED_BY_ALL } from './provide-folder.ts';
import { OtherFileSystem, USUAL_PLACES } from './other-file-system.ts';
import { requireOutFolder } from './out-folder.ts';

/** Entered and written into, and not listed: who does not know what is in it does not find out. */
const UNLISTED = 0o300;

/** The folders of one scenario. Ends with one of the two calls. */
export interface PlayFolder {
  /** The client's, with the cluster. Absolute, since a client may change its working directory; empty at first. */
  readonly path: string;
  /** Where the kit works unseen: restores, and what is out of reach. Absolute, empty at first. */
  readonly ownPath: string;
  /** Where journal, output and verdict are written. Absolute, empty at first. */
  readonly artefactsPath: string;
  /**
   * Keeps the artefacts with the backup beside them, and says where. The cluster and the client's own notes are of use where
   * the kit itself has failed, and scratch elsewhere.
   */
  keep(scratch: 'kept' | 'removed'): Artefacts;
  drop(): void;
}

/** Where temporary folders can be made: in memory, if this machine offers that, and on a disk. */
export interface TemporaryPlaces {
  readonly memory: string | null;
  readonly disk: string;
}

/** What became of folders when a check was over. */
export interface ClearedUp {
  /** What could not be removed or kept, each with the reason. */
  readonly troubles: readonly string[];
  /** Folders of earlier checks that were killed. */
  readonly sweptFolders: number;
  /** Folders that earlier checks had kept, and that had to go for the newest. */
  readonly outdatedFolders: number;
}

/**
 * The folders of a check: all are played in a temporary place, in memory where there is such a one, and only what is kept
 * leaves that, for the user's own `outDir` or a temporary folder on the disk.
 *
 * A client is told of its own folders and of nobody else's. Their names are chance, so that they neither tell the scenario
 * nor can be guessed, and the folder around them is not for listing. What the kit writes into lies elsewhere in it, where no
 * client can have planted a link.
 *
 * What a client has left may refuse to go, or to be kept. That is nothing that a check fails for: `close` tells.
 */
export class PlayFolders {
  readonly #outDir: string | null;
  readonly #isInMemory: boolean;
  readonly #places: TemporaryPlaces;
  readonly #room: string;
  /** Whose the folders of a client are; the caller's own where null. */
  readonly #clientUser: ClientUser | null;
  readonly #sweptFolders: number;
  readonly #other: OtherFileSystem;
  // Removed at the very end: ext4 looks at every inode that was freed in the last minutes before it makes a new file, and
  // with scenarios that clear up while others write, a check takes half as long again.
  readonly #leftovers: string[] = [];
  readonly #troubles: string[] = [];
  /** Folders that failures are kept in, by the place that they are in. */
  readonly #keptIn = new Map<string, string>();

  /** Fails with `bad-option` where there is no place to play in. */
  constructor(outDir: string | null, places: TemporaryPlaces, clientUser: ClientUser | null = null) {
    if (outDir !== null) requireOutFolder(outDir);
    const { memory, disk } = places;
    this.#outDir = outDir;
    this.#places = places;
    this.#isInMemory = memory !== null;
    this.#sweptFolders = placesOf(places).reduce((sum, place) => sum + sweepAbandoned(place), 0);
    this.#room = makeRoom(memory ?? disk);
    this.#other = new OtherFileSystem(this.#room, [disk, ...USUAL_PLACES], clientUser);
    this.#clientUser = clientUser;
    if (clientUser !== null) fs.chmodSync(this.#room, ENTERED_BY_ALL);
  }

  /** Fails with `bad-option` where the user of the client cannot come to its folders. */
  requireEntry(): void {
    if (this.#clientUser !== null) requireWayTo(this.#room, this.#clientUser);
  }

  /** Whatever an earlier check has left in the folder below `outDir` goes. */
  open(scenario: string, version: string | null): PlayFolder {
    if (this.#outDir !== null) {
      const stuck = removeFolder(scenarioFolder(this.#outDir, scenario, version));
      if (stuck !== null)
        throw new AxonError('bad-option', `what an earlier check has left cannot be removed: ${stuck}`);
    }
    const [folder, own] = [this.#makeUnguessable(), this.#makeUnguessable()];
    const [work, artefacts] = [path.join(own, 'work'), path.join(own, 'artefacts')];
    for (const each of [work, artefacts]) fs.mkdirSync(each);
    if (this.#clientUser !== null) fs.chownSync(folder, this.#clientUser.uid, this.#clientUser.gid);
    const { ino } = fs.lstatSync(folder);
    return {
      path: folder,
      ownPath: work,
      artefactsPath: artefacts,
      keep: (scratch) => {
        // A client can put another folder into the place of its own, or a link: what is in that is not kept as the backup.
        const now = fs.lstatSync(folder, { throwIfNoEntry: false });
        // A link can get the number of the folder that was removed for it.
        const isStill = now?.isDirectory() === true && now.ino === ino;
        const names = scratch === 'removed' ? ['backup'] : ['backup', 'cluster', 'state', 'tmp'];
        for (const name of isStill ? names : []) this.#move(path.join(folder, name), path.join(artefacts, name));
        if (scratch === 'kept') this.#move(work, path.join(artefacts, 'work'));
        const kept = this.#handOver(artefacts, scenario, version);
        for (const each of [folder, own]) this.#remove(each);
        return { folder: kept, isTemporary: this.#outDir === null };
      },
      drop: () => {
        for (const each of [folder, own]) this.#remove(each);
      },
    };
  }

  /** A new folder on another file system than the scenarios are played on; null where there is none. Nothing of it is kept. */
  openElsewhere(): string | null {
    return this.#other.open();
  }

  /** Nothing of a check that could not begin, or was interrupted, is worth keeping, but what was asked for. */
  abandon(): void {
    this.#leftovers.push(...this.#keptIn.values());
    this.#keptIn.clear();
  }

  /** Removes everything that nobody has asked to keep. */
  close(): ClearedUp {
    for (const folder of this.#leftovers) this.#removeNow(folder);
    const stuck = this.#other.close();
    if (stuck !== null) this.#troubles.push(stuck);
    // What refuses to go in it has been told.
    if (this.#troubles.length === 0) this.#removeNow(this.#room);
    else removeFolder(this.#room);
    let outdatedFolders = 0;
    for (const [place, folder] of this.#keptIn) {
      fs.chmodSync(folder, 0o700);
      outdatedFolders += limitKept(place, 'kept');
    }
    return { troubles: this.#troubles, sweptFolders: this.#sweptFolders, outdatedFolders };
  }

  #makeUnguessable(): string {
    const folder = path.join(this.#room, randomBytes(8).toString('hex'));
    fs.mkdirSync(folder, { mode: 0o700 });
    return folder;
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

  /** Within the room; what a link leads to stays where it is. */
  #move(from: string, to: string): void {
    const stat = fs.lstatSync(from, { throwIfNoEntry: false });
    if (stat === undefined) return;
    try {
      // A folder that is not for writing cannot be moved into another one.
      if (stat.isDirectory()) fs.chmodSync(from, stat.mode | 0o700);
      fs.renameSync(from, to);
    } catch (error) {
      this.#troubles.push(`${from} (${reasonOf(error)})`);
    }
  }

  /** Where the artefacts are now. */
  #handOver(artefacts: string, scenario: string, version: string | null): string {
    const { memory, disk } = this.#places;
    const targets =
      this.#outDir === null
        ? [disk, memory ?? disk].map((place) => () => this.#keepIn(place))
        : [() => this.#outDir ?? '', () => this.#keepIn(memory ?? disk)];
    for (const [place, makeFolder] of targets.entries()) {
      try {
        const target = scenarioFolder(makeFolder(), scenario, version);
        carry(artefacts, target);
        return target;
      } catch (error) {
        // No room on the disk, say: then it stays in memory.
        if (place === 0) this.#troubles.push(`${artefacts} (${reasonOf(error)})`);
      }
    }
    return artefacts;
  }

  #keepIn(place: string): string {
    const known = this.#keptIn.get(place);
    if (known !== undefined) return known;
    const folder = makeTemporaryFolder(place, 'kept');
    // Until the check is over: the clients of other scenarios are still at work.
    fs.chmodSync(folder, UNLISTED);
    this.#keptIn.set(place, folder);
    return folder;
  }
}

/** Links, pipes and times as they are: a backup can hold anything. What has come to be at the target meanwhile goes. */
function carry(folder: string, target: string): void {
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const stuck = removeFolder(target);
  if (stuck !== null) throw new Error(stuck);
  try {
    fs.renameSync(folder, target);
  } catch {
    // To another file system.
    fs.mkdirSync(target);
    const { status, error, stderr } = spawnSync('cp', ['-a', '--', `${folder}/.`, target], { encoding: 'utf8' });
    // A client can leave files that nobody may read; the others are there all the same.
    if (status !== 0) fs.writeFileSync(path.join(target, 'not-kept.txt'), error?.message ?? stderr);
  }
}

function placesOf({ memory, disk }: TemporaryPlaces): readonly string[] {
  return memory === null ? [disk] : [memory, disk];
}

function makeRoom(place: string): string {
  try {
    const room = makeTemporaryFolder(place, 'check');
    fs.chmodSync(room, UNLISTED);
    return path.resolve(room);
  } catch (error) {
    throw new AxonError(
      'bad-option',
      `no temporary folder can be made in ${place} (TMPDIR names another): ${reasonOf(error)}`,
    );
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
