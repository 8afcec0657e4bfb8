import * as fs from 'node:fs';
import path from 'node:path';
import { AxonError } from './errors.ts';
import type { DataDir } from './stores/data-dir.ts';

/** A data folder that this process has for itself. */
export interface DataFolderLock {
  release(): void;
}

/** Folders that this process holds: its own number in a lock file may as well be that of a process before it. */
const held = new Set<string>();

/**
 * Two processes on one folder would ruin it. A lock whose process is gone was left by one that was killed, and is taken
 * over. Fails with `data-folder-unusable`.
 */
export function lockDataFolder(dataDir: DataDir): DataFolderLock {
  const folder = dataDir.folder('simulator');
  const file = path.join(folder, 'lock');
  const mine = path.join(folder, `lock.${process.pid}`);
  if (held.has(dataDir.root)) throw inUse(dataDir, process.pid);
  try {
    fs.writeFileSync(mine, `${process.pid}\n`);
    while (!claim(mine, file)) {
      const owner = ownerOf(file);
      if (owner !== null && owner !== process.pid && isAlive(owner)) throw inUse(dataDir, owner);
      fs.rmSync(file, { force: true });
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
      fs.rmSync(file, { force: true });
    },
  };
}

/** The lock appears with its owner's number in it, or not at all. */
function claim(mine: string, file: string): boolean {
  try {
    fs.linkSync(mine, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function ownerOf(file: string): number | null {
  try {
    const owner = Number(fs.readFileSync(file, 'utf8').trim());
    return Number.isSafeInteger(owner) && owner > 0 ? owner : null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function inUse(dataDir: DataDir, owner: number): AxonError {
  return new AxonError(
    'data-folder-unusable',
    `${dataDir.root} is in use by process ${owner}: stop it, or name another folder`,
  );
}
