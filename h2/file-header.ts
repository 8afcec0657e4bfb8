import { countOf, latin1, parseChecksummedAttributes, parseHexadecimal } from './attributes.ts';
import { H2Failure } from './failure.ts';

/*
 * A file is made of blocks of 4,096 bytes. The first two say the same thing twice, since a write can fail half-way:
 *
 *   0      H:2,block:5,blockSize:1000,chunk:3,clean:1,created:…,format:3,version:3,fletcher:a67942a6\n 00 00 …
 *   4096   the same
 *   8192   the first chunk
 *
 * `chunk`, `block`, `version` name a chunk that was among the newest when the header was written; `clean` is there
 * after an orderly end. The checksum is over the text before `,fletcher`.
 */

export const blockSize = 4096;
export const firstChunkBlock = 2;

export interface FileHeader {
  /** 1: H2 1.4; 2: 2.0 and 2.1; 3: from 2.2 on. */
  readonly format: 1 | 2 | 3;
  readonly version: bigint;
  /** The chunk that the header names; null in a store into which nothing was ever written. */
  readonly named: { readonly id: number; readonly block: number } | null;
  readonly isClean: boolean;
  /** Where in the file it stands. */
  readonly offset: number;
}

/** The whole ones of both headers. Fails where neither is, saying what the file is instead. */
export function readFileHeaders(bytes: Uint8Array): readonly FileHeader[] {
  refuseOtherFiles(bytes);
  const headers = [0, blockSize].flatMap((offset) => {
    const attributes = parseChecksummedAttributes(bytes.subarray(offset, offset + blockSize));
    return attributes === null ? [] : [decodeHeader(attributes, offset)];
  });
  if (headers.length > 0) return headers;
  if (bytes.length < 2 * blockSize) {
    throw new H2Failure('truncated', bytes.length, 'The file ends within its headers');
  }
  throw new H2Failure('damaged', 0, 'Neither of the two file headers has the checksum that it states');
}

function decodeHeader(attributes: ReadonlyMap<string, string>, offset: number): FileHeader {
  const size = countOf(attributes, 'blockSize', blockSize);
  const written = countOf(attributes, 'format', 1);
  const format = countOf(attributes, 'formatRead', written);
  if (size !== blockSize || (format !== 1 && format !== 2 && format !== 3)) {
    throw new H2Failure('unsupported-format', offset, `Format ${format} with blocks of ${size} bytes is not read here`);
  }
  const version = parseHexadecimal(attributes.get('version') ?? '0');
  const id = countOf(attributes, 'chunk', 0);
  const block = countOf(attributes, 'block', firstChunkBlock);
  const clean = countOf(attributes, 'clean', 0);
  if (version === null || id === null || block === null || clean === null) {
    throw new H2Failure('damaged', offset, 'A file header holds what is no number');
  }
  const named = attributes.has('chunk') && id > 0 ? { id, block } : null;
  // Since format 1 counts chunks from 0 in nothing that is written, no chunk has number 0.
  return { format, version, named, isClean: clean !== 0, offset };
}

function refuseOtherFiles(bytes: Uint8Array): void {
  if (bytes.every((byte) => byte === 0)) {
    const what = bytes.length === 0 ? 'has no bytes' : 'is nothing but zeros';
    throw new H2Failure('empty', 0, `The file ${what}: H2 opens it as a database with nothing in it`);
  }
  const start = latin1(bytes.subarray(0, 16));
  if (start.startsWith('H2encrypt')) throw new H2Failure('encrypted', 0, 'The database is encrypted');
  if (start.startsWith('-- H2 0.5/B --')) {
    throw new H2Failure('unsupported-format', 0, 'The file was written by the page store that H2 had before MVStore');
  }
  // A damaged first header leaves the second, so both have to be foreign.
  const second = latin1(bytes.subarray(blockSize, blockSize + 4));
  if (!start.startsWith('H:2,') && second !== 'H:2,') {
    const isCut = start !== '' && 'H:2,'.startsWith(start);
    throw new H2Failure(isCut ? 'truncated' : 'not-h2', 0, 'The file is no H2 database');
  }
}
