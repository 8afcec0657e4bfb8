import { gunzipSync, gzipSync } from 'node:zlib';
import { zipSync, type Zippable } from 'fflate';
import { fileAt, filesOf, type BackupTree } from '../backup-tree.ts';
import { mutator, pick, type Mutator } from '../step.ts';
import { packTar, type TarFile, type TarStyle } from '../tar.ts';

/* Packing and unpacking. Folders become archives of their names; links, pipes and empty folders are left behind. */

const styles: readonly TarStyle[] = ['ustar', 'ustar', 'pax', 'gnu-sparse', 'pax-sparse', 'long-names'];

/** MS-DOS knows no time before, and none after. */
const EARLIEST_MS = Date.UTC(1980, 0, 2);
const LATEST_MS = Date.UTC(2099, 11, 30);

export const packMutators: readonly Mutator[] = [
  mutator<{ folder: string; to: string; style: string }>({
    name: 'pack-tar',
    draw: (tree, random) => {
      const folder = folderFor(tree, pick(random, filesOf(tree)));
      return folder === null ? null : { folder, to: `${folder}.tar`, style: pick(random, styles) };
    },
    apply: (tree, { folder, to, style }) => {
      const files = takeFiles(tree, folder);
      const bytes = packTar(files, style as TarStyle);
      if (files.length > 0) tree.set(to, { kind: 'file', bytes, modifiedMs: latestOf(files) });
    },
  }),
  mutator<{ folder: string; to: string; level: number }>({
    name: 'pack-zip',
    draw: (tree, random) => {
      const folder = folderFor(tree, pick(random, filesOf(tree)));
      return folder === null ? null : { folder, to: `${folder}.zip`, level: pick(random, [0, 6]) };
    },
    apply: (tree, { folder, to, level }) => {
      const files = takeFiles(tree, folder);
      const zippable: Zippable = {};
      for (const { name, bytes, modifiedMs } of files) {
        const mtime = Math.min(LATEST_MS, Math.max(EARLIEST_MS, modifiedMs));
        zippable[name.slice(0, 60_000)] = [bytes, { level: level === 0 ? 0 : 6, mtime }];
      }
      const bytes = Buffer.from(zipSync(zippable));
      if (files.length > 0) tree.set(to, { kind: 'file', bytes, modifiedMs: latestOf(files) });
    },
  }),
  mutator<{ matching: string }>({
    name: 'gzip',
    draw: (tree, random) => ({ matching: pick(random, filesOf(tree)) }),
    apply: (tree, { matching }) => {
      for (const path of filesOf(tree)) {
        if (!path.endsWith(matching)) continue;
        const file = fileAt(tree, path);
        if (file === null) continue;
        tree.delete(path);
        tree.set(`${path}.gz`, { ...file, bytes: gzipSync(file.bytes) });
      }
    },
  }),
  mutator<{ file: string; at: number; mask: number }>({
    name: 'within-gzip',
    draw: (tree, random) => {
      const files = filesOf(tree, /gz$/);
      return files.length === 0
        ? null
        : { file: pick(random, files), at: random.integer(0, 30_000), mask: random.integer(1, 255) };
    },
    apply: (tree, { file, at, mask }) => {
      const found = fileAt(tree, file);
      if (found === null) return;
      let bytes: Buffer;
      try {
        bytes = gunzipSync(found.bytes);
      } catch {
        return;
      }
      const place = at % Math.max(1, bytes.length);
      bytes[place] = (bytes[place] ?? 0) ^ mask;
      tree.set(file, { ...found, bytes: gzipSync(bytes) });
    },
    // What the trailer vouches for is then the damage: a name in a tar may be another.
    takesAway: true,
  }),
];

/** The folder at the top that a file lies in; null for one that lies in none. */
function folderFor(tree: BackupTree, file: string | undefined): string | null {
  const end = file?.indexOf('/') ?? -1;
  return tree.size === 0 || file === undefined || end <= 0 ? null : file.slice(0, end);
}

/** Takes the files of a folder out of the tree; of `.` all. */
function takeFiles(tree: BackupTree, folder: string): TarFile[] {
  const prefix = folder === '.' ? '' : `${folder}/`;
  const files: TarFile[] = [];
  for (const path of filesOf(tree)) {
    const file = fileAt(tree, path);
    if (file === null || !path.startsWith(prefix)) continue;
    files.push({ name: path.slice(prefix.length), bytes: file.bytes, modifiedMs: file.modifiedMs });
    tree.delete(path);
  }
  return files;
}

function latestOf(files: readonly TarFile[]): number {
  return files.reduce((latest, { modifiedMs }) => Math.max(latest, modifiedMs), 0);
}
