import type { AccessRole, GrantedRole } from '../access-functions.ts';
import { AxonError } from '../errors.ts';
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

/**
 * `nightly=ADMIN@_admin,USE_CONTEXT@default`: a token with its roles, as a flag has them. Fails with `bad-option`, and
 * without the token in it; whether there are such roles and contexts is for `findTokenFault` to say.
 */
export function parseTokenRoles(text: string): TokenOptions {
  // A token may have the sign in it, roles and contexts have not.
  const end = text.lastIndexOf('=');
  const roles = text
    .slice(end + 1)
    .split(',')
    .map((part) => /^(?<role>[A-Z_]+)@(?<context>.+)$/.exec(part.trim())?.groups);
  if (end < 0 || roles.includes(undefined)) {
    throw new AxonError('bad-option', '--token-roles: write TOKEN=ROLE@CONTEXT,…, as in nightly=ADMIN@_admin');
  }
  const granted = roles.map((each) => ({ role: each?.['role'] as AccessRole, context: each?.['context'] ?? '' }));
  return { token: text.slice(0, end), roles: granted };
}
