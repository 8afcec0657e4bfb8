/*
 * Access control of the backup operations, as data (docs/backup-endpoints.md, section 7): which function a call is, and
 * which roles have that function. The control database has the same rows; /v1/backup/eventstore is not mapped there, so
 * anybody with credentials may call it.
 */

/** `<method>:<path>`, the path as a regular expression → function. */
export const pathFunctions = [
  ['POST:/v1/backup/createControlDbBackup', 'CREATE_CONTROLDB_BACKUP'],
  ['GET:/v1/backup/filenames', 'LIST_BACKUP_FILENAMES'],
  ['GET:/v1/backup/log/filenames', 'LIST_BACKUP_LOGFILES'],
  ['POST:/internal/raft/context/[^/]*/cleanLogEntries/.*', 'RAFT_CLEAN_LOG'],
] as const;

/** What releases with `/v2/backup` have beside them (docs/newer-versions.md, sections 2 and 3). */
export const dcbPathFunctions = [
  ['POST:/v2/backup', 'CREATE_BACKUP'],
  ['GET:/v2/backup', 'CREATE_BACKUP'],
  ['GET:/v2/backup/[^/]*', 'CREATE_BACKUP'],
] as const;

/** Role → what it is for. Each is held in one context at a time: `ADMIN@_admin`. */
export const accessRoles = {
  ADMIN: 'Manages the whole cluster',
  CONTEXT_ADMIN: 'Manages one context',
  USE_CONTEXT: 'Uses one context',
} as const;

export type AccessRole = keyof typeof accessRoles;

export const functionRoles: ReadonlyArray<readonly [accessFunction: string, role: AccessRole]> = [
  ['CREATE_CONTROLDB_BACKUP', 'ADMIN'],
  ['LIST_BACKUP_FILENAMES', 'ADMIN'],
  ['LIST_BACKUP_FILENAMES', 'CONTEXT_ADMIN'],
  ['LIST_BACKUP_FILENAMES', 'USE_CONTEXT'],
  ['LIST_BACKUP_LOGFILES', 'ADMIN'],
  ['LIST_BACKUP_LOGFILES', 'CONTEXT_ADMIN'],
  ['LIST_BACKUP_LOGFILES', 'USE_CONTEXT'],
  ['RAFT_CLEAN_LOG', 'CONTEXT_ADMIN'],
  ['RAFT_CLEAN_LOG', 'USE_CONTEXT'],
];

export const dcbFunctionRoles: ReadonlyArray<readonly [accessFunction: string, role: AccessRole]> = [
  ['CREATE_BACKUP', 'ADMIN'],
];

/** A role that somebody has in one context. */
export interface GrantedRole {
  readonly context: string;
  readonly role: AccessRole;
}

/** The function that a call is, and the roles that have it; null for a call that anybody with credentials may make. */
export function functionOf(
  method: string,
  path: string,
  hasDcb = false,
): { readonly name: string; readonly roles: readonly AccessRole[] } | null {
  const call = `${method}:${path}`;
  const known = [...pathFunctions, ...(hasDcb ? dcbPathFunctions : [])];
  const name = known.find(([pattern]) => new RegExp(`^${pattern}$`).test(call))?.[1];
  if (name === undefined) return null;
  const roles = [...functionRoles, ...dcbFunctionRoles];
  return { name, roles: roles.flatMap(([each, role]) => (each === name ? [role] : [])) };
}
