import { formatSegmentName } from '../formats/segment-name.ts';

/** Some of the names of a listing, in their order. */
export type NameRun =
  | { readonly names: readonly string[] }
  /** Of each segment in turn its unversioned files with these suffixes. */
  | { readonly segments: readonly bigint[]; readonly suffixes: readonly string[] };

/** Names of files in one folder, by the path that the release gives it. */
export interface FolderListing {
  readonly folder: string;
  readonly names: ListedNames;
}

/**
 * The names that a listing answers with. A large store has hundreds of thousands of them, which differ in their numbers
 * alone: they are no strings until somebody asks, and `encodePaths` writes them as bytes.
 */
export class ListedNames {
  readonly runs: readonly NameRun[];
  readonly length: number;

  constructor(runs: readonly NameRun[]) {
    this.runs = runs;
    this.length = runs.reduce((sum, run) => sum + lengthOf(run), 0);
  }

  static of(names: readonly string[]): ListedNames {
    return new ListedNames([{ names }]);
  }
}

function lengthOf(run: NameRun): number {
  return 'names' in run ? run.names.length : run.segments.length * run.suffixes.length;
}

const ZERO = 0x30;
const DIGITS = formatSegmentName(0n, '').length;

/**
 * Absolute paths as a JSON array, in UTF-8; the names hold nothing that JSON would escape. What the paths of a segment share is
 * encoded once, and each segment's are a copy of that with its number written over the zeros.
 */
export function encodePaths(...listings: readonly FolderListing[]): Buffer {
  const parts = listings.flatMap(({ folder, names }) => {
    const start = JSON.stringify(`${folder}/`).slice(0, -1);
    return names.runs.filter((run) => lengthOf(run) > 0).map((run) => encodeRun(start, run));
  });
  if (parts.length === 0) return Buffer.from('[]');
  const array = Buffer.concat([Buffer.from('['), ...parts]);
  // Each path has a comma behind it.
  array[array.length - 1] = ']'.charCodeAt(0);
  return array;
}

/** Each path with a comma behind it; `start` is what stands before each name. */
function encodeRun(start: string, run: NameRun): Buffer {
  if ('names' in run) return Buffer.from(run.names.map((name) => `${start}${name}",`).join(''));
  const { segments, suffixes } = run;
  const paths = suffixes.map((suffix) => Buffer.from(`${start}${formatSegmentName(0n, suffix)}",`));
  const ofOne = Buffer.concat(paths);
  const startBytes = Buffer.byteLength(start);
  let pathAt = 0;
  const numbersAt = paths.map(({ length }) => (pathAt += length) - length + startBytes);
  const bytes = Buffer.allocUnsafe(ofOne.length * segments.length);
  segments.forEach((segment, place) => {
    const at = place * ofOne.length;
    bytes.set(ofOne, at);
    for (const numberAt of numbersAt) writeNumber(bytes, at + numberAt, segment);
  });
  return bytes;
}

/** Over as many zeros as a segment's name has digits. */
function writeNumber(bytes: Buffer, at: number, segment: bigint): void {
  if (segment > Number.MAX_SAFE_INTEGER) {
    bytes.write(formatSegmentName(segment, ''), at, 'latin1');
    return;
  }
  let place = at + DIGITS;
  for (let rest = Number(segment); rest > 0;) {
    const tenth = Math.floor(rest / 10);
    // The digit first: a number near 2^53 with 48 on top is no longer exact.
    bytes[--place] = rest - tenth * 10 + ZERO;
    rest = tenth;
  }
}
