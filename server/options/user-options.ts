import type { GrantedRole } from '../access-functions.ts';
import { findRoleFault, type OptionFault } from './option-fault.ts';

/** A user who signs in by HTTP Basic, and may do what the roles may (docs/backup-endpoints.md, section 7). */
export interface UserOptions {
  readonly name: string;
  readonly password: string;
  readonly roles: readonly GrantedRole[];
}

/** The first thing that is wrong with users, or null. Passwords are secrets: no message repeats one. */
export function findUserFault(users: readonly UserOptions[], contexts: readonly string[]): OptionFault | null {
  const taken = new Set<string>();
  for (const [place, { name, password, roles }] of users.entries()) {
    const path = ['users', place] as const;
    const fault = taken.has(name) ? `user "${name}" is there twice` : nameFault(name);
    if (fault !== null) return { path: [...path, 'name'], message: fault };
    if (password === '') return { path: [...path, 'password'], message: `user "${name}" has no password` };
    taken.add(name);
    for (const [number, granted] of roles.entries()) {
      const roleFault = findRoleFault(granted, contexts);
      if (roleFault !== null) return { ...roleFault, path: [...path, 'roles', number, ...roleFault.path] };
    }
  }
  return null;
}

/** In HTTP Basic the first colon ends the name; the server's table holds 45 characters of it. */
function nameFault(name: string): string | null {
  if (name === '') return 'the user has no name';
  if (name.length > 45) return `user "${name}": a name has 45 characters at most`;
  return name.includes(':') ? `user "${name}": a name has no colon in it` : null;
}
