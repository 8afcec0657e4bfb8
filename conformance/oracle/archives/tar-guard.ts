import { ArchiveError } from './archive-entry.ts';
import { requireSoundPax } from './tar-pax.ts';

/*
 * What is looked at before a tar is given to the library, which takes a number that is none for one that comes later, and
 * waits for it. Each header is a block of 512 bytes:
 *
 *   name @0, 100 bytes · size @124, 12 bytes · modification time @136, 12 bytes · checksum @148, 8 bytes · type @156
 *
 * A number is octal text that a space or a zero byte ends; or its first byte is 0x80 (not negative) or 0xFF (negative), and
 * the others are it, the highest first. The data follows, filled up to whole blocks; a folder has none, whatever its size says.
 */

const BLOCK_BYTES = 512;
/** Milliseconds on either side of 1970 that a Date can hold, in seconds. */
const MOST_SECONDS = 8_640_000_000_000;
/** Names and attributes of one file; the library refuses more. */
const MOST_HEADER_BYTES = 4 * 1024 ** 2;

const folder = '5';
const paxTypes: ReadonlySet<string> = new Set(['x', 'g']);
const longNameTypes: ReadonlySet<string> = new Set(['L', 'K', 'N']);

/**
 * Goes through all headers of a tar. Fails with an ArchiveError that names the file and the offset where a size or a time is
 * no number, is negative, or leads beyond the end, where a checksum is wrong, and where the tar has no end. `take` is called for each that is
 * no folder's, and stands before no other one; it may fail.
 */
export function requireSoundTar(archive: Buffer, take: () => void): void {
  let paxSize: number | null = null;
  let globalPaxSize: number | null = null;
  let isEnded = false;
  let hasEnd = false;
  for (let at = 0; at + BLOCK_BYTES <= archive.length;) {
    const header = archive.subarray(at, at + BLOCK_BYTES);
    isEnded = checksumOf(header) === 8 * 0x20;
    if (isEnded) {
      at += BLOCK_BYTES;
      hasEnd = true;
      continue;
    }
    const name = nameOf(header);
    const fail = (what: string): never => {
      throw new ArchiveError(`it is damaged at offset ${at}: ${what}${name === '' ? '' : ` of ${name}`}`);
    };
    if (readNumber(header, 148, 8) !== checksumOf(header)) {
      // What stands there is no name then, and perhaps no text.
      if (hasEnd) throw new ArchiveError(`behind its end, from offset ${at} on, is something else than a file`);
      fail('the checksum of the header');
    }
    const seconds = readNumber(header, 136, 12);
    if (seconds === null || Math.abs(seconds) > MOST_SECONDS) fail('the modification time is no number, in the header');
    const ownSize = readNumber(header, 124, 12);
    if (ownSize === null || ownSize < 0) return fail('the size is no number, in the header');
    const type = header.toString('latin1', 156, 157);
    const isExtension = paxTypes.has(type) || longNameTypes.has(type);
    if (!isExtension && type !== folder) take();
    const size: number = isExtension ? ownSize : (paxSize ?? globalPaxSize ?? ownSize);
    const dataAt = at + BLOCK_BYTES;
    if (type !== folder && dataAt + size > archive.length) {
      throw new ArchiveError(
        `it is cut short: ${name} at offset ${at} has ${size} bytes, and ${archive.length - dataAt} are there`,
      );
    }
    if (isExtension && size > MOST_HEADER_BYTES)
      fail(`more than ${MOST_HEADER_BYTES} bytes of attributes, in the header`);
    if (paxTypes.has(type)) {
      const found = requireSoundPax(archive.subarray(dataAt, dataAt + size), at);
      if (type === 'g') globalPaxSize = found.sizeBytes;
      else paxSize = found.sizeBytes;
    } else if (!isExtension) paxSize = null;
    at = dataAt + (type === folder ? 0 : Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES);
  }
  // Two blocks by the standard; nobody writes less than one. Broken off between two files, a tar has none, and no file is missing in it.
  if (!isEnded) throw new ArchiveError('it is cut short: the zeros that end a tar are missing');
}

/** The sum of all bytes, those of the checksum itself taken for spaces. */
function checksumOf(header: Buffer): number {
  let sum = 8 * 0x20;
  for (let at = 0; at < 148; at++) sum += header[at] ?? 0;
  for (let at = 156; at < BLOCK_BYTES; at++) sum += header[at] ?? 0;
  return sum;
}

function nameOf(header: Buffer): string {
  return header.toString('utf8', 0, 100).replace(/\0.*$/s, '');
}

/** Null where it is no number, or one beyond what can be counted with. An empty field is 0. */
export function readNumber(header: Buffer, at: number, lengthBytes: number): number | null {
  const field = header.subarray(at, at + lengthBytes);
  const first = field[0] ?? 0;
  if (first < 0x80) return readOctal(field.toString('latin1'));
  if (first !== 0x80 && first !== 0xff) return null;
  let value = first === 0xff ? -1n : 0n;
  for (const byte of field.subarray(1)) value = (value << 8n) | BigInt(byte);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : null;
}

function readOctal(text: string): number | null {
  const match = /^ *(?<digits>[0-7]*)(?:[ \0]|$)/.exec(text);
  // Zero bytes may stand before the digits, as some writers have it.
  const digits = match?.groups?.['digits'] ?? /^[ \0]*(?<late>[0-7]*)[ \0]*$/.exec(text)?.groups?.['late'];
  if (digits === undefined) return null;
  const number = digits === '' ? 0 : Number.parseInt(digits, 8);
  return Number.isSafeInteger(number) ? number : null;
}
