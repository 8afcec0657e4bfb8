import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';

/** `started`: when it began, in the system's own unit since the machine was started. */
export type ProcessState =
  | { readonly state: 'gone' | 'unknown' }
  | { readonly state: 'living'; readonly started: bigint };

/**
 * What the system says of a process number now. One that has ended and waits to be asked how is gone; one that lives where
 * the system does not tell when it began is unknown.
 */
export function stateOf(pid: number): ProcessState {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return { state: 'gone' };
  }
  try {
    return parseStat(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    // It has ended in between, or there is no /proc, or not for us.
    return { state: 'unknown' };
  }
}

/**
 * When a process began, as a text that no later process of the same number has, not even after a restart of the machine: on
 * Linux the boot and the ticks since then, elsewhere what `ps` says. Null where there is no such process, or the system
 * does not tell.
 */
export function startOfProcess(pid: number): string | null {
  const found = stateOf(pid);
  if (found.state !== 'living') {
    const canAsk = found.state === 'unknown' && !fs.existsSync('/proc/self/stat');
    return canAsk ? startByPs(pid) : null;
  }
  try {
    return `${fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${found.started}`;
  } catch {
    return null;
  }
}

/** A line of `proc(5)`. The second field, the name, may hold anything; it ends at the last bracket. */
export function parseStat(line: string): ProcessState {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  // Fields 3 and 22.
  const [state = '', started = ''] = [fields[0], fields[19]];
  if (!/^\d{1,20}$/.test(started)) return { state: 'unknown' };
  return state === 'Z' || state === 'X' ? { state: 'gone' } : { state: 'living', started: BigInt(started) };
}

function startByPs(pid: number): string | null {
  try {
    const options = { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' }, stdio: 'pipe' } as const;
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], options)
      .trim()
      .replaceAll(/\s+/g, '-');
    return text === '' ? null : text;
  } catch {
    return null;
  }
}
