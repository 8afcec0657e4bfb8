import type { RandomStream } from '../../../server/time-and-chance/random.ts';
import { changeBytes, fileAt, filesOf, type BackupTree } from '../backup-tree.ts';
import { mutator, pick, type Mutator } from '../step.ts';
import { mendTarChecksum, packAttributes, tarFields, tarHeadersIn, type TarField } from '../tar.ts';

/* What the headers of a tar say. With a checksum that is right again it passes whoever looks at that alone. */

/** As characters of one byte each. */
const numbers: readonly string[] = [
  '00000000000\0',
  '77777777777\0',
  '00000000001\0',
  '00000001000\0',
  '           \0',
  '-0000000001\0',
  '0x000000001\0',
  '9999999999\0\0',
  '0000000000 7',
  '\x80\0\0\0\0\0\0\0\0\0\0\x01',
  '\x80\0\0\0\0\0\0\0\0\0\0\0',
  '\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff',
  '\x80\0\0\0\x80\0\0\0\0\0\0\0',
  '\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff',
  '\xff\xff\xff\xff\x80\0\0\0\0\0\0\0',
  '\x81\0\0\0\0\0\0\0\0\0\0\x09',
  '\0\0\0\0\0\0\0\0\0\0\0\0',
  '8888',
  ' 12 34',
];
const types = [
  '0',
  '\0',
  '1',
  '2',
  '3',
  '4',
  '5',
  '6',
  '7',
  'x',
  'g',
  'L',
  'K',
  'S',
  'V',
  'D',
  'N',
  'M',
  'A',
  'Z',
  '\xff',
] as const;
const names = [
  '',
  '/',
  '.',
  '..',
  '../../x',
  'a/../b',
  '\xff',
  'x\ny',
  'x'.repeat(100),
  '00000000000000000000.events',
] as const;
const attributes = [
  ['size', '-1'],
  ['size', ''],
  ['size', '0'],
  ['size', '1'],
  ['size', '512'],
  ['size', '999999999999999'],
  ['size', '1e3'],
  ['size', ' 5'],
  ['mtime', ''],
  ['mtime', 'x'],
  ['mtime', '-1'],
  ['mtime', '1e400'],
  ['mtime', '9999999999999'],
  ['mtime', '.5'],
  ['mtime', '1.'],
  ['path', ''],
  ['path', '/'],
  ['path', '__proto__'],
  ['path', '00000000000000000000.events'],
  ['path', 'a\0b'],
  ['linkpath', ''],
  ['__proto__', 'x'],
  ['constructor', 'x'],
  ['GNU.sparse.major', '1'],
  ['GNU.sparse.major', '0'],
  ['GNU.sparse.realsize', '0'],
  ['GNU.sparse.realsize', '999999999999'],
  ['GNU.sparse.realsize', '268435456'],
  ['GNU.sparse.name', ''],
  ['GNU.sparse.name', '../x'],
  ['GNU.sparse.map', '0,512'],
  ['GNU.sparse.size', '5'],
  ['GNU.sparse.numblocks', '999999999'],
  ['SCHILY.realsize', '5'],
  ['hdrcharset', 'BINARY'],
] as const;

export const tarMutators: readonly Mutator[] = [
  mutator<{ file: string; header: number; field: string; value: string; mends: boolean }>({
    name: 'tar-field',
    draw: (tree, random) => {
      const found = oneHeader(tree, random);
      if (found === null) return null;
      const field = pick(random, Object.keys(tarFields) as TarField[]);
      return { ...found, field, value: pick(random, valuesOf(field)), mends: random.fraction() < 0.85 };
    },
    apply: (tree, { file, header, field, value, mends }) =>
      changeBytes(tree, file, (tar) => {
        const at = tarHeadersIn(tar)[header];
        if (at === undefined) return tar;
        const { at: offset, widthBytes } = tarFields[field as TarField];
        if (field === 'name' || field === 'linkname') tar.fill(0, at + offset, at + offset + widthBytes);
        tar.write(value, at + offset, widthBytes, 'latin1');
        if (mends) mendTarChecksum(tar, at);
        return tar;
      }),
    takesAway: ({ mends }) => mends,
  }),
  mutator<{ file: string; header: number; key: string; value: string; type: string }>({
    name: 'tar-attribute',
    draw: (tree, random) => {
      const found = oneHeader(tree, random);
      if (found === null) return null;
      const [key, value] = pick(random, attributes);
      return { ...found, key, value, type: pick(random, ['x', 'x', 'g']) };
    },
    apply: (tree, { file, header, key, value, type }) =>
      changeBytes(tree, file, (tar) => {
        const at = tarHeadersIn(tar)[header];
        if (at === undefined) return tar;
        // `{ [key]: … }` makes an own property of __proto__, too.
        const added = packAttributes({ [key]: value }, type === 'g' ? 'g' : 'x');
        return Buffer.concat([tar.subarray(0, at), ...added, tar.subarray(at)]);
      }),
    takesAway: true,
  }),
  mutator<{ file: string; header: number; text: string }>({
    name: 'tar-attribute-text',
    draw: (tree, random) => {
      const found = oneHeader(tree, random);
      if (found === null) return null;
      const text = pick(random, [
        '',
        ' ',
        '=',
        '0 a=b\n',
        '3 \n',
        '5 a=\n',
        '6 a=b',
        '-6 a=b\n',
        '6 a=b\n6 a',
        '1e1 abcd=\n',
        '9'.repeat(30),
        '20 GNU.sparse.map=1\n',
      ]);
      return { ...found, text };
    },
    apply: (tree, { file, header, text }) =>
      changeBytes(tree, file, (tar) => {
        const at = tarHeadersIn(tar)[header];
        if (at === undefined || tar.toString('latin1', at + 156, at + 157) !== 'x') return tar;
        tar.subarray(at + 512, at + 1024).fill(0);
        if (at + 512 < tar.length) tar.write(text, at + 512, 'latin1');
        return tar;
      }),
    takesAway: true,
  }),
];

function valuesOf(field: TarField): readonly string[] {
  if (field === 'type') return types;
  if (field === 'name' || field === 'linkname') return names;
  if (field === 'magic') return ['ustar  \0', 'ustar\x0000', '\0\0\0\0\0\0\0\0', 'ustar\x0099'];
  if (field === 'sparseExtended') return ['\0', '\x01', '1', '\xff'];
  return numbers;
}

function oneHeader(tree: BackupTree, random: RandomStream): { readonly file: string; readonly header: number } | null {
  const files = filesOf(tree, /\.tar$/);
  if (files.length === 0) return null;
  const file = pick(random, files);
  const count = tarHeadersIn(fileAt(tree, file)?.bytes ?? Buffer.alloc(0)).length;
  return count === 0 ? null : { file, header: random.integer(0, count - 1) };
}
