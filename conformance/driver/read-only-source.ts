import { spawnSync } from 'node:child_process';
import { AxonError } from '../../server/index.ts';
import type { ClientUser } from './client-user.ts';

/** A program with its arguments. */
export type Command = readonly [program: string, ...args: string[]];

/** What the script ends with where the system makes no mount, so that no client is started without it. */
const NOT_MOUNTED = 125;

/** `$1` is the folder; what stands behind it is the command, which takes the place of the shell. */
const script = `mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit ${NOT_MOUNTED}; shift; exec "$@"`;

/**
 * The command, in a mount namespace of its own in which nothing below `folder` can be written; everybody else goes on as
 * before. It needs root, so that a user for the command is taken behind that. For Linux, with util-linux.
 */
export function withReadOnly(folder: string, command: Command, user?: ClientUser): Command {
  const as =
    user === undefined ? [] : ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--'];
  const inside = ['/bin/sh', '-c', script, 'sh', folder, ...as, ...command];
  return ['unshare', '--mount', '--propagation', 'private', '--', ...inside];
}

/** Ends well where nothing can be written. */
const trial = 'touch "$1/.axon-backup-kit" 2>/dev/null || exit 0; rm "$1/.axon-backup-kit"; exit 1';

/**
 * Fails with `bad-option`, in one line, where the system lets this process make no such mount: it tries one on `folder`, which
 * exists.
 */
export function requireReadOnly(folder: string, run: typeof tryOut = tryOut): void {
  const fault = run(withReadOnly(folder, ['/bin/sh', '-c', trial, 'sh', folder]));
  if (fault === null) return;
  throw new AxonError(
    'bad-option',
    `--source read-only: this system lets the caller make no read-only mount (${fault})`,
  );
}

/** What is wrong, in the system's words; null where it works. */
function tryOut([program, ...args]: Command): string | null {
  const { status, error, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (error !== undefined) return error.message;
  if (status === 0) return null;
  const [said = ''] = stderr.trim().split('\n');
  return said === '' ? `it ended with ${status}, and could still be written to` : said;
}
