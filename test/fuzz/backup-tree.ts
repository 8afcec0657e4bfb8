/**
 * A backup as it will lie on the disk, in memory. In a path each character is one byte of the name (latin1), so that names
 * may have bytes that are no text; `/` parts folders.
 */
export type BackupTree = Map<string, TreeEntry>;

export type TreeEntry =
  | { readonly kind: 'file'; readonly bytes: Buffer; readonly modifiedMs: number }
  /** A symbolic link. */
  | { readonly kind: 'link'; readonly to: string }
  | { readonly kind: 'pipe' }
  | { readonly kind: 'folder' };

export type TreeFile = Extract<TreeEntry, { readonly kind: 'file' }>;

/** Paths of the files whose path matches, in the order of the tree. */
export function filesOf(tree: BackupTree, matching: RegExp = /./s): string[] {
  return [...tree].filter(([path, { kind }]) => kind === 'file' && matching.test(path)).map(([path]) => path);
}

/** Null where there is no such file: a step before it may have taken it away. */
export function fileAt(tree: BackupTree, path: string): TreeFile | null {
  const entry = tree.get(path);
  return entry?.kind === 'file' ? entry : null;
}

/** Gives a file other bytes; of a path that is no file nothing is made. */
export function changeBytes(tree: BackupTree, path: string, change: (bytes: Buffer) => Buffer): void {
  const file = fileAt(tree, path);
  if (file !== null) tree.set(path, { ...file, bytes: change(Buffer.from(file.bytes)) });
}
