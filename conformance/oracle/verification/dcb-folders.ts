import { basename, dirname } from 'node:path/posix';
import type { BackupFile } from '../../journal/inventory.ts';
import type { ReadBackup } from '../backup/backup-reader.ts';
import type { VerificationProblem } from './verification.ts';

/*
 * Contexts with a dynamic consistency boundary (2025.1 and later) have no segments to pull. Their folder holds a database of
 * RocksDB for each of several parts, and beside them sometimes other files (docs/newer-versions.md, section 3):
 *
 *     <context>/index/CURRENT MANIFEST-000004 000012.sst …    labels/  labelupdates/  snapshots/  snapshotupdates/
 *     <context>/rainbow.lsi  <context>/…headstore.bin
 *
 * POST /v2/backup has the server write such a folder; a copy of the live one is none.
 */

const partNames = new Set(['index', 'labels', 'labelupdates', 'snapshots', 'snapshotupdates']);
const rocksDbFile = /^(?:CURRENT|MANIFEST-\d+|OPTIONS-\d+|IDENTITY|\d+\.sst)$/;
const besideParts = /^(?:rainbow\.lsi|.*headstore\.bin)$/;
/** A running RocksDB holds it; none of its own backups and checkpoints has one. */
const LOCK = 'LOCK';

/** One context's folder as it was found. */
export interface DcbFolder {
  readonly path: string;
  /** Files in it. */
  readonly files: number;
  /** True where it is a copy of a folder that a server had open. */
  readonly isPulled: boolean;
}

/** So many of its signs make a folder one: a stray file is none. */
const FEWEST_SIGNS = 2;

/** The folders, and the backup without what is in them: it is no store of segments, whatever the files are called. */
export function setDcbFoldersApart(backup: ReadBackup): {
  readonly rest: ReadBackup;
  readonly dcb: readonly DcbFolder[];
} {
  const signs = new Map<string, Set<string>>();
  for (const file of backup.files) {
    const [root, sign] = signOf(file) ?? [];
    if (root !== undefined && sign !== undefined) signs.set(root, (signs.get(root) ?? new Set()).add(sign));
  }
  const inside = new Map<string, BackupFile[]>();
  for (const [root, found] of signs) if (found.size >= FEWEST_SIGNS) inside.set(root, []);
  if (inside.size === 0) return { rest: backup, dcb: [] };
  const rest = backup.files.filter((file) => {
    const root = holderOf(file, inside);
    if (root !== null) inside.get(root)?.push(file);
    return root === null;
  });
  const dcb = [...inside].map(([path, own]) => ({
    path,
    files: own.length,
    isPulled: own.some(({ name, container }) => name === LOCK && partNames.has(lastPart(container))),
  }));
  return { rest: { ...backup, files: rest }, dcb };
}

/** The folder of the context that a file gives away, and by what. */
function signOf({ name, container }: BackupFile): readonly [root: string, sign: string] | null {
  if (besideParts.test(name)) return [container, name];
  const part = lastPart(container);
  const root = parentOf(container);
  return root !== null && partNames.has(part) && rocksDbFile.test(name) ? [root, part] : null;
}

/** The context's folder that a file lies in: beside its parts, or in one. Logs and databases are nobody's part. */
function holderOf({ container, what }: BackupFile, roots: ReadonlyMap<string, unknown>): string | null {
  if (what.kind === 'log' || what.kind === 'log-index' || what.kind === 'control-db-zip') return null;
  if (roots.has(container)) return container;
  for (const folder of enclosing(container)) {
    const root = parentOf(folder);
    if (root !== null && roots.has(root) && partNames.has(lastPart(folder))) return root;
  }
  return null;
}

/** A folder and all around it, in archives too, the nearest first. */
function enclosing(container: string): string[] {
  const folders: string[] = [];
  for (let folder: string | null = container; folder !== null; folder = parentOf(folder)) folders.push(folder);
  return folders;
}

/** Of a folder in an archive the archive is the last one around it; null for the backup's own. */
function parentOf(folder: string): string | null {
  const inArchive = folder.lastIndexOf('!');
  const inner = folder.slice(inArchive + 1);
  if (inner.includes('/')) return folder.slice(0, inArchive + 1) + dirname(inner);
  if (inArchive !== -1) return folder.slice(0, inArchive);
  return folder === '.' ? null : '.';
}

function lastPart(folder: string): string {
  return basename(folder.slice(folder.lastIndexOf('!') + 1));
}

const PULLED =
  'a folder of a context with a dynamic consistency boundary that was copied while a server had it open: that is unsupported, and no server need open it. Have the server write one, by POST /v2/backup, and copy that';

/** What is said of the folders, and of contexts that a control database has as such. */
export function describeDcb(
  dcb: readonly DcbFolder[],
  contexts: readonly string[],
  pulledContexts: readonly string[],
): { readonly problems: readonly VerificationProblem[]; readonly notes: readonly string[] } {
  const problems = [
    ...dcb
      .filter(({ isPulled }) => isPulled)
      .map(({ path }): VerificationProblem => ({ kind: 'dcb-pulled', where: path, message: PULLED })),
    ...pulledContexts.map((context): VerificationProblem => {
      const message =
        'the control database has it as a context with a dynamic consistency boundary, and there are segments of it: pulling the files of such a context is unsupported. Have the server write a backup of it, by POST /v2/backup';
      return { kind: 'dcb-pulled', where: context, message };
    }),
  ];
  const notes = dcb
    .filter(({ isPulled }) => !isPulled)
    .map(
      ({ path, files }) =>
        `${path} (files: ${files}) is the folder of a context with a dynamic consistency boundary: it is not judged here; what POST /v2/backup has written is a backup, and a pulled copy of a live folder is unsupported`,
    );
  const absent = contexts.filter(
    (context) => !pulledContexts.includes(context) && !dcb.some(({ path }) => lastPart(path) === context),
  );
  if (absent.length > 0) {
    notes.push(
      `contexts with a dynamic consistency boundary, of which nothing is here: ${absent.join(', ')}; POST /v2/backup has a server write their backups`,
    );
  }
  return { problems, notes };
}
