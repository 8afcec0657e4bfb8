import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';

/**
 * Removes a folder that a client has had in its hands, and with it what was made read-only, or nested deeper than a path can
 * name. Returns null; or, where something stays, why.
 */
export function removeFolder(folder: string): string | null {
  try {
    fs.rmSync(folder, { recursive: true, force: true });
    return null;
  } catch {
    // Folders alone are made writable: a file may be a link to one that is somebody else's.
    spawnSync('find', [folder, '-type', 'd', '!', '-perm', '-700', '-exec', 'chmod', 'u+rwx', '{}', ';']);
    // It goes from folder to folder, and needs no path that names the deepest.
    const { status, error, stderr } = spawnSync('rm', ['-rf', '--', folder], { encoding: 'utf8' });
    if (status === 0) return null;
    return `${folder} (${error?.message ?? stderr.trim().split('\n')[0] ?? 'rm failed'})`;
  }
}
