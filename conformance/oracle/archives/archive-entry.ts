/** One file in an archive. */
export interface ArchiveEntry {
  /** Path in the archive, with `/`; it is only a name here, whatever it points at. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Milliseconds since 1970, as the archive has them. */
  readonly modifiedMs: number;
  /** True where what is extracted is a part of the archive's own bytes, and takes no memory of its own. */
  readonly isPart: boolean;
  /** Takes the bytes of the archive (of a tar, unpacked). Fails with an ArchiveError. */
  readonly extract: (archive: Buffer) => Buffer;
}

/** An archive that cannot be read, or must not be; the message says why. */
export class ArchiveError extends Error {}

/** No system takes a longer one. */
const MOST_NAME_CHARACTERS = 32_767;

/** `./a//b\c` → `a/b/c`. Fails with an ArchiveError on what is no name, but only long. */
export function normalizeEntryName(name: string): string {
  if (name.length > MOST_NAME_CHARACTERS) throw new ArchiveError(`a name in it has ${name.length} characters`);
  return name
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

/** The bytes from `offset` on; fails where the archive ends before them. */
export function rangeOf(archive: Buffer, offset: number, sizeBytes: number, what: string): Buffer {
  if (offset + sizeBytes > archive.length) throw new ArchiveError(`it is cut short: ${what} lies beyond its end`);
  return archive.subarray(offset, offset + sizeBytes);
}
