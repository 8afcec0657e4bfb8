import * as fs from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';

/** Changes the bytes of a file in place; what `change` returns, if anything, replaces them. */
export function damage(file: string, change: (bytes: Buffer) => Buffer | void): void {
  const bytes = fs.readFileSync(file);
  fs.writeFileSync(file, change(bytes) ?? bytes);
}

interface Damage {
  /** Which of the folder's files, counted around. */
  readonly file: number;
  readonly kind: 'overwrite' | 'cut' | 'empty' | 'remove' | 'copy' | 'folder';
  /** Where, as a share of the file's length. */
  readonly place: number;
  readonly bytes: Uint8Array;
}

/** What can happen to the files of a folder while nobody looks. */
export const damages: fc.Arbitrary<Damage[]> = fc.array(
  fc.record({
    file: fc.nat(50),
    kind: fc.constantFrom('overwrite', 'overwrite', 'overwrite', 'cut', 'empty', 'remove', 'copy', 'folder'),
    place: fc.integer({ min: 0, max: 200 }).map((place) => place / 200),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
  }),
  { minLength: 1, maxLength: 3 },
);

export function doDamage(folder: string, { file, kind, place, bytes }: Damage): void {
  const names = fs.readdirSync(folder).filter((name) => fs.statSync(path.join(folder, name)).isFile());
  const name = names.toSorted()[file % Math.max(1, names.length)];
  if (name === undefined) return;
  const target = path.join(folder, name);
  const other = path.join(folder, names[(file * 7) % names.length] ?? name);
  if (kind === 'remove' || kind === 'folder') fs.rmSync(target);
  if (kind === 'folder') fs.mkdirSync(target);
  if (kind === 'empty') fs.writeFileSync(target, '');
  if (kind === 'copy' && other !== target) fs.copyFileSync(target, other);
  if (kind !== 'overwrite' && kind !== 'cut') return;
  damage(target, (content) => {
    const at = Math.floor(place * content.length);
    if (kind === 'cut') return content.subarray(0, at);
    Buffer.from(bytes).copy(content, at);
    return content;
  });
}
