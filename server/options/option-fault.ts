import type { ErrorObject } from 'ajv';
import { accessRoles, type GrantedRole } from '../access-functions.ts';

/** What is wrong with an option, and where in it: `['groups', 1, 'members', 0, 'node']`. */
export interface OptionFault {
  readonly path: ReadonlyArray<string | number>;
  readonly message: string;
}

/** `groups[1].members[0].node`. */
export function formatOptionPath(path: OptionFault['path']): string {
  return path.map((part, place) => (typeof part === 'number' ? `[${part}]` : place === 0 ? part : `.${part}`)).join('');
}

/** `groups[1].members[0].node: there is no node "node-9"`. */
export function describeOptionFault({ path, message }: OptionFault): string {
  return path.length === 0 ? message : `${formatOptionPath(path)}: ${message}`;
}

/** Roles are compared by name, so that one in a context that there is not would be of no use to anybody. */
export function findRoleFault({ context, role }: GrantedRole, contexts: readonly string[]): OptionFault | null {
  if (!Object.hasOwn(accessRoles, role)) {
    return { path: ['role'], message: `there is no role "${role}"; there are ${Object.keys(accessRoles).join(', ')}` };
  }
  const known = ['_admin', ...contexts];
  if (known.includes(context)) return null;
  return { path: ['context'], message: `there is no context "${context}"; there are ${known.join(', ')}` };
}

/** What does not fit a schema, in the words of whoever gives the options. */
export function schemaFault({
  instancePath,
  keyword,
  params,
  message = 'is not as it should be',
}: ErrorObject): OptionFault {
  const parts = instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const path = parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  switch (keyword) {
    case 'required':
      return { path, message: `"${params['missingProperty']}" is missing` };
    case 'additionalProperties':
      return { path: [...path, params['additionalProperty'] as string], message: 'nothing is known of this' };
    case 'enum':
      return { path, message: `one of ${(params['allowedValues'] as readonly unknown[]).join(', ')} is wanted` };
    default:
      return { path, message };
  }
}

/**
 * The fault to tell of all that does not fit a schema (`allErrors`): a key that nobody knows before what is missing, since it
 * is what is missing under a wrong name more often than not.
 */
export function schemaFaultOf(errors: readonly ErrorObject[] | null | undefined, otherwise: string): OptionFault {
  const [first] = errors ?? [];
  const unknown = errors?.find(({ keyword }) => keyword === 'additionalProperties');
  const told = unknown ?? first;
  return told === undefined ? { path: [], message: otherwise } : schemaFault(told);
}
