import { changeBytes, fileAt, filesOf } from '../backup-tree.ts';
import { edgeValues, mutator, pick, writeNumber, type Mutator } from '../step.ts';

/* What the directory and the headers of a zip say, and the trailer of a gz. Numbers are little-endian. */

const signatures = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50 } as const;

type Kind = keyof typeof signatures;

/** Offset and width of each field. */
const fields: Readonly<Record<Kind, Readonly<Record<string, readonly [at: number, widthBytes: number]>>>> = {
  local: {
    flags: [6, 2],
    method: [8, 2],
    checksum: [14, 4],
    packed: [18, 4],
    size: [22, 4],
    'name length': [26, 2],
    'extra length': [28, 2],
  },
  central: {
    flags: [8, 2],
    method: [10, 2],
    time: [12, 4],
    checksum: [16, 4],
    packed: [20, 4],
    size: [24, 4],
    'name length': [28, 2],
    'extra length': [30, 2],
    'comment length': [32, 2],
    offset: [42, 4],
    name: [46, 4],
  },
  end: {
    'entries here': [8, 2],
    entries: [10, 2],
    'directory size': [12, 4],
    directory: [16, 4],
    'comment length': [20, 2],
  },
};

export const zipMutators: readonly Mutator[] = [
  mutator<{ file: string; kind: string; record: number; field: string; value: string }>({
    name: 'zip-field',
    draw: (tree, random) => {
      const files = filesOf(tree, /\.zip$/);
      if (files.length === 0) return null;
      const file = pick(random, files);
      const kind = pick(random, ['local', 'central', 'central', 'end'] as const);
      const count = recordsOf(fileAt(tree, file)?.bytes ?? Buffer.alloc(0), kind).length;
      if (count === 0) return null;
      const value = random.fraction() < 0.3 ? BigInt(random.integer(0, 60)) : pick(random, edgeValues);
      return {
        file,
        kind,
        record: random.integer(0, count - 1),
        field: pick(random, Object.keys(fields[kind])),
        value: value.toString(),
      };
    },
    apply: (tree, { file, kind, record, field, value }) =>
      changeBytes(tree, file, (zip) => {
        const at = recordsOf(zip, kind as Kind)[record];
        const [offset, widthBytes] = fields[kind as Kind][field] ?? [0, 0];
        if (at !== undefined) writeNumber(zip, at + offset, widthBytes, BigInt(value), true);
        return zip;
      }),
    // Names are under no checksum.
    takesAway: ({ field }) => field === 'name' || field === 'name length',
  }),
  mutator<{ file: string; entries: string; directory: string; at: string }>({
    name: 'zip64-end',
    draw: (tree, random) => {
      const files = filesOf(tree, /\.zip$/);
      if (files.length === 0) return null;
      const file = pick(random, files);
      const length = fileAt(tree, file)?.bytes.length ?? 0;
      const value = (): string =>
        pick(random, [...edgeValues, BigInt(length), BigInt(Math.max(0, length - 22))]).toString();
      return {
        file,
        entries: value(),
        directory: value(),
        at: random.fraction() < 0.7 ? String(Math.max(0, length - 22)) : value(),
      };
    },
    apply: (tree, { file, entries, directory, at }) =>
      changeBytes(tree, file, (zip) => {
        const endAt = Math.max(0, zip.length - 22);
        const end = Buffer.alloc(76);
        end.writeUInt32LE(0x06064b50, 0);
        writeNumber(end, 24, 8, BigInt(entries), true);
        writeNumber(end, 32, 8, BigInt(entries), true);
        writeNumber(end, 48, 8, BigInt(directory), true);
        end.writeUInt32LE(0x07064b50, 56);
        writeNumber(end, 64, 8, BigInt(at), true);
        return Buffer.concat([zip.subarray(0, endAt), end, zip.subarray(endAt)]);
      }),
  }),
  mutator<{ file: string; field: string; value: string }>({
    name: 'gzip-trailer',
    draw: (tree, random) => {
      const files = filesOf(tree, /gz$/);
      if (files.length === 0) return null;
      return {
        file: pick(random, files),
        field: pick(random, ['checksum', 'size', 'flags', 'method']),
        value: pick(random, edgeValues).toString(),
      };
    },
    apply: (tree, { file, field, value }) =>
      changeBytes(tree, file, (bytes) => {
        if (bytes.length < 18) return bytes;
        const [at, widthBytes] =
          field === 'checksum'
            ? [bytes.length - 8, 4]
            : field === 'size'
              ? [bytes.length - 4, 4]
              : [field === 'flags' ? 3 : 2, 1];
        writeNumber(bytes, at, widthBytes, BigInt(value), true);
        return bytes;
      }),
  }),
];

function recordsOf(zip: Buffer, kind: Kind): number[] {
  const signature = Buffer.alloc(4);
  signature.writeUInt32LE(signatures[kind]);
  const found: number[] = [];
  for (let at = zip.indexOf(signature); at >= 0; at = zip.indexOf(signature, at + 4)) found.push(at);
  return found;
}
