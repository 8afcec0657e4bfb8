import type { H2Database, NamedRow } from './database.ts';
import { H2Failure } from './failure.ts';
import type { H2Value } from './value.ts';

/** What a node knows of a replication group, as last written, up to a second before a backup. NULL is null. */
export interface GroupState {
  readonly group: string;
  readonly commitIndex: bigint | null;
  readonly commitTerm: bigint | null;
  readonly currentTerm: bigint | null;
  readonly lastAppliedIndex: bigint | null;
  readonly lastAppliedTerm: bigint | null;
  readonly votedFor: string | null;
}

export interface GroupMember {
  readonly group: string;
  readonly nodeId: string;
  readonly nodeName: string | null;
  readonly host: string | null;
  readonly port: number | null;
  /** PRIMARY and so on; null where the number stands for a role that is not known here. NULL is PRIMARY for the server. */
  readonly role: string | null;
  readonly isPendingDelete: boolean;
}

export interface ReplicationGroup {
  readonly id: string;
  readonly name: string;
}

export interface AxonContext {
  readonly name: string;
  readonly group: string;
  /** Settings such as `event.index-format`; null where there are none, or no JSON object of them. */
  readonly metaData: Readonly<Record<string, unknown>> | null;
  /** JUMP_SKIP_INDEX, BLOOM_FILTER_INDEX; null where it is not said. */
  readonly eventIndexFormat: string | null;
  readonly snapshotIndexFormat: string | null;
  /** Null where the release has no such column. */
  readonly isDcb: boolean | null;
  readonly replicationIndex: bigint | null;
  readonly purgeCount: number | null;
}

export interface BackupInfo {
  readonly group: string;
  readonly lastAppliedIndex: bigint | null;
  /** Milliseconds since 1970. */
  readonly lastBackupTimestamp: bigint | null;
}

export interface AxonTables {
  readonly groups: readonly GroupState[];
  readonly members: readonly GroupMember[];
  readonly replicationGroups: readonly ReplicationGroup[];
  readonly contexts: readonly AxonContext[];
  readonly backups: readonly BackupInfo[];
  /** Tables of the server's that the database lacks, by their newest names. All of them: it is not the server's. */
  readonly absentTables: readonly string[];
  /** Versions of the schema that it has come through, as `4.0`; empty where it does not say. Those of 3 are the enterprise edition's. */
  readonly migrations: readonly string[];
}

/** Roles are stored by their place in this list. */
const roles = ['PRIMARY', 'ACTIVE_BACKUP', 'PASSIVE_BACKUP', 'MESSAGING_ONLY', 'SECONDARY'];

/** Newest name first; the others are those that it had before 4.4. */
const tableNames = {
  state: ['RG_STATE', 'JPA_RAFT_STATE'],
  member: ['RG_MEMBER', 'JPA_RAFT_GROUP_NODE'],
  replicationGroup: ['RG_REPLICATION_GROUP'],
  context: ['RG_CONTEXT'],
  backup: ['RG_BACKUP_INFO'],
};

/**
 * The server's tables by name, and their columns by name: releases add and drop both. Throws {@link H2Failure}, also
 * where a column has values that the server would not put there.
 */
export function readAxonTables(database: H2Database): AxonTables {
  const rows = (names: readonly string[]): readonly Cells[] | null => {
    const table = names.map((name) => database.table(name)).find((found) => found !== null);
    return table === undefined || table === null
      ? null
      : Array.from(database.rows(table), (row) => new Cells(database, table.name, row));
  };
  const groups = (rows(tableNames.state) ?? []).map(groupState);
  const contexts = rows(tableNames.context);
  return {
    groups,
    members: (rows(tableNames.member) ?? []).map(groupMember),
    replicationGroups: (rows(tableNames.replicationGroup) ?? []).map((row) => ({
      id: row.name('REPLICATION_GROUP_ID'),
      name: row.name('NAME'),
    })),
    contexts: contexts?.map(axonContext) ?? contextsBefore44(groups, rows(['CONTEXT']) ?? []),
    backups: (rows(tableNames.backup) ?? []).map((row) => ({
      group: row.name('REPLICATION_GROUP'),
      lastAppliedIndex: row.long('LAST_APPLIED_INDEX'),
      lastBackupTimestamp: row.long('LAST_BACKUP_TIMESTAMP'),
    })),
    absentTables: Object.values(tableNames)
      .filter((names) => names.every((name) => database.table(name) === null))
      .flatMap((names) => names.slice(0, 1)),
    migrations: (rows(['flyway_schema_history']) ?? []).flatMap((row) => row.text('VERSION') ?? []),
  };
}

function groupState(row: Cells): GroupState {
  return {
    group: row.name('GROUP_ID'),
    commitIndex: row.long('COMMIT_INDEX'),
    commitTerm: row.long('COMMIT_TERM'),
    currentTerm: row.long('CURRENT_TERM'),
    lastAppliedIndex: row.long('LAST_APPLIED_INDEX'),
    lastAppliedTerm: row.long('LAST_APPLIED_TERM'),
    votedFor: row.text('VOTED_FOR'),
  };
}

function groupMember(row: Cells): GroupMember {
  const role = row.integer('ROLE');
  return {
    group: row.name('GROUP_ID'),
    nodeId: row.name('NODE_ID'),
    nodeName: row.text('NODE_NAME'),
    host: row.text('HOST'),
    port: row.integer('PORT'),
    role: roles[role ?? 0] ?? null,
    isPendingDelete: row.flag('PENDING_DELETE') ?? false,
  };
}

function axonContext(row: Cells): AxonContext {
  return {
    name: row.name('NAME'),
    group: row.name('REPLICATION_GROUP_NAME'),
    ...settingsOf(row.text('META_DATA')),
    isDcb: row.flag('DCB_CONTEXT'),
    replicationIndex: row.long('REPLICATION_INDEX'),
    purgeCount: row.integer('PURGE_COUNT'),
  };
}

/** Before 4.4 each context was a group of its own name, and `_admin` a group without context. */
function contextsBefore44(groups: readonly GroupState[], contexts: readonly Cells[]): AxonContext[] {
  const settings = new Map(contexts.map((row) => [row.name('NAME'), row.text('META_DATA')]));
  return groups
    .filter(({ group }) => group !== '_admin')
    .map(({ group }) => ({
      name: group,
      group,
      ...settingsOf(settings.get(group) ?? null),
      isDcb: null,
      replicationIndex: null,
      purgeCount: null,
    }));
}

function settingsOf(text: string | null): Pick<AxonContext, 'metaData' | 'eventIndexFormat' | 'snapshotIndexFormat'> {
  const metaData = parseObject(text);
  const setting = (name: string): string | null => {
    const value = metaData?.[name];
    return typeof value === 'string' ? value : null;
  };
  return {
    metaData,
    eventIndexFormat: setting('event.index-format'),
    snapshotIndexFormat: setting('snapshot.index-format'),
  };
}

function parseObject(text: string | null): Readonly<Record<string, unknown>> | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

/** A row whose columns are asked for by name and kind. A column that the release lacks is as one that is NULL. */
class Cells {
  readonly #database: H2Database;
  readonly #table: string;
  readonly #values: ReadonlyMap<string, H2Value>;

  constructor(database: H2Database, table: string, row: NamedRow) {
    this.#database = database;
    this.#table = table;
    this.#values = new Map(Object.entries(row).map(([name, value]) => [name.toUpperCase(), value]));
  }

  /** Text that has to be there. */
  name(column: string): string {
    const text = this.text(column);
    if (text === null) throw this.#failure(column, 'is NULL');
    return text;
  }

  text(column: string): string | null {
    const value = this.#value(column);
    if (value === null || typeof value === 'string') return value;
    if (typeof value === 'object' && 'largeObject' in value) {
      const content = this.#database.readLargeObject(value);
      if (typeof content === 'string') return content;
    }
    throw this.#failure(column, 'is no text');
  }

  long(column: string): bigint | null {
    const value = this.#value(column);
    if (value === null || typeof value === 'bigint') return value;
    if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
    throw this.#failure(column, 'is no whole number');
  }

  integer(column: string): number | null {
    const value = this.long(column);
    if (value !== null && BigInt.asIntN(32, value) !== value) throw this.#failure(column, 'is too large');
    return value === null ? null : Number(value);
  }

  flag(column: string): boolean | null {
    const value = this.#value(column);
    if (value === null || typeof value === 'boolean') return value;
    throw this.#failure(column, 'is neither true nor false');
  }

  #value(column: string): H2Value {
    return this.#values.get(column) ?? null;
  }

  #failure(column: string, what: string): H2Failure {
    return new H2Failure('damaged', 0, `Column ${column} of ${this.#table} ${what}`);
  }
}
