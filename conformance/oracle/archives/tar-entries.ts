import type { Header } from 'tar-stream';
import { ArchiveError, normalizeEntryName, rangeOf, type ArchiveEntry } from './archive-entry.ts';
import { requireSoundTar } from './tar-guard.ts';
import { tarParser } from './tar-parser.ts';
import { readSparse } from './tar-sparse.ts';

const HEADER_BYTES = 512;

/** True where the first header has tar's mark; ancient tars have none, they are known by their names alone. */
export function isTar(bytes: Buffer): boolean {
  return bytes.length >= 512 && bytes.toString('latin1', 257, 262) === 'ustar';
}

/**
 * The files in a tar; folders and devices are left out, hard links are what they link to. Of two entries of one name
 * the later one counts, as when it is unpacked. `take` is called for each file before any of them is taken into memory, and may
 * fail. Fails with an ArchiveError.
 */
export async function readTarEntries(archive: Buffer, take: () => void): Promise<ArchiveEntry[]> {
  requireSoundTar(archive, take);
  const entries = new Map<string, ArchiveEntry>();
  const add = (header: Header, dataAt: number): void => {
    const entry = entryOf(header, dataAt, archive, entries);
    if (entry === null) return;
    entries.delete(entry.name);
    entries.set(entry.name, entry);
  };
  await readHeaders(archive, add);
  return [...entries.values()];
}

function readHeaders(archive: Buffer, add: (header: Header, dataAt: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      const reason = error instanceof Error ? error.message : String(error);
      reject(error instanceof ArchiveError ? error : new ArchiveError(`it is no whole tar: ${reason}`));
    };
    const parser = tarParser();
    parser.on('entry', (header, content, next) => {
      try {
        add(header, content.offset + HEADER_BYTES);
      } catch (error) {
        fail(error);
      }
      // Whatever size a folder has in its header, it has no data, and for that the parser would wait for ever.
      if (header.type === 'directory') {
        setImmediate(next);
        return;
      }
      content.on('end', next);
      content.on('error', fail);
      content.resume();
    });
    parser.on('finish', resolve);
    parser.on('error', fail);
    parser.end(archive);
  });
}

function entryOf(
  header: Header,
  dataAt: number,
  archive: Buffer,
  before: ReadonlyMap<string, ArchiveEntry>,
): ArchiveEntry | null {
  const { size, type, linkname } = header;
  const modifiedMs = header.mtime.getTime();
  const name = normalizeEntryName(header.name);
  if (type === 'link') {
    const target = before.get(normalizeEntryName(linkname));
    if (target === undefined) throw new ArchiveError(`${name} is a link to what is not in it`);
    return { ...target, name };
  }
  const pax = (header.pax ?? {}) as Readonly<Record<string, string>>;
  const sparse = readSparse(archive, dataAt, size, pax);
  if (sparse !== null)
    return { modifiedMs, isPart: false, ...sparse, name: normalizeEntryName(sparse.name ?? header.name) };
  // Of other kinds there is no data, or nobody knows how it lies.
  if (type !== 'file' && type !== 'contiguous-file') return null;
  return { name, sizeBytes: size, modifiedMs, isPart: true, extract: (bytes) => rangeOf(bytes, dataAt, size, name) };
}
