import * as fs from 'node:fs';

/**
 * Opens a file for reading so that its time of access stays: when a client has read a file of the server is told by that
 * time, and what the kit itself reads must not pass for it. Where the system does not let it be, the file is opened all
 * the same. `flags` are further ones of open(2).
 */
export function openUnnoticed(file: string, flags = 0): number {
  const { O_RDONLY, O_NOATIME } = fs.constants;
  try {
    // Linux alone has it, and lets only the owner of a file use it.
    return fs.openSync(file, O_RDONLY | flags | (O_NOATIME ?? 0));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) throw error;
    return fs.openSync(file, O_RDONLY | flags);
  }
}

/** All of its bytes. */
export function readUnnoticed(file: string, flags = 0): Buffer {
  const fd = openUnnoticed(file, flags);
  try {
    return fs.readFileSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}
