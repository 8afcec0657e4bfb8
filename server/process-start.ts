import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';

/**
 * When a process began, as a text that no later process of the same number has: on Linux the boot and the ticks since
 * then, elsewhere what `ps` says. Null where there is no such process, or the system does not tell.
 */
export function startOfProcess(pid: number): string | null {
  return fs.existsSync('/proc/self/stat') ? startInProc(pid) : startByPs(pid);
}

function startInProc(pid: number): string | null {
  try {
    const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may hold anything; the start is the 22nd field, the 20th behind it.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return ticks === undefined ? null : `${boot}/${ticks}`;
  } catch {
    return null;
  }
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
