import type { RandomStream } from '../../server/time-and-chance/random.ts';
import type { BackupTree } from './backup-tree.ts';
import type { Bases } from './bases.ts';

/** Plain data, so that a recipe is JSON that a person can read and change. */
export type Arguments = Readonly<Record<string, string | number | boolean>>;

/** One thing that is done to a backup: by which mutator, and where. */
export type Step = { readonly do: string } & Arguments;

/** One way to damage, forge, or pack a backup. */
export interface Mutator<Given extends Arguments = Arguments> {
  readonly name: string;
  /** Chooses where and how; null where there is nothing that it could be done to. */
  readonly draw: (tree: BackupTree, random: RandomStream, bases: Bases) => Given | null;
  /** Does it to the tree. Where what it names is not there any more, nothing happens. */
  readonly apply: (tree: BackupTree, given: Given, bases: Bases) => void | Promise<void>;
  /**
   * True where whole files go or get another name, so that what is left may be a whole backup of less. Damage to bytes is
   * none such: what it hides must be noticed.
   */
  readonly takesAway?: boolean | ((given: Given) => boolean);
}

/** The mutators of one file of this room, their arguments forgotten. */
export function mutator<Given extends Arguments>(own: Mutator<Given>): Mutator {
  return own as unknown as Mutator;
}

/** One of them by chance; fails on an empty list. */
export function pick<Item>(random: RandomStream, items: readonly Item[]): Item {
  return items[random.integer(0, items.length - 1)] as Item;
}

/** Numbers at which counting goes wrong. */
export const edgeValues: readonly bigint[] = [
  0n,
  1n,
  -1n,
  2n,
  -2n,
  127n,
  128n,
  255n,
  256n,
  32_767n,
  32_768n,
  65_535n,
  2n ** 24n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 31n + 1n,
  -(2n ** 31n),
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 40n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 63n - 1n,
  -(2n ** 63n),
];

/** Writes a whole number into a field of 1 to 8 bytes, as many of its lowest bits as fit. */
export function writeNumber(
  bytes: Buffer,
  at: number,
  widthBytes: number,
  value: bigint,
  isLittleEndian = false,
): void {
  let left = BigInt.asUintN(64, value);
  for (let place = 0; place < widthBytes; place++) {
    const offset = isLittleEndian ? at + place : at + widthBytes - 1 - place;
    if (offset < bytes.length) bytes[offset] = Number(left & 0xffn);
    left >>= 8n;
  }
}
