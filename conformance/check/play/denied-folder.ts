import * as fs from 'node:fs';
import path from 'node:path';
import type { RunResult } from '../../driver/client-driver.ts';
import type { RunRecord } from '../../journal/evidence.ts';
import { isWithin } from '../../journal/within-folder.ts';
import type { ScenarioRunOptions } from './scenario-run-options.ts';

/** How programs say that the system has refused them something. */
const refusal = /permission denied|\bEACCES\b|PermissionError|AccessDenied/i;

/** The client's folders within that of the scenario, by their names. */
const ownFolders = { backup: 'BACKUP_DIR', state: 'BACKUP_STATE_DIR', tmp: 'TMPDIR' } as const;

/**
 * Which of the folders that the kit has made for a client the system denied it, by what the client said on stderr when it
 * failed: those are the folders of the user that runs the check, and a client that turns itself into another one (sudo, su, an
 * image) has no way in. What is denied it of its own files is its own affair, and so is a folder that it has closed itself.
 * Absent where there is none, and where the client runs as a user that was given folders of its own.
 */
export function deniedFolderOf(
  { exitCode, stderr }: Pick<RunResult, 'exitCode' | 'stderr'>,
  { folder, clientUser }: Pick<ScenarioRunOptions, 'folder' | 'clientUser'>,
): Pick<RunRecord, 'deniedFolder'> {
  if (exitCode === 0 || clientUser !== undefined) return {};
  const named = stderr
    .split('\n')
    .filter((line) => refusal.test(line))
    .flatMap((line) => pathsIn(line, folder))
    .flatMap((each) => nameOf(deepestOf(each), folder) ?? []);
  return named[0] === undefined ? {} : { deniedFolder: named[0] };
}

function pathsIn(line: string, folder: string): string[] {
  return line
    .split(folder)
    .slice(1)
    .map((rest) => folder + (/^[^\s'"`‘’:,;()]*/.exec(rest)?.[0] ?? ''));
}

/** As much of a path as is there. */
function deepestOf(target: string): string {
  return fs.lstatSync(target, { throwIfNoEntry: false }) === undefined ? deepestOf(path.dirname(target)) : target;
}

/** Null for what the kit has not made, or what somebody has closed since: to this user, too. */
function nameOf(target: string, folder: string): string | null {
  const isServers = isWithin(target, path.join(folder, 'cluster'));
  const [, own] = Object.entries(ownFolders).find(([part]) => target === path.join(folder, part)) ?? [];
  const name = isServers ? "the server's files" : (own ?? (target === folder ? 'the folder around BACKUP_DIR' : null));
  if (name === null) return null;
  try {
    fs.accessSync(target, isServers ? fs.constants.R_OK : fs.constants.W_OK | fs.constants.X_OK);
    return name;
  } catch {
    return null;
  }
}
