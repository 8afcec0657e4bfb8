/*
 * Tars of any kind, good and bad: what a library would never write. A header is a block of 512 bytes; its fields stand in
 * `tarFields`.
 */

export const BLOCK_BYTES = 512;

export const tarFields = {
  name: { at: 0, widthBytes: 100 },
  mode: { at: 100, widthBytes: 8 },
  size: { at: 124, widthBytes: 12 },
  mtime: { at: 136, widthBytes: 12 },
  checksum: { at: 148, widthBytes: 8 },
  type: { at: 156, widthBytes: 1 },
  linkname: { at: 157, widthBytes: 100 },
  magic: { at: 257, widthBytes: 8 },
  sparseOffset: { at: 386, widthBytes: 12 },
  sparseLength: { at: 398, widthBytes: 12 },
  sparseExtended: { at: 482, widthBytes: 1 },
  sparseRealSize: { at: 483, widthBytes: 12 },
} as const;

export type TarField = keyof typeof tarFields;

/** How the files of a tar are written: as they are, with attributes, without their holes in the old or the new way. */
export type TarStyle = 'ustar' | 'pax' | 'gnu-sparse' | 'pax-sparse' | 'long-names';

export interface TarFile {
  readonly name: string;
  readonly bytes: Buffer;
  readonly modifiedMs: number;
}

export function packTar(files: readonly TarFile[], style: TarStyle): Buffer {
  return Buffer.concat([...files.flatMap((file) => packFile(file, style)), Buffer.alloc(2 * BLOCK_BYTES)]);
}

function packFile(file: TarFile, style: TarStyle): Buffer[] {
  const { name, bytes, modifiedMs } = file;
  const plain = [tarHeader({ name, size: bytes.length, modifiedMs }), blocks(bytes)];
  switch (style) {
    case 'ustar':
      return plain;
    case 'pax':
      return [
        ...packAttributes({ path: name, mtime: String(modifiedMs / 1000), size: String(bytes.length) }),
        ...plain,
      ];
    case 'long-names':
      return [
        tarHeader({ name: '././@LongLink', size: name.length + 1, modifiedMs: 0, type: 'L' }),
        blocks(Buffer.from(`${name}\0`, 'latin1')),
        ...plain,
      ];
    case 'gnu-sparse': {
      const { end } = contentOf(bytes);
      const header = tarHeader({ name, size: end, modifiedMs, type: 'S' });
      writeOctal(header, 386, 12, 0);
      writeOctal(header, 398, 12, end);
      writeOctal(header, 483, 12, bytes.length);
      mendTarChecksum(header, 0);
      return [header, blocks(bytes.subarray(0, end))];
    }
    case 'pax-sparse': {
      const { end } = contentOf(bytes);
      const map = blocks(Buffer.from(`1\n0\n${end}\n`));
      const data = Buffer.concat([map, bytes.subarray(0, end)]);
      const attributes = {
        'GNU.sparse.major': '1',
        'GNU.sparse.minor': '0',
        'GNU.sparse.name': name,
        'GNU.sparse.realsize': String(bytes.length),
      };
      return [
        ...packAttributes(attributes),
        tarHeader({ name: `GNUSparseFile.0/${name}`, size: data.length, modifiedMs }),
        blocks(data),
      ];
    }
  }
}

/** A pax header with these attributes; `type` `g` is for all that follow. */
export function packAttributes(attributes: Readonly<Record<string, string>>, type: 'x' | 'g' = 'x'): Buffer[] {
  const records = Buffer.from(
    Object.entries(attributes)
      .map(([key, value]) => recordOf(key, value))
      .join(''),
    'latin1',
  );
  return [tarHeader({ name: 'PaxHeaders/x', size: records.length, modifiedMs: 0, type }), blocks(records)];
}

function recordOf(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length + 1;
  while (`${length}${rest}`.length !== length) length = `${length}${rest}`.length;
  return `${length}${rest}`;
}

function tarHeader({
  name,
  size,
  modifiedMs,
  type = '0',
}: {
  name: string;
  size: number;
  modifiedMs: number;
  type?: string;
}): Buffer {
  const header = Buffer.alloc(BLOCK_BYTES);
  header.write(name, 0, 100, 'latin1');
  header.write('0000644\0', 100, 'latin1');
  writeOctal(header, 124, 12, size);
  writeOctal(header, 136, 12, Math.max(0, Math.floor(modifiedMs / 1000)));
  header.write(type, 156, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  mendTarChecksum(header, 0);
  return header;
}

function writeOctal(header: Buffer, at: number, widthBytes: number, value: number): void {
  header.write(`${value.toString(8).padStart(widthBytes - 1, '0')}\0`, at, widthBytes, 'latin1');
}

/** Makes the checksum of the header at an offset right. */
export function mendTarChecksum(tar: Buffer, at: number): void {
  tar.fill(0x20, at + 148, at + 156);
  let sum = 0;
  for (let place = at; place < at + BLOCK_BYTES; place++) sum += tar[place] ?? 0;
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148, 'latin1');
}

/** Where headers are: blocks with tar's mark. Data that looks like one is taken for one, too. */
export function tarHeadersIn(tar: Buffer): number[] {
  const found: number[] = [];
  for (let at = 0; at + BLOCK_BYTES <= tar.length; at += BLOCK_BYTES) {
    if (tar.toString('latin1', at + 257, at + 262) === 'ustar') found.push(at);
  }
  return found;
}

function blocks(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((BLOCK_BYTES - (bytes.length % BLOCK_BYTES)) % BLOCK_BYTES)]);
}

function contentOf(bytes: Buffer): { readonly end: number } {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return { end };
}
