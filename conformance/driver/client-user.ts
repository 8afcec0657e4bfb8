import { spawn, spawnSync } from 'node:child_process';
import { AxonError } from '../../server/index.ts';

/** As whom a client runs. */
export interface ClientUser {
  readonly uid: number;
  readonly gid: number;
}

/** The largest number of a user; the one above it means "nobody in particular" to the system. */
const HIGHEST_ID = 2 ** 32 - 2;

/** `1001:1001`; without a group it is that of the same number, as images have it. Null for what is none. */
export function parseClientUser(text: string): ClientUser | null {
  const [, uid = '', gid = uid] = /^(\d{1,10})(?::(\d{1,10}))?$/.exec(text) ?? [];
  const user = { uid: Number(uid), gid: Number(gid) };
  return uid !== '' && user.uid <= HIGHEST_ID && user.gid <= HIGHEST_ID ? user : null;
}

export function formatClientUser({ uid, gid }: ClientUser): string {
  return `${uid}:${gid}`;
}

/** Fails with `bad-option`, in one line, where this process cannot start others as that user. */
export function requireClientUser(user: ClientUser, ownUid: number | undefined): void {
  if (ownUid !== 0) {
    const own = ownUid === undefined ? 'this system has no users by number' : `this check runs as user ${ownUid}`;
    throw new AxonError('bad-option', `--client-user ${formatClientUser(user)} needs root, and ${own}`);
  }
  const refused = (why: string): AxonError =>
    new AxonError('bad-option', `--client-user ${formatClientUser(user)}: ${why}`);
  const { error } = spawnSync('/bin/sh', ['-c', ':'], { ...user, cwd: '/' });
  if (error !== undefined) throw refused(`the system has no such user here (${error.message})`);
  if (!mayEnd(user)) throw refused('this check could not end what that user runs: it needs the capability KILL');
}

/** Whether this process may end one of that user's: root may not everywhere, as in a container without that capability. */
function mayEnd(user: ClientUser): boolean {
  const child = spawn('/bin/sh', ['-c', 'sleep 1'], { ...user, cwd: '/', stdio: 'ignore' });
  child.unref();
  // Its failure to start was told before.
  child.on('error', () => undefined);
  try {
    return child.pid === undefined || process.kill(child.pid, 'SIGKILL');
  } catch {
    return false;
  }
}

/** Fails with `bad-option` where that user cannot come to a folder of the kit's. */
export function requireWayTo(folder: string, user: ClientUser): void {
  const { status } = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...user, cwd: '/', stdio: 'ignore' });
  if (status === 0) return;
  const way = 'TMPDIR names another place for temporary files';
  throw new AxonError('bad-option', `user ${formatClientUser(user)} cannot enter ${folder}: ${way}`);
}
