import * as fs from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import type { Node, Simulator, WrittenContent, WrittenFile } from '../../../server/index.ts';
import { readUnnoticed } from './read-unnoticed.ts';
import type { ServerFiles } from './server-files.ts';
import { isWithin } from '../within-folder.ts';

/** Who may do what with a file or folder, and whose it is. */
interface Access {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** A file that was found to be as the server has left it, until one of the two is another. */
interface Checked {
  readonly identity: string;
  readonly written: WrittenFile;
}

/**
 * Sees to it that a client leaves the server's folders alone. The server says of each file what it has written into it,
 * also of those that it goes on writing; so whatever is otherwise, is gone, or is there beside it, somebody else has done.
 * Each damage is told once: it is not the next run's.
 */
export class SourceWatch {
  readonly #nodes: readonly Node[];
  readonly #written: Simulator['writtenFiles'];
  readonly #serverFiles: ServerFiles;
  /** What a scenario has put there in the server's name. */
  readonly #placed = new Map<string, WrittenFile>();
  readonly #access = new Map<string, Access>();
  readonly #checked = new Map<string, Checked>();
  /** What is away for now, and by no client's doing. */
  #excused: readonly string[] = [];
  /** What is damaged already, or was there before the first run. */
  readonly #told = new Set<string>();

  constructor({ nodes, writtenFiles }: Pick<Simulator, 'nodes' | 'writtenFiles'>, serverFiles: ServerFiles) {
    this.#nodes = nodes;
    this.#written = writtenFiles;
    this.#serverFiles = serverFiles;
  }

  /** Puts a file there, under any spelling of its path, that counts as the server's own; one that is there already stays. */
  place(spelling: string, text: string): void {
    if (!this.#writeNew(spelling, text)) return;
    const file = this.#plainPath(spelling);
    const content = Buffer.from(text);
    const [sizeBytes, endBytes, checksum] = [content.length, content.length, crc32(content)];
    const modifiedAtMs = fs.statSync(spelling).mtimeMs;
    this.#placed.set(file, { sizeBytes, endBytes, checksum, behindBytes: 0, behindChecksum: 0, modifiedAtMs });
  }

  /** False where something is there, be it a link to nothing, or where a client has led the folder elsewhere. */
  #writeNew(spelling: string, text: string): boolean {
    try {
      const folder = fs.realpathSync(path.dirname(spelling));
      if (!this.#nodes.some(({ dataDir }) => isWithin(folder, fs.realpathSync(dataDir)))) return false;
      fs.writeFileSync(spelling, text, { flag: 'wx' });
      return true;
    } catch {
      return false;
    }
  }

  /** From here on these files, and no others, may be absent. */
  excuse(files: readonly string[]): void {
    this.#excused = files;
  }

  /** Notes how the folders are before a run. */
  begin(): void {
    for (const { dataDir } of this.#nodes) {
      for (const entry of listAll(dataDir)) {
        const stat = lookAt(entry);
        if (!this.#access.has(entry) && typeof stat !== 'string') this.#access.set(entry, accessOf(stat));
        if (this.#expected(entry) === null) this.#told.add(entry);
      }
    }
  }

  /** What has been done to them since; to be called between two turns of the event loop, when all files are up to date. */
  damage(): string[] {
    return [
      ...this.#nodes.flatMap(({ dataDir }) => this.#missingIn(dataDir)),
      ...this.#nodes.flatMap(({ dataDir }) => this.#spoiltIn(dataDir)),
    ];
  }

  /** Some releases spell paths with `/./` in them, others without the symbolic links that lead to the folder. */
  #plainPath(spelling: string): string {
    const real = fs.realpathSync(spelling);
    const roots = this.#nodes.map(({ dataDir }) => ({ dataDir, realDir: fs.realpathSync(dataDir) }));
    const root = roots.find(({ realDir }) => isWithin(real, realDir));
    return root === undefined ? path.resolve(spelling) : root.dataDir + real.slice(root.realDir.length);
  }

  #expected(entry: string): WrittenContent | null {
    return this.#placed.get(entry) ?? this.#written.of(entry);
  }

  /** Of a folder that is gone nothing is missed beside the folder. */
  #missingIn(dataDir: string): string[] {
    const expected = [...this.#written]
      .map(([file]) => file)
      .filter((file) => isWithin(file, dataDir) && !this.#excused.includes(file))
      .toSorted();
    const gone: string[] = [];
    for (const file of expected) {
      const folder = gone.at(-1);
      if (folder !== undefined && isWithin(file, folder)) continue;
      if (lookAt(file) === 'gone') gone.push(file);
    }
    return gone.flatMap((file) => this.#tell(file, 'is gone'));
  }

  #spoiltIn(dataDir: string): string[] {
    return listAll(dataDir).flatMap((entry) => {
      const written = this.#expected(entry);
      if (written === null) return this.#tell(entry, 'was put there');
      const stat = lookAt(entry);
      // A folder that nobody may look into any more is told of by itself.
      if (typeof stat === 'string') return [];
      if (written === 'folder' ? !stat.isDirectory() : !stat.isFile()) {
        return this.#tell(entry, `is no ${written === 'folder' ? 'folder' : 'file'} any more`);
      }
      const isAccessible = this.#isAccessible(entry, stat);
      const fault = typeof written === 'string' ? null : this.#faultOf(entry, stat, written);
      if (fault !== null) return this.#tell(entry, fault);
      return isAccessible ? [] : this.#tell(entry, 'has other permissions or another owner');
    });
  }

  /**
   * What is new since the last look counts as it is: the server alone has had it in its hands before. Permissions that were
   * taken away are given back, or the server could not go on and nobody could remove the folder.
   */
  #isAccessible(entry: string, stat: fs.Stats): boolean {
    const now = accessOf(stat);
    const before = this.#access.get(entry) ?? now;
    this.#access.set(entry, now);
    if (before.mode === now.mode && before.uid === now.uid && before.gid === now.gid) return true;
    if (giveBack(entry, before)) this.#access.set(entry, before);
    return false;
  }

  /** What is wrong with a file, or null. */
  #faultOf(file: string, { ino, size, mtimeMs, ctimeMs }: fs.Stats, written: WrittenFile): string | null {
    const identity = `${ino}:${size}:${mtimeMs}:${ctimeMs}`;
    const checked = this.#checked.get(file);
    if (checked?.identity === identity && checked.written === written) return null;
    if (size !== written.sizeBytes || !holds(readOrNothing(file), written)) return 'was changed';
    if (Math.round(mtimeMs) !== Math.round(written.modifiedAtMs)) return 'has another time of modification';
    this.#checked.set(file, { identity, written });
    return null;
  }

  #tell(entry: string, what: string): string[] {
    if (this.#told.has(entry)) return [];
    this.#told.add(entry);
    return [`${this.#serverFiles.name(entry)} ${what}`];
  }
}

/** The folder, and all that is in it as far as it can be looked into. */
function listAll(folder: string): string[] {
  if (typeof lookAt(folder) === 'string') return [];
  const inside = (): fs.Dirent[] => {
    try {
      return fs.readdirSync(folder, { withFileTypes: true });
    } catch {
      return [];
    }
  };
  const entries = inside().toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return [
    folder,
    ...entries.flatMap((entry) => {
      const inner = path.join(folder, entry.name);
      return entry.isDirectory() ? listAll(inner) : [inner];
    }),
  ];
}

function lookAt(file: string): fs.Stats | 'gone' | 'hidden' {
  try {
    return fs.lstatSync(file);
  } catch (error) {
    const isHidden = error instanceof Error && 'code' in error && error.code === 'EACCES';
    return isHidden ? 'hidden' : 'gone';
  }
}

function giveBack(entry: string, { mode }: Access): boolean {
  try {
    fs.chmodSync(entry, mode);
    return true;
  } catch {
    return false;
  }
}

function readOrNothing(file: string): Buffer {
  try {
    // Whoever the client has left at work may have put a link or a pipe there meanwhile.
    const { O_NOFOLLOW, O_NONBLOCK } = fs.constants;
    return readUnnoticed(file, O_NOFOLLOW | O_NONBLOCK);
  } catch {
    return Buffer.alloc(0);
  }
}

function accessOf({ mode, uid, gid }: fs.Stats): Access {
  return { mode, uid, gid };
}

function holds(bytes: Buffer, { endBytes, checksum, behindBytes, behindChecksum }: WrittenFile): boolean {
  const behind = bytes.subarray(endBytes, endBytes + behindBytes);
  const rest = bytes.subarray(endBytes + behindBytes);
  return crc32(bytes.subarray(0, endBytes)) === checksum && crc32(behind) === behindChecksum && isZero(rest);
}

const ZEROS = Buffer.alloc(1 << 16);

function isZero(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at += ZEROS.length) {
    const part = bytes.subarray(at, at + ZEROS.length);
    if (!part.equals(ZEROS.subarray(0, part.length))) return false;
  }
  return true;
}
