import { fileAt, filesOf, type BackupTree } from '../backup-tree.ts';
import { mutator, pick, type Mutator } from '../step.ts';

/* What becomes of whole files: gone, swapped, twice, under another name, or something else in their place. */

const oddNames: readonly string[] = [
  'ä',
  '\xff\xfe',
  'a\nb',
  ' ',
  '-',
  '~',
  '..\\x',
  '%00',
  '%zz',
  'con: x',
  'a: b',
  '!',
  'x'.repeat(255),
  '\x1b[31m',
  '__proto__',
  'constructor',
  '00000000000000000000.events',
  '99999999999999999999.events',
  '00000000000000000001.log',
  '99999999999999999999.log',
  '00000000000000000000_99999.events',
  '00000000000000000000.xyz',
  '00000000000000000000.events.gz',
  'controldb1.zip',
  'controldb999999999999999.zip',
  'controldb.zip',
  'axonserver-controldb.mv.db',
  'x.part',
  'staging',
  'x.tar',
  'x.tgz',
  'x.7z',
];

export const fileMutators: readonly Mutator[] = [
  mutator<{ file: string }>({
    name: 'remove',
    draw: (tree, random) => oneFile(tree, (files) => ({ file: pick(random, files) })),
    apply: (tree, { file }) => void tree.delete(file),
    takesAway: true,
  }),
  mutator<{ file: string; to: string }>({
    name: 'rename',
    draw: (tree, random) =>
      oneFile(tree, (files) => {
        const file = pick(random, files);
        const folder = file.slice(0, file.lastIndexOf('/') + 1);
        const other = pick(random, files);
        const place = pick(random, [folder, other.slice(0, other.lastIndexOf('/') + 1), `${folder}.staging-1/`]);
        return { file, to: `${place}${pick(random, [...oddNames, file.slice(folder.length)])}` };
      }),
    apply: (tree, { file, to }) => {
      const entry = tree.get(file);
      if (entry === undefined || file === to) return;
      tree.delete(file);
      tree.set(to, entry);
    },
    takesAway: true,
  }),
  mutator<{ folder: string; to: string }>({
    name: 'rename-folder',
    draw: (tree, random) =>
      oneFile(tree, (files) => {
        const parts = pick(random, files).split('/');
        const depth = random.integer(1, parts.length - 1);
        if (parts.length < 2) return null;
        const folder = parts.slice(0, depth).join('/');
        return { folder, to: [...parts.slice(0, depth - 1), pick(random, oddNames)].join('/') };
      }),
    apply: (tree, { folder, to }) => {
      const before = [...tree];
      for (const [path, entry] of before) {
        if (!path.startsWith(`${folder}/`)) continue;
        tree.delete(path);
        tree.set(`${to}${path.slice(folder.length)}`, entry);
      }
    },
    takesAway: true,
  }),
  mutator<{ file: string; other: string }>({
    name: 'swap',
    draw: (tree, random) => oneFile(tree, (files) => ({ file: pick(random, files), other: pick(random, files) })),
    apply: (tree, { file, other }) => {
      const one = fileAt(tree, file);
      const two = fileAt(tree, other);
      if (one === null || two === null) return;
      tree.set(file, two);
      tree.set(other, one);
    },
    takesAway: true,
  }),
  mutator<{ file: string; other: string; isNewer: boolean }>({
    name: 'copy-over',
    draw: (tree, random) =>
      oneFile(tree, (files) => ({
        file: pick(random, files),
        other: pick(random, files),
        isNewer: random.fraction() < 0.5,
      })),
    apply: (tree, { file, other, isNewer }) => {
      const from = fileAt(tree, other);
      if (from !== null) tree.set(file, { ...from, modifiedMs: from.modifiedMs + (isNewer ? 60_000 : 0) });
    },
    takesAway: true,
  }),
  mutator<{ file: string; to: string }>({
    name: 'copy-beside',
    draw: (tree, random) =>
      oneFile(tree, (files) => {
        const file = pick(random, files);
        return {
          file,
          to: `${pick(random, ['', 'older/', 'events/', 'log/default/', 'x.tar/'])}${pick(random, oddNames)}`,
        };
      }),
    apply: (tree, { file, to }) => {
      const from = fileAt(tree, file);
      if (from !== null && !tree.has(to)) tree.set(to, from);
    },
    // It may lie over what counts, and be the newer one.
    takesAway: true,
  }),
  mutator<{ file: string; modifiedMs: number }>({
    name: 'touch',
    draw: (tree, random) =>
      oneFile(tree, (files) => ({
        file: pick(random, files),
        modifiedMs: pick(random, [0, -1, 1e12, 1_704_070_000_000, 4e12]),
      })),
    apply: (tree, { file, modifiedMs }) => {
      const from = fileAt(tree, file);
      if (from !== null) tree.set(file, { ...from, modifiedMs });
    },
    // Which of two copies is the newer one is told by it.
    takesAway: true,
  }),
  mutator<{ file: string; kind: string }>({
    name: 'put-in-place',
    draw: (tree, random) =>
      oneFile(tree, (files) => ({
        file: pick(random, files),
        kind: pick(random, [
          'folder',
          'pipe',
          '/dev/zero',
          '/dev/null',
          '/',
          '.',
          '..',
          '/proc/self/mem',
          'nowhere',
          'itself',
          pick(random, files),
        ]),
      })),
    apply: (tree, { file, kind }) => {
      const itself = file.slice(file.lastIndexOf('/') + 1);
      if (kind === 'folder' || kind === 'pipe') tree.set(file, { kind });
      else tree.set(file, { kind: 'link', to: kind === 'itself' ? itself : kind });
    },
    takesAway: true,
  }),
  mutator<{ file: string }>({
    name: 'empty',
    draw: (tree, random) => oneFile(tree, (files) => ({ file: pick(random, files) })),
    apply: (tree, { file }) => {
      const from = fileAt(tree, file);
      if (from !== null) tree.set(file, { ...from, bytes: Buffer.alloc(0) });
    },
  }),
  mutator<{ base: string; run: number; file: string; to: string }>({
    name: 'splice',
    draw: (tree, random, bases) =>
      oneFile(tree, (files) => {
        const base = pick(random, [...bases.values()]);
        const run = random.integer(0, base.runs.length - 1);
        const file = pick(random, filesOf(base.runs[run] ?? new Map()));
        const like = files.filter((path) => path.endsWith(file));
        return { base: base.name, run, file, to: like.length > 0 ? pick(random, like) : file };
      }),
    apply: (tree, { base, run, file, to }, bases) => {
      const from = fileAt(bases.get(base)?.runs[run] ?? new Map(), file);
      if (from !== null) tree.set(to, from);
    },
    takesAway: true,
  }),
];

function oneFile<Given>(tree: BackupTree, choose: (files: readonly string[]) => Given | null): Given | null {
  const files = filesOf(tree);
  return files.length === 0 ? null : choose(files);
}
