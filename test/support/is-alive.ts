import * as fs from 'node:fs';

/** Whether a process runs. */
export function isAlive(pid: number): boolean {
  try {
    // A process that has ended and was not asked for its exit code yet is a zombie, and as good as gone.
    return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
