import type { Database } from 'sql.js';
import { isContextIn, sortedEntries } from './control-db-content.ts';
import type { ContextRole, ControlDbApplication, ControlDbContent, ControlDbUser } from './control-db-content.ts';
import { insertRows, selectRows } from './sql-rows.ts';

/*
 * Who may do what: applications and users with their roles. Each stands in the tables twice, once for the cluster
 * (adm_, users) and once for the replication group of each context that the node has (rg_); reading takes the cluster's. The ids count
 * the rows, since nothing outside refers to them.
 */

export function writeApplications(database: Database, content: ControlDbContent): void {
  const applications = numbered(sortedEntries(content.applications).map(([, application]) => application));
  insertRows(
    database,
    'adm_application_binding (id, name, description, token_prefix, hashed_token, meta_data)',
    applications.map(([id, { name, description, tokenPrefix, hashedToken }]) => [
      id,
      name,
      description,
      tokenPrefix,
      hashedToken,
      '{}',
    ]),
  );
  const contexts = numbered(
    applications.flatMap(([id, application]) =>
      contextsOf(application.roles).map(([context, roles]) => ({ id, application, context, roles })),
    ),
  );
  insertRows(
    database,
    'adm_application_binding_context (id, application_id, context)',
    contexts.map(([id, each]) => [id, each.id, each.context]),
  );
  const here = contexts.filter(([, { context }]) => isContextIn('rg', context, content));
  insertRows(
    database,
    'rg_application_binding_context (id, context, name, token_prefix, hashed_token)',
    here.map(([id, { context, application }]) => [
      id,
      context,
      application.name,
      application.tokenPrefix,
      application.hashedToken,
    ]),
  );
  insertRows(database, 'adm_application_binding_context_role (application_context_id, role)', rolesIn(contexts));
  insertRows(database, 'rg_application_binding_context_role (replication_group_application_id, roles)', rolesIn(here));
}

export function readApplications(database: Database): ControlDbApplication[] {
  const applications = selectRows<Omit<ControlDbApplication, 'roles'>>(database, {
    from: 'adm_application_binding',
    query: `SELECT name, description, token_prefix AS tokenPrefix, hashed_token AS hashedToken FROM adm_application_binding`,
    columns: { name: 'text', description: 'text', tokenPrefix: 'text', hashedToken: 'text' },
  });
  const roles = readRoles(database, {
    from: 'adm_application_binding_context_role',
    query: `SELECT application.name AS owner, context.context, role.role FROM adm_application_binding_context_role role
     JOIN adm_application_binding_context context ON context.id = role.application_context_id
     JOIN adm_application_binding application ON application.id = context.application_id ORDER BY role.id`,
  });
  return applications.map((application) => ({ ...application, roles: roles.get(application.name) ?? [] }));
}

export function writeUsers(database: Database, content: ControlDbContent): void {
  const users = sortedEntries(content.users).map(([, user]) => user);
  insertRows(
    database,
    'users (username, password, enabled)',
    users.map((user) => [user.userName, user.hashedPassword, 1]),
  );
  insertRows(
    database,
    'user_roles (username, context, role)',
    users.flatMap((user) => user.roles.map(({ context, role }) => [user.userName, context, role])),
  );
  const contexts = numbered(
    users.flatMap((user) => contextsOf(user.roles).map(([context, roles]) => ({ user, context, roles }))),
  ).filter(([, { context }]) => isContextIn('rg', context, content));
  insertRows(
    database,
    'rg_user_context (id, context, username, password)',
    contexts.map(([id, { context, user }]) => [id, context, user.userName, user.hashedPassword]),
  );
  insertRows(database, 'rg_user_context_role (replication_group_user_id, roles)', rolesIn(contexts));
}

export function readUsers(database: Database): ControlDbUser[] {
  const users = selectRows<Omit<ControlDbUser, 'roles'>>(database, {
    from: 'users',
    query: 'SELECT username AS userName, password AS hashedPassword FROM users',
    columns: { userName: 'text', hashedPassword: 'text' },
  });
  const roles = readRoles(database, {
    from: 'user_roles',
    query: 'SELECT username AS owner, context, role FROM user_roles ORDER BY user_role_id',
  });
  return users.map((user) => ({ ...user, roles: roles.get(user.userName) ?? [] }));
}

/** The roles of each application, or user, by its name. */
function readRoles(
  database: Database,
  selection: { readonly from: string; readonly query: string },
): ReadonlyMap<string, readonly ContextRole[]> {
  const rows = selectRows<ContextRole & { readonly owner: string }>(database, {
    ...selection,
    columns: { owner: 'text', context: 'text', role: 'text' },
  });
  const byOwner = new Map<string, ContextRole[]>();
  for (const { owner, ...role } of rows) {
    const roles = byOwner.get(owner) ?? [];
    byOwner.set(owner, roles);
    roles.push(role);
  }
  return byOwner;
}

function contextsOf(roles: readonly ContextRole[]): [string, string[]][] {
  const byContext = new Map<string, string[]>();
  for (const { context, role } of roles) byContext.set(context, [...(byContext.get(context) ?? []), role]);
  return [...byContext];
}

function rolesIn(contexts: readonly [number, { readonly roles: readonly string[] }][]): [number, string][] {
  return contexts.flatMap(([id, { roles }]) => roles.map((role) => [id, role] as [number, string]));
}

function numbered<T>(values: readonly T[]): [number, T][] {
  return values.map((value, index) => [index + 1, value]);
}
