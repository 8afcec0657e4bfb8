import * as fs from 'node:fs';
import path from 'node:path';
import { startOfProcess, stateOf } from '../../folders/process-state.ts';
import { AxonError } from '../errors.ts';
import type { DataDir } from '../stores/data-dir.ts';

/** A data folder that this process has for itself. */
export interface DataFolderLock {
  release(): void;
}

/** Who holds a folder, as it stands in the lock file: `<number> <start>`. */
interface Owner {
  readonly pid: number;
  /** Null where the system did not tell, or where an earlier release wrote the file. */
  readonly start: string | null;
}

/** A number has at most ten digits, a start some fifty characters. Whatever is longer is no lock of ours. */
const MOST_BYTES = 200;

/** Folders that this process holds: its own number in a lock file may as well be that of a process before it. */
const held = new Set<string>();

/**
 * Two processes on one folder would ruin it. A lock whose process is gone was left by one that was killed, and is taken
 * over, also where another process has its number by now: they began at different times. Processes of other machines, and
 * of other containers, cannot be seen. Fails with `data-folder-unusable`.
 */
export function lockDataFolder(dataDir: DataDir): DataFolderLock {
  const folder = dataDir.folder('simulator');
  const file = path.join(folder, 'lock');
  const mine = path.join(folder, `lock.${process.pid}`);
  const text = `${[process.pid, startOfProcess(process.pid)].join(' ').trim()}\n`;
  if (held.has(dataDir.root)) throw inUse(dataDir.root, file, { pid: process.pid, start: null });
  try {
    fs.writeFileSync(mine, text);
    while (!claim(mine, file)) {
      const found = readLock(file);
      const owner = found === null ? null : parseOwner(found);
      if (owner !== null && isAlive(owner)) throw inUse(dataDir.root, file, owner);
      if (found !== null) removeLeft(file, found, `${mine}.left`);
    }
  } catch (error) {
    if (error instanceof AxonError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AxonError('data-folder-unusable', `cannot lock ${dataDir.root}: ${reason}`, { cause: error });
  } finally {
    fs.rmSync(mine, { force: true });
  }
  held.add(dataDir.root);
  return {
    release: () => {
      held.delete(dataDir.root);
      if (readLock(file) === text) fs.rmSync(file, { force: true });
    },
  };
}

/** The lock appears with its owner in it, or not at all. */
function claim(mine: string, file: string): boolean {
  try {
    fs.linkSync(mine, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Null where it is gone by now. */
function readLock(file: string): string | null {
  const fd = openExisting(file);
  if (fd === null) return null;
  try {
    const bytes = Buffer.alloc(MOST_BYTES);
    return bytes.toString('utf8', 0, fs.readSync(fd, bytes, 0, MOST_BYTES, 0));
  } finally {
    fs.closeSync(fd);
  }
}

function openExisting(file: string): number | null {
  try {
    return fs.openSync(file, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Takes away a lock that was left. Somebody else may have done so, and have put their own there: what is taken away is
 * looked at once more, and put back where it is another one.
 */
function removeLeft(file: string, left: string, aside: string): void {
  try {
    fs.renameSync(file, aside);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw error;
  }
  if (readLock(aside) !== left) claim(aside, file);
  fs.rmSync(aside, { force: true });
}

/** Null for what no process of ours has written. */
function parseOwner(text: string): Owner | null {
  const match = /^(?<pid>[1-9]\d{0,9})(?: (?<start>\S+))?\s*$/.exec(text);
  if (match?.groups === undefined) return null;
  return { pid: Number(match.groups['pid']), start: match.groups['start'] ?? null };
}

/** Whether that very process runs; where nobody can tell one from another, whether there is one of that number. */
function isAlive({ pid, start }: Owner): boolean {
  if (stateOf(pid).state === 'gone') return false;
  const startNow = startOfProcess(pid);
  if (start !== null && startNow !== null) return start === startNow;
  // Our own number, in a lock that is not ours, is that of a process before us.
  return pid !== process.pid;
}

function inUse(root: string, file: string, { pid, start }: Owner): AxonError {
  const message = `${root} is in use by process ${pid}: stop it, or name another folder`;
  const isSure = start !== null || pid === process.pid;
  const advice = `; if process ${pid} is something else, which took the number of one that was killed, remove ${file}`;
  return new AxonError('data-folder-unusable', isSure ? message : message + advice);
}
