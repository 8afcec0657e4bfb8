import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import type { ClusterEvent, Node } from '../../server/index.ts';
import type { ServerFiles } from './server-files.ts';

interface SeenFile {
  readonly identity: string;
  readonly checksum: string;
}

/** Names that the server itself puts into these folders. */
const serverNames =
  /^\d{20}(_\d{5})?\.(events|index|bloom|snapshots|sindex|sbloom|nindex|snindex|zmap|szmap|log)(\.temp)?$|^controldb\d+\.zip(\.temp)?$|^axonserver-controldb\.mv\.db(\.temp)?$/;

/**
 * Sees to it that a client leaves the server's folders alone: files that never change (closed segments, their indexes,
 * zips) are compared by checksum, and whatever is gone or new must be the server's own doing.
 */
export class SourceWatch {
  readonly #nodes: readonly Node[];
  readonly #serverFiles: ServerFiles;
  readonly #known = new Map<string, SeenFile>();
  #files: ReadonlySet<string> = new Set();

  constructor(nodes: readonly Node[], serverFiles: ServerFiles) {
    this.#nodes = nodes;
    this.#serverFiles = serverFiles;
  }

  /** Notes how the folders are before a run. */
  begin(): void {
    this.#files = new Set(this.#list());
    for (const file of this.#files) if (isSettled(file, this.#files)) this.#see(file);
  }

  /** What a run has done to them; `events` are those of the run. */
  damage(events: readonly ClusterEvent[]): string[] {
    const now = new Set(this.#list());
    const cleaned = new Set(
      events.flatMap((event) =>
        event.kind === 'log-cleaned' ? event.removed.map((index) => `${event.node}/${event.group}/${index}`) : [],
      ),
    );
    const found: string[] = [];
    for (const file of this.#files) {
      if (!now.has(file)) {
        if (!this.#wasCleaned(file, cleaned, events)) found.push(`${this.#serverFiles.name(file)} is gone`);
        continue;
      }
      const before = this.#known.get(file);
      if (before !== undefined && this.#see(file).checksum !== before.checksum) {
        found.push(`${this.#serverFiles.name(file)} was changed`);
      }
    }
    for (const file of now) {
      if (!this.#files.has(file) && !serverNames.test(path.basename(file))) {
        found.push(`${this.#serverFiles.name(file)} was put there`);
      }
    }
    return found;
  }

  #see(file: string): SeenFile {
    const stat = fs.statSync(file);
    const identity = `${stat.ino}:${stat.size}:${stat.mtimeMs}:${stat.ctimeMs}`;
    const known = this.#known.get(file);
    if (known?.identity === identity) return known;
    const seen = { identity, checksum: createHash('sha256').update(fs.readFileSync(file)).digest('hex') };
    this.#known.set(file, seen);
    return seen;
  }

  /** Log cleaning and installed snapshots remove files; starting a node sweeps up what a crash has left. */
  #wasCleaned(file: string, cleaned: ReadonlySet<string>, events: readonly ClusterEvent[]): boolean {
    if (path.basename(file).endsWith('.temp')) return true;
    const node = this.#nodes.find(({ dataDir }) => file.startsWith(`${dataDir}${path.sep}`));
    if (node === undefined) return false;
    const isReplaced = events.some((event) => event.kind === 'snapshot-installed' && event.node === node.name);
    const wasStarted = events.some((event) => event.kind === 'node-started' && event.node === node.name);
    if (file.startsWith(`${node.logDir}${path.sep}`) && /\.(log|index)$/.test(file)) {
      const group = path.basename(path.dirname(file));
      const firstIndex = Number.parseInt(path.basename(file), 10);
      return isReplaced || wasStarted || cleaned.has(`${node.name}/${group}/${firstIndex}`);
    }
    return wasStarted && /\.s?(index|bloom)$/.test(file);
  }

  #list(): string[] {
    const roots = this.#nodes.flatMap(({ eventsDir, logDir, controlDbDir, dataDir }) => [
      eventsDir,
      logDir,
      controlDbDir,
      path.join(dataDir, 'controldb-backup'),
    ]);
    return roots.flatMap((root) => {
      if (!fs.existsSync(root)) return [];
      const entries = fs.readdirSync(root, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => !entry.isDirectory()).map((entry) => path.join(entry.parentPath, entry.name));
    });
  }
}

/** Files that the server never touches again: zips, and what stands beside a bloom filter. */
function isSettled(file: string, files: ReadonlySet<string>): boolean {
  if (file.endsWith('.zip')) return true;
  const base = file.replace(/\.[a-z]+$/, '');
  const isSnapshot = /\.s[a-z]+$/.test(file);
  return !file.endsWith('.log') && files.has(`${base}${isSnapshot ? '.sbloom' : '.bloom'}`);
}
