import { basename, dirname } from 'node:path/posix';
import type { PlacedFile } from './classify.ts';
import type { Leaf } from './leaf.ts';

/** A file with its place in the backup. */
export interface PlacedLeaf extends PlacedFile {
  readonly leaf: Leaf;
}

export function placeLeaf(leaf: Leaf): PlacedLeaf {
  return { path: pathOf(leaf.source.path, leaf.within), container: containerOf(leaf), traits: leaf.traits, leaf };
}

export function nameOfLeaf({ source, within }: Leaf): string {
  return basename(within.at(-1) ?? source.path);
}

/**
 * What a file lies in as, once the wrappings of single files are taken off: its path in the innermost archive, or in the
 * backup folder, and the path of that archive, if there is one.
 */
export function holderOf({ source, within, wrappings }: Leaf): {
  readonly inner: string;
  readonly archive: string | null;
} {
  let depth = within.length;
  while (depth > 0 && wrappings[depth - 1] === true) depth--;
  const inner = within[depth - 1];
  if (inner === undefined) return { inner: source.path, archive: null };
  return { inner, archive: pathOf(source.path, within.slice(0, depth - 1)) };
}

/** The folder of a file; in an archive the folder in it. What wraps a single file is no folder. */
function containerOf(leaf: Leaf): string {
  const { inner, archive } = holderOf(leaf);
  const folder = dirname(inner);
  if (archive === null) return folder;
  return folder === '.' ? archive : `${archive}!${folder}`;
}

function pathOf(file: string, within: readonly string[]): string {
  return [file, ...within].join('!');
}
