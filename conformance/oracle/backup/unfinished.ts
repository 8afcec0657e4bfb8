/**
 * How tools mark what is not finished: `x.tar.gz.part`, `backup-7.tmp/`, `.staging-4711/`, `.incoming.Xy3z/`. A kill leaves
 * such a thing behind, and nobody would restore from it.
 */
const marks = '(?:tmp|temp|partial|incomplete|in-?progress|staging|stage|incoming|unfinished)';
// A part may be one of several, and a whole one: only as the last word is it a mark.
const isMarked = new RegExp(
  `^[._]*${marks}(?:[._-].*|\\d*)$|[._-]${marks}(?:[._-]\\w{1,12}|\\d{1,9})?$|[._-]part$|~$`,
  'i',
);

/**
 * Of files that a copying tool fills under a name of its own: `.controldb17.zip.Ab12Cd` of rsync, whose six signs are drawn at random,
 * `x.zip.filepart`.
 */
const suffixes = 'events|snapshots|s?n?index|s?bloom|s?xref|log|zip|tar|tgz|gz|bz2|xz|zst|db|sst';
const drawn = String.raw`(?!\d{6}$|sha\d{3}$|md5sum$|blake3$)(?=[a-z]*[A-Z\d])[A-Za-z\d]{6}`;
const isOfCopying = new RegExp(
  String.raw`^\..*\.(?:${suffixes})\.${drawn}$|\.(?:filepart|crdownload)$|^\.goutputstream-\w+$`,
);

/** A file that a system puts beside others: what macOS knows of one (`._x`), what is deleted and still open. */
const isSystemFile = /^\._.|^\.(?:nfs|fuse_hidden)[\da-f]{8,}$/;
/** A folder of the same kind: bins, what a repair of the file system has found. */
const isSystemFolder =
  /^(?:__MACOSX|lost\+found|\.Trash(?:es|-\d+)?|\$RECYCLE\.BIN|System Volume Information|#recycle|@eaDir)$/;

/** Why such a part counts for nothing; it is one of those that `unfinishedPartOf` gives. */
export function reasonForLeavingOut(part: string): string {
  return isSystemPart(part) ? 'by its name it is of the system, and no backup' : 'by its name it is not finished';
}

/** What to do about it, behind that. */
export function adviceFor(part: string): string {
  return isSystemPart(part) ? '' : '; if it is whole, rename it';
}

/** Whether it is there by the system's doing, and no part of anybody's backup. */
export function isSystemPart(part: string): boolean {
  const name = part.slice(Math.max(part.lastIndexOf('/'), part.lastIndexOf('!')) + 1);
  return isSystemFile.test(name) || isSystemFolder.test(name);
}

/** What looks like a mark and is none. */
export interface NoMarks {
  /** Names of contexts, groups and nodes, which may be called anything. */
  readonly names: ReadonlySet<string>;
  /** Folders of the server, absolute: copies that keep the whole path, as of `rsync --relative`, have their names in it. */
  readonly serverPaths?: readonly string[];
}

/** What of a path is unfinished, or no part of anybody's backup, up to the part that is marked: a file, an archive, or a folder; null where nothing is. */
export function unfinishedPartOf(path: string, { names, serverPaths = [] }: NoMarks): string | null {
  let end = 0;
  for (const part of path.split(/[/!]/)) {
    const begin = end;
    end += part.length;
    const isNamed = names.has(part) || names.has(nameIn(part));
    // An archive is a file, too.
    const isFile = end === path.length || path[end] === '!';
    const isNone = isMarked.test(part) || isSystemFolder.test(part) || (isFile && isOfFile(part));
    if (isNone && !isNamed && !isOfServer(path.slice(begin), serverPaths)) return path.slice(0, end);
    end++;
  }
  return null;
}

function isOfFile(name: string): boolean {
  return isOfCopying.test(name) || isSystemFile.test(name);
}

/** Whether a path goes on as one of the server's does from some folder on, in whatever way its parts are put together. */
function isOfServer(rest: string, serverPaths: readonly string[]): boolean {
  const words = wordsOf(rest);
  return serverPaths.some((serverPath) => {
    const parts = serverPath.split('/').filter((part) => part !== '');
    // Two folders alone, `staging/events`, a client may have of its own.
    return parts.slice(0, -2).some((_, place) => {
      const tail = wordsOf(parts.slice(place).join('/'));
      return tail.every((word, at) => words[at] === word);
    });
  });
}

/** `srv_staging%2Faxon-server` → `srv`, `staging`, `axon`, `server`. */
function wordsOf(path: string): string[] {
  return decoded(path)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** Whom a folder or an archive is named after: `my%20stage.tar.gz` → `my stage`. */
function nameIn(part: string): string {
  return decoded(part.replace(/\.(?:zip|tar|tgz|tar\.gz|gz)$/i, ''));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Words that are names of folders as often as marks: `/srv/staging/axonserver`. */
const plainWords = ['tmp', 'temp', 'staging', 'stage', 'incoming'];

/**
 * What of a backup somebody would restore from; `partOf` tells which part of a backup a file belongs to, null for none. Where
 * nothing finished holds any part, the mark means something else, and all of it counts. Where nobody knows what folders the
 * server has, `isOffline`, the same holds of each part below a folder that is named by a plain word.
 */
export function finishedAmong<File extends { readonly path: string }>(
  files: readonly File[],
  noMarks: NoMarks,
  partOf: (file: File) => string | null,
  isOffline = false,
): readonly File[] {
  const finished = new Set(files.filter(({ path }) => unfinishedPartOf(path, noMarks) === null));
  const parts = new Set([...finished].map(partOf));
  if ([...parts].every((part) => part === null)) return files;
  if (finished.size === files.length || !isOffline) return [...finished];
  const plain = { ...noMarks, names: new Set([...noMarks.names, ...plainWords]) };
  const isInPlainFolder = (file: File): boolean =>
    partOf(file) !== null && !parts.has(partOf(file)) && unfinishedPartOf(file.path, plain) === null;
  return files.filter((file) => finished.has(file) || isInPlainFolder(file));
}
