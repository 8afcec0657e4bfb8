import type { GrantedRole } from '../access-functions.ts';
import { findRoleFault, type OptionFault } from './option-fault.ts';

/** An access token that may do what its roles may. The system token of a real server is `ADMIN` in `_admin`. */
export interface TokenOptions {
  readonly token: string;
  readonly roles: readonly GrantedRole[];
}

/** The first thing that is wrong with tokens, or null. Tokens are secrets: no message repeats one. */
export function findTokenFault(
  tokens: readonly TokenOptions[],
  contexts: readonly string[],
  token: string | null,
): OptionFault | null {
  const taken = new Set(token === null ? [] : [token]);
  for (const [place, each] of tokens.entries()) {
    const path = ['tokens', place] as const;
    const fault = tokenFault(each.token) ?? (taken.has(each.token) ? 'this token is given twice' : null);
    if (fault !== null) return { path: [...path, 'token'], message: fault };
    taken.add(each.token);
    for (const [number, granted] of each.roles.entries()) {
      const roleFault = findRoleFault(granted, contexts);
      if (roleFault !== null) return { ...roleFault, path: [...path, 'roles', number, ...roleFault.path] };
    }
  }
  return null;
}

/** What is wrong with a token by itself, or null. */
export function tokenFault(token: string): string | null {
  if (token === '') return 'the token is empty: leave it out to have no access control';
  return /^[\x21-\x7e]+$/.test(token)
    ? null
    : 'the token must be of letters, digits and signs that a header can carry, without spaces';
}
