import { spawnSync } from 'node:child_process';
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
  const { error } = spawnSync('/bin/sh', ['-c', ':'], { ...user, cwd: '/' });
  if (error === undefined) return;
  throw new AxonError(
    'bad-option',
    `--client-user ${formatClientUser(user)}: the system has no such user here (${error.message})`,
  );
}

/** Fails with `bad-option` where that user cannot come to a folder of the kit's. */
export function requireWayTo(folder: string, user: ClientUser): void {
  const { status } = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...user, cwd: '/', stdio: 'ignore' });
  if (status === 0) return;
  const way = 'TMPDIR names another place for temporary files';
  throw new AxonError('bad-option', `user ${formatClientUser(user)} cannot enter ${folder}: ${way}`);
}
