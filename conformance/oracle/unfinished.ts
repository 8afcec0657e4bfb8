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

/** Whether a path names something unfinished; `names` are those of contexts and groups, which may be called anything. */
export function isUnfinished(path: string, names: ReadonlySet<string>): boolean {
  return path.split(/[/!]/).some((part) => isMarked.test(part) && !names.has(part));
}

/**
 * What of a backup somebody would restore from. Where nothing finished holds any events, log or control database, the mark
 * means something else, and all of it counts.
 */
export function finishedAmong<File extends { readonly path: string }>(
  files: readonly File[],
  names: readonly string[],
  isPartOfBackup: (file: File) => boolean,
): readonly File[] {
  const known = new Set(names);
  const finished = files.filter(({ path }) => !isUnfinished(path, known));
  return finished.some(isPartOfBackup) ? finished : files;
}
