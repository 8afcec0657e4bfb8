import type { Database } from 'sql.js';
import { AxonError } from '../errors.ts';
import type { ControlDbTables } from '../formats/control-db-tables.ts';
import { readApplications, readUsers, writeApplications, writeUsers } from './control-db-access-rows.ts';
import { readBackupInfo, readDcbContexts, writeBackupInfo, writeDcbContexts } from './control-db-newer-rows.ts';
import { isContextIn, memberRoles, sortedEntries } from './control-db-content.ts';
import type {
  ControlDbContent,
  ControlDbContext,
  ControlDbNode,
  ControlDbReplicationGroup,
  GroupMember,
  GroupPointers,
  MemberRole,
} from './control-db-content.ts';
import { insertRows, selectRows } from './sql-rows.ts';

/*
 * How the content lies in the tables. Rows are written into a database that has the schema and nothing else, in the
 * order of their keys, so that the same content always gives the same bytes.
 */

/** Writes everything but the pointers. */
export function writeConfigurationRows(database: Database, content: ControlDbContent): void {
  writeNodes(database, content);
  writeReplicationGroups(database, content);
  writeContexts(database, content);
  writeDcbContexts(database, content);
  writeApplications(database, content);
  writeUsers(database, content);
}

/** Reads back all that was written. */
export function readControlDbRows(database: Database, tables: ControlDbTables): ControlDbContent {
  const dcb = readDcbContexts(database, tables);
  const contexts = readContexts(database).map((each) =>
    dcb.has(each.name) ? { ...each, isDcb: true as const } : each,
  );
  return {
    tables,
    pointers: new Map(readPointers(database).map(({ groupId, ...pointers }) => [groupId, pointers])),
    nodes: byKey(readNodes(database), (node) => node.name),
    replicationGroups: byKey(readReplicationGroups(database), (group) => group.id),
    contexts: byKey(contexts, (context) => context.name),
    applications: byKey(readApplications(database), (application) => application.name),
    users: byKey(readUsers(database), (user) => user.userName),
    backupInfo: readBackupInfo(database, tables),
  };
}

/** Writes the pointers of all groups, and what backups have noted of them. */
export function writePointerRows(database: Database, content: ControlDbContent): void {
  writeBackupInfo(database, content);
  insertRows(
    database,
    'rg_state (group_id, commit_index, commit_term, current_term, last_applied_index, last_applied_term, voted_for)',
    sortedEntries(content.pointers).map(([groupId, group]) => [
      groupId,
      group.commitIndex,
      group.commitTerm,
      group.currentTerm,
      group.lastAppliedIndex,
      group.lastAppliedTerm,
      group.votedFor,
    ]),
  );
}

function readPointers(database: Database): (GroupPointers & { readonly groupId: string })[] {
  return selectRows<GroupPointers & { readonly groupId: string }>(database, {
    from: 'rg_state',
    query: `SELECT group_id AS groupId, commit_index AS commitIndex, commit_term AS commitTerm, current_term AS currentTerm,
     last_applied_index AS lastAppliedIndex, last_applied_term AS lastAppliedTerm, voted_for AS votedFor FROM rg_state`,
    columns: {
      groupId: 'text',
      commitIndex: 'integer',
      commitTerm: 'integer',
      currentTerm: 'integer',
      lastAppliedIndex: 'integer',
      lastAppliedTerm: 'integer',
      votedFor: 'text or null',
    },
  });
}

function writeNodes(database: Database, content: ControlDbContent): void {
  insertRows(
    database,
    'cluster_node (name, host_name, internal_host_name, http_port, grpc_port, grpc_internal_port)',
    sortedEntries(content.nodes).map(([, node]) => [
      node.name,
      node.hostName,
      node.internalHostName,
      node.httpPort,
      node.grpcPort,
      node.grpcInternalPort,
    ]),
  );
}

function readNodes(database: Database): ControlDbNode[] {
  return selectRows<ControlDbNode>(database, {
    from: 'cluster_node',
    query: `SELECT name, host_name AS hostName, internal_host_name AS internalHostName, http_port AS httpPort,
     grpc_port AS grpcPort, grpc_internal_port AS grpcInternalPort FROM cluster_node`,
    columns: {
      name: 'text',
      hostName: 'text',
      internalHostName: 'text',
      httpPort: 'integer',
      grpcPort: 'integer',
      grpcInternalPort: 'integer',
    },
  });
}

function writeReplicationGroups(database: Database, content: ControlDbContent): void {
  const groups = sortedEntries(content.replicationGroups).map(([, group]) => group);
  const own = groups.filter(({ tables }) => tables !== 'adm');
  const configured = groups.filter(({ tables }) => tables !== 'rg');
  insertRows(
    database,
    'rg_replication_group (replication_group_id, name, meta_data)',
    own.map((group) => [group.id, group.name, '{}']),
  );
  insertRows(
    database,
    'adm_replication_group (replication_group_id, name, change_pending, meta_data)',
    configured.map((group) => [group.id, group.name, 0, '{}']),
  );
  insertRows(
    database,
    'rg_member (group_id, node_id, host, port, node_name, role, pending_delete)',
    membersOf(own).map(({ groupId, nodeId, host, port, nodeName, ordinal }) => [
      groupId,
      nodeId,
      host,
      port,
      nodeName,
      ordinal,
      0,
    ]),
  );
  insertRows(
    database,
    `adm_replication_group_member
     (replication_group_id, cluster_node_name, cluster_node_label, role, pending_delete)`,
    membersOf(configured).map(({ groupId, nodeId, nodeName, ordinal }) => [groupId, nodeName, nodeId, ordinal, 0]),
  );
}

function membersOf(
  groups: readonly ControlDbReplicationGroup[],
): Array<GroupMember & { readonly groupId: string; readonly ordinal: number }> {
  return groups.flatMap(({ id, members }) =>
    members.map((member) => ({ ...member, groupId: id, ordinal: memberRoles.indexOf(member.role) })),
  );
}

function readReplicationGroups(database: Database): ControlDbReplicationGroup[] {
  const idAndName = { id: 'text', name: 'text' } as const;
  const own = selectRows<{ id: string; name: string }>(database, {
    from: 'rg_replication_group',
    query: 'SELECT replication_group_id AS id, name FROM rg_replication_group',
    columns: idAndName,
  });
  const configured = selectRows<{ id: string; name: string }>(database, {
    from: 'adm_replication_group',
    query: 'SELECT replication_group_id AS id, name FROM adm_replication_group',
    columns: idAndName,
  });
  const ownMembersOf = readMembers(database, ownMembers);
  const configuredMembersOf = readMembers(database, configuredMembers);
  const configuredIds = new Set(configured.map(({ id }) => id));
  const ownIds = new Set(own.map(({ id }) => id));
  return [
    ...own.map(({ id, name }) => ({
      id,
      name,
      members: ownMembersOf.get(id) ?? [],
      tables: configuredIds.has(id) ? ('both' as const) : ('rg' as const),
    })),
    ...configured
      .filter(({ id }) => !ownIds.has(id))
      .map(({ id, name }) => ({
        id,
        name,
        members: configuredMembersOf.get(id) ?? [],
        tables: 'adm' as const,
      })),
  ];
}

const ownMembers = {
  from: 'rg_member',
  query: `SELECT group_id AS groupId, node_id AS nodeId, node_name AS nodeName, host, port, role AS ordinal
  FROM rg_member ORDER BY rowid`,
};
const configuredMembers = {
  from: 'adm_replication_group_member',
  query: `SELECT replication_group_id AS groupId, cluster_node_label AS nodeId, cluster_node_name AS nodeName,
  internal_host_name AS host, grpc_internal_port AS port, role AS ordinal FROM adm_replication_group_member
  JOIN cluster_node ON name = cluster_node_name ORDER BY id`,
};

/** The members of each group, by its id. */
function readMembers(
  database: Database,
  members: { readonly from: string; readonly query: string },
): ReadonlyMap<string, readonly GroupMember[]> {
  type Row = Omit<GroupMember, 'role'> & { readonly groupId: string; readonly ordinal: number | null };
  const rows = selectRows<Row>(database, {
    ...members,
    columns: {
      groupId: 'text',
      nodeId: 'text',
      nodeName: 'text',
      host: 'text',
      port: 'integer',
      ordinal: 'integer or null',
    },
  });
  const byGroup = new Map<string, GroupMember[]>();
  for (const { groupId, ordinal, ...member } of rows) {
    const group = byGroup.get(groupId) ?? [];
    byGroup.set(groupId, group);
    group.push({ ...member, role: roleOf(ordinal) });
  }
  return byGroup;
}

/** Members from before there were roles have none; the server takes them for PRIMARY. */
function roleOf(ordinal: number | null): MemberRole {
  const role = memberRoles[ordinal ?? 0];
  if (role === undefined)
    throw new AxonError('control-db-unreadable', `Not a readable control database: ${ordinal} is no member role`);
  return role;
}

function writeContexts(database: Database, content: ControlDbContent): void {
  const contexts = sortedEntries(content.contexts).map(([, context]) => context);
  const groupIds = new Map([...content.replicationGroups.values()].map((group) => [group.name, group.id]));
  insertRows(
    database,
    'rg_context (name, replication_group_name, meta_data)',
    contexts
      .filter(({ name }) => isContextIn('rg', name, content))
      .map((context) => [context.name, context.replicationGroupName, JSON.stringify(context.metaData)]),
  );
  insertRows(
    database,
    'adm_context (name, change_pending, meta_data, replication_group_id)',
    contexts
      .filter(({ name }) => isContextIn('adm', name, content))
      .map((context) => [
        context.name,
        0,
        JSON.stringify(context.metaData),
        groupIds.get(context.replicationGroupName) ?? null,
      ]),
  );
}

function readContexts(database: Database): ControlDbContext[] {
  const contexts = selectRows<{ name: string; replicationGroupName: string; metaData: string }>(database, {
    from: 'rg_context or adm_context',
    query: `SELECT name, replication_group_name AS replicationGroupName, meta_data AS metaData FROM rg_context
     UNION ALL
     SELECT context.name, configured.name, context.meta_data FROM adm_context context
     JOIN adm_replication_group configured USING (replication_group_id)
     WHERE context.name NOT IN (SELECT name FROM rg_context)`,
    columns: { name: 'text', replicationGroupName: 'text', metaData: 'clob' },
  });
  return contexts.map((context) => ({ ...context, metaData: parseMetaData(context.name, context.metaData) }));
}

function parseMetaData(context: string, json: string): Readonly<Record<string, string>> {
  try {
    const value: unknown = JSON.parse(json);
    const isSound =
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      Object.values(value).every((each) => typeof each === 'string');
    if (isSound) return value as Readonly<Record<string, string>>;
  } catch {
    // Falls through to the one message.
  }
  throw new AxonError(
    'control-db-unreadable',
    `Not a readable control database: the meta data of context ${context} is no object of texts`,
  );
}

function byKey<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T> {
  return new Map(values.map((value) => [keyOf(value), value]));
}
