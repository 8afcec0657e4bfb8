import * as fs from 'node:fs';
import path from 'node:path';
import { formatOwner, parseOwner, thisOwner, type Owner } from './owner.ts';

/**
 * What it is for: `check`, `verify` and `serve` (the files of a cluster that nobody has named a folder for) are cleared
 * away, `kept` and `demo` are left for a person to look at.
 */
export type Purpose = 'check' | 'verify' | 'serve' | 'kept' | 'demo';

/** A temporary folder of the kit, by its name alone. */
export interface NamedFolder {
  readonly purpose: Purpose;
  readonly owner: Owner;
}

/**
 * Makes a new folder in `place` that nobody but this user may look into. Its name says what it is for and whose it is, from
 * the moment on at which it is there: what a killed process leaves can be told from what a living one uses.
 */
export function makeTemporaryFolder(place: string, purpose: Purpose): string {
  return fs.mkdtempSync(path.join(place, `axon-backup-kit-${purpose}-${formatOwner(thisOwner())}-`));
}

/** Null for a name that no `makeTemporaryFolder` has given. */
export function parseFolderName(name: string): NamedFolder | null {
  const match = /^axon-backup-kit-(check|verify|serve|kept|demo)-(.+)-[A-Za-z0-9]{6}$/.exec(name);
  const owner = parseOwner(match?.[2] ?? '');
  return owner === null ? null : { purpose: match?.[1] as Purpose, owner };
}
