import type { ControlDbTables } from '../formats/control-db-tables.ts';

/** Where a node stands in the log of one replication group: one row of `rg_state`. */
export interface GroupPointers {
  readonly commitIndex: number;
  readonly commitTerm: number;
  readonly currentTerm: number;
  readonly lastAppliedIndex: number;
  readonly lastAppliedTerm: number;
  /** Node id in the group, or null while no vote was given in the current term. */
  readonly votedFor: string | null;
}

/** A node of the cluster: one row of `cluster_node`. */
export interface ControlDbNode {
  readonly name: string;
  readonly hostName: string;
  readonly internalHostName: string;
  readonly httpPort: number;
  readonly grpcPort: number;
  readonly grpcInternalPort: number;
}

/**
 * Roles in the order of the server's enum, since the tables hold the ordinals (not the numbers of the wire). Where those of
 * 2025.2 and 2026.0 stand in it nobody outside knows; ours stand at its end.
 */
export const memberRoles = [
  'PRIMARY',
  'ACTIVE_BACKUP',
  'PASSIVE_BACKUP',
  'MESSAGING_ONLY',
  'SECONDARY',
  'ANALYTICS',
  'LEARNER',
] as const;

export type MemberRole = (typeof memberRoles)[number];

export interface GroupMember {
  readonly nodeId: string;
  readonly nodeName: string;
  readonly host: string;
  readonly port: number;
  readonly role: MemberRole;
}

export interface ControlDbReplicationGroup {
  readonly id: string;
  readonly name: string;
  readonly members: readonly GroupMember[];
  /**
   * Which tables have the group, and its contexts: `rg` those of the groups that this node takes part in, `adm` those of
   * the cluster's configuration, which members of `_admin` have.
   */
  readonly tables: 'rg' | 'adm' | 'both';
}

export interface ControlDbContext {
  readonly name: string;
  readonly replicationGroupName: string;
  readonly metaData: Readonly<Record<string, string>>;
  /** True for one with a dynamic consistency boundary, in the tables of releases that have such; absent elsewhere. */
  readonly isDcb?: true;
}

/** What the last POST of a control database backup has noted of a replication group: one row of `rg_backup_info`. */
export interface GroupBackupInfo {
  readonly lastAppliedIndex: number;
  /** Virtual milliseconds since 1970. */
  readonly lastBackupMs: number;
}

/** A role that an application or a user has in one context. */
export interface ContextRole {
  readonly context: string;
  readonly role: string;
}

export interface ControlDbApplication {
  readonly name: string;
  readonly description: string;
  readonly tokenPrefix: string;
  readonly hashedToken: string;
  readonly roles: readonly ContextRole[];
}

export interface ControlDbUser {
  readonly userName: string;
  readonly hashedPassword: string;
  readonly roles: readonly ContextRole[];
}

/** All that a control database holds, each kind by its key: a name, or the id of a replication group. */
export interface ControlDbContent {
  readonly tables: ControlDbTables;
  readonly pointers: Map<string, GroupPointers>;
  readonly nodes: Map<string, ControlDbNode>;
  readonly replicationGroups: Map<string, ControlDbReplicationGroup>;
  readonly contexts: Map<string, ControlDbContext>;
  readonly applications: Map<string, ControlDbApplication>;
  readonly users: Map<string, ControlDbUser>;
  /** By the name of the group; empty in the tables of releases before 2024.0. */
  readonly backupInfo: Map<string, GroupBackupInfo>;
}

export function emptyControlDbContent(tables: ControlDbTables): ControlDbContent {
  return {
    tables,
    pointers: new Map(),
    nodes: new Map(),
    replicationGroups: new Map(),
    contexts: new Map(),
    applications: new Map(),
    users: new Map(),
    backupInfo: new Map(),
  };
}

/** Whether the tables of the node's own groups, or those of the cluster's configuration, have a context. */
export function isContextIn(tables: 'rg' | 'adm', context: string, content: ControlDbContent): boolean {
  const groupName = content.contexts.get(context)?.replicationGroupName;
  const group = [...content.replicationGroups.values()].find(({ name }) => name === groupName);
  return group === undefined || group.tables === 'both' || group.tables === tables;
}

/** The entries of a map in the order of their keys (code units, whatever the host's language). */
export function sortedEntries<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].toSorted(([left], [right]) => (left < right ? -1 : 1));
}
