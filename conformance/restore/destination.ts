import * as fs from 'node:fs';
import path from 'node:path';
import { AxonError, describeSystemFailure } from '../../server/index.ts';
import { RESTORE_RECORD_NAME } from '../oracle/backup/restore-record.ts';

/** Where a backup is laid out: a folder that is not there yet, or an empty one, such as a mounted volume. */
export interface Destination {
  /** Absolute. */
  readonly target: string;
  /** On the same disk as `target` will be; all that is written goes there first. */
  readonly folder: string;
}

const STAGING = '.being-restored-';
/** Lies in the folder from its beginning: files are laid into a new one of its name without a word. */
const MARK = '.begun';

/** What an empty file system has. */
const ofFileSystem = new Set(['lost+found']);

/** Fails with `bad-option` where `to` holds something, cannot be written, or is to lie in a folder that is not there. */
export function findDestination(to: string): Destination {
  try {
    return lookAt(path.resolve(to), to);
  } catch (error) {
    if (error instanceof AxonError) throw error;
    throw new AxonError('bad-option', `--to: ${to}: ${describeSystemFailure(error)}`);
  }
}

function lookAt(target: string, asCalled: string): Destination {
  const refused = (why: string): AxonError => new AxonError('bad-option', `--to: ${why}`);
  const stands = fs.statSync(target, { throwIfNoEntry: false });
  if (stands !== undefined && !stands.isDirectory()) throw refused(`${asCalled} is no folder`);
  if (stands === undefined && fs.lstatSync(target, { throwIfNoEntry: false }) !== undefined) {
    throw refused(`${asCalled} is a link that leads nowhere`);
  }
  if (stands === undefined) {
    const folder = path.dirname(target);
    if (!fs.existsSync(folder)) throw refused(`there is no folder ${folder}`);
    requireAccess(folder, fs.constants.W_OK | fs.constants.X_OK);
    return { target, folder };
  }
  requireAccess(target, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK);
  const [first] = contentOf(target);
  if (first === undefined) return { target, folder: target };
  const wayOut = first.includes(STAGING)
    ? 'that is left of a restore that was ended, and can be removed'
    : 'name a folder that is not there yet, or empty it';
  throw refused(`${asCalled} is not empty (${first}): ${wayOut}`);
}

function requireAccess(folder: string, mode: number): void {
  try {
    fs.accessSync(folder, mode);
  } catch (error) {
    throw new AxonError('bad-option', `--to: ${folder}: ${describeSystemFailure(error)}`);
  }
}

/** A new folder beside the destination, or in it where that is there: a volume can neither be renamed nor make way. */
export function openStaging({ target, folder }: Destination): string {
  const staging = fs.mkdtempSync(path.join(folder, `.${path.basename(target)}${STAGING}`));
  fs.writeFileSync(path.join(staging, MARK), '');
  return staging;
}

/** Has all that was staged where it belongs, or nothing: then it fails as the disk does. */
export function settle(staging: string, { target, folder }: Destination): void {
  // Fails where that was removed in the midst of the work: what was laid since would be all that there is.
  fs.rmSync(path.join(staging, MARK));
  if (folder !== target) {
    fs.chmodSync(staging, 0o755);
    // An empty folder makes way; one in which somebody has put something meanwhile does not.
    fs.renameSync(staging, target);
    return;
  }
  if (contentOf(target).some((name) => name !== path.basename(staging))) {
    throw Object.assign(new Error('something has come into it meanwhile'), { code: 'ENOTEMPTY' });
  }
  // What says that the restore is whole comes last.
  const names = fs.readdirSync(staging).toSorted((a, b) => rankOf(a) - rankOf(b));
  const moved: string[] = [];
  try {
    for (const name of names) {
      fs.renameSync(path.join(staging, name), path.join(target, name));
      moved.push(name);
    }
    fs.rmdirSync(staging);
  } catch (error) {
    for (const name of moved) fs.rmSync(path.join(target, name), { recursive: true, force: true });
    throw error;
  }
}

function rankOf(name: string): number {
  return name === RESTORE_RECORD_NAME ? 1 : 0;
}

function contentOf(folder: string): readonly string[] {
  return fs.readdirSync(folder).filter((name) => !ofFileSystem.has(name));
}
