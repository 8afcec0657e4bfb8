import { spawn } from 'node:child_process';
import { AxonError } from '../../server/index.ts';

/**
 * The `--restore` command: it is given to a shell, with `BACKUP_DIR` to read and `RESTORE_DIR` to fill with plain files.
 * One that fails is a failure of the check itself: there is nothing to judge.
 */
export function unpackWith(
  command: string,
  environment: Readonly<Record<string, string | undefined>>,
): (backupDir: string, restoreDir: string) => Promise<void> {
  return (backupDir, restoreDir) =>
    new Promise((resolve, reject) => {
      const child = spawn(command, {
        shell: true,
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { ...environment, BACKUP_DIR: backupDir, RESTORE_DIR: restoreDir },
      });
      const stderr: Buffer[] = [];
      child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
      child.on('error', reject);
      child.on('close', (code) => {
        if (code === 0) return resolve();
        const text = Buffer.concat(stderr).toString('utf8').trim();
        reject(new AxonError('restore-command-failed', `--restore ended with ${code}: ${text.slice(-500)}`));
      });
    });
}
