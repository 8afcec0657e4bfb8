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
 * What of a path is unfinished, up to the part that is marked: a file, an archive, or a folder; null where nothing is.
 * `names` are those of contexts and groups, which may be called anything.
 */
export function unfinishedPartOf(path: string, names: ReadonlySet<string>): string | null {
  let end = 0;
  for (const part of path.split(/[/!]/)) {
    end += part.length;
    if (isMarked.test(part) && !names.has(part) && !names.has(nameIn(part))) return path.slice(0, end);
    end++;
  }
  return null;
}

/** Whom a folder or an archive is named after: `my%20stage.tar.gz` → `my stage`. */
function nameIn(part: string): string {
  const name = part.replace(/\.(?:zip|tar|tgz|tar\.gz|gz)$/i, '');
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/**
 * What of a backup somebody would restore from. Where nothing finished holds any events, log or control database, the mark
 * means something else, and all of it counts.
 */
export function finishedAmong<File extends { readonly path: string }>(
  files: readonly File[],
  names: ReadonlySet<string>,
  isPartOfBackup: (file: File) => boolean,
): readonly File[] {
  const finished = files.filter(({ path }) => unfinishedPartOf(path, names) === null);
  return finished.some(isPartOfBackup) ? finished : files;
}
