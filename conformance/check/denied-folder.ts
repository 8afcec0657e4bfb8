import path from 'node:path';
import type { RunResult } from '../driver/client-driver.ts';
import type { RunRecord } from '../journal/evidence.ts';
import type { ScenarioRunOptions } from './scenario-run-options.ts';

/** How programs say that the system has refused them something. */
const refusal = /permission denied|\bEACCES\b|PermissionError|AccessDenied/i;

/**
 * Which of the folders that the kit has made for a client the system denied it, by what the client said on stderr when it
 * failed: those are the folders of the user that runs the check, and a client that turns itself into another one (sudo, su, an
 * image) has no way in. Absent where there is none, and where the client runs as a user that was given folders of its own.
 */
export function deniedFolderOf(
  { exitCode, stderr }: RunResult,
  { folder, clientUser }: Pick<ScenarioRunOptions, 'folder' | 'clientUser'>,
): Pick<RunRecord, 'deniedFolder'> {
  if (exitCode === 0 || clientUser !== undefined) return {};
  const line = stderr.split('\n').find((each) => refusal.test(each) && each.includes(folder));
  if (line === undefined) return {};
  const names = [
    ['backup', 'BACKUP_DIR'],
    ['state', 'BACKUP_STATE_DIR'],
    ['tmp', 'TMPDIR'],
  ] as const;
  const [, name = "the server's files"] = names.find(([part]) => line.includes(path.join(folder, part))) ?? [];
  return { deniedFolder: name };
}
