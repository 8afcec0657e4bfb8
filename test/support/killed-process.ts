import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** Calls by which a process changes the disk, or gets ready to. */
const changes = ['openSync', 'writeSync', 'ftruncateSync', 'futimesSync', 'renameSync', 'rmSync', 'mkdirSync'] as const;

/** A longer write can break off in its middle. */
const UNDIVIDED_BYTES = 8;

class Killed extends Error {}

/**
 * Runs `action` as a process that is killed at its nth change of the disk: that one is not made, or for `half-way` is a
 * write that breaks off, and nothing that the code still tries in its `catch` and `finally` reaches the disk. Returns
 * whether the process lived that long. What it had open is closed, as the system does.
 */
export function runKilled(nth: number, moment: 'before' | 'half-way', action: () => void): boolean {
  const originals = Object.fromEntries([...changes, 'closeSync' as const].map((name) => [name, fs[name]]));
  const { openSync, writeSync, closeSync } = fs;
  const open = new Set<number>();
  let count = 0;
  const killable = (name: string, original: (...values: never[]) => unknown) =>
    function changed(...values: never[]): unknown {
      count += 1;
      if (count === nth && moment === 'half-way' && name === 'writeSync') {
        const [fd, bytes, offset, length, position] = values as unknown as [number, Buffer, number, number, number];
        if (length > UNDIVIDED_BYTES) writeSync(fd, bytes, offset, Math.floor(length / 2), position);
      }
      if (count >= nth) throw new Killed(`killed at change ${nth}`);
      const result = original(...values);
      if (original === openSync) open.add(result as number);
      return result;
    };
  for (const name of changes) Object.assign(fs, { [name]: killable(name, originals[name] as never) });
  Object.assign(fs, {
    closeSync: (fd: number): void => {
      open.delete(fd);
      closeSync(fd);
    },
  });
  syncBuiltinESMExports();
  try {
    action();
  } catch (error) {
    if (count < nth) throw error;
  } finally {
    Object.assign(fs, originals);
    syncBuiltinESMExports();
    for (const fd of open) closeSync(fd);
  }
  return count >= nth;
}
