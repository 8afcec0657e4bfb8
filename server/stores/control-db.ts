import { isDeepStrictEqual } from 'node:util';
import type { Database } from 'sql.js';
import { AxonError } from '../errors.ts';
import type { ControlDbTables } from '../formats/control-db-tables.ts';
import type { ConfigurationImage } from './built-images.ts';
import { emptyControlDbContent, sortedEntries } from './control-db-content.ts';
import type {
  ContextRole,
  ControlDbApplication,
  ControlDbContent,
  ControlDbContext,
  ControlDbNode,
  ControlDbReplicationGroup,
  ControlDbUser,
  GroupBackupInfo,
  GroupPointers,
} from './control-db-content.ts';
import { readControlDbRows, writeConfigurationRows, writePointerRows } from './control-db-rows.ts';
import { requireOwnRows, requireOwnSchema } from './own-database.ts';
import { tablesIn, type SqlEngine } from './sql-engine.ts';

export type * from './control-db-content.ts';
export { loadSqlEngine, type SqlEngine } from './sql-engine.ts';

/**
 * What one node knows besides events and log: how far it is in each replication group, and the cluster's
 * configuration. The rows are kept as plain values, since the pointers change with every entry of the log; SQLite comes
 * in when an image is wanted, and each image is built from scratch. So the bytes are a function of the content alone,
 * whatever happened before, and putting the same thing twice changes nothing.
 */
export class ControlDb {
  readonly #engine: SqlEngine;
  readonly #content: ControlDbContent;
  /** All rows but the pointers, which change far more often than the rest; null after a change. */
  #configurationImage: ConfigurationImage | null = null;
  #image: Uint8Array | null = null;

  private constructor(engine: SqlEngine, content: ControlDbContent) {
    this.#engine = engine;
    this.#content = content;
  }

  /** A new one: all tables, no nodes, no groups. */
  static create(engine: SqlEngine, tables: ControlDbTables = 'until 2023'): ControlDb {
    return new ControlDb(engine, emptyControlDbContent(tables));
  }

  /**
   * Opens a consistent image; anything else fails with `control-db-unreadable`. A release that takes over what another has
   * left gives its own `tables`.
   */
  static open(engine: SqlEngine, image: Uint8Array, tables?: ControlDbTables): ControlDb {
    const content = engine.known.contentOf(image, () => readContent(engine, image));
    return new ControlDb(engine, { ...content, tables: tables ?? content.tables });
  }

  /** Returns whether that changed anything. */
  writePointers(groupId: string, pointers: GroupPointers): boolean {
    const { commitIndex, commitTerm, currentTerm, lastAppliedIndex, lastAppliedTerm, votedFor } = pointers;
    const row = { commitIndex, commitTerm, currentTerm, lastAppliedIndex, lastAppliedTerm, votedFor };
    if (isSameRow(this.#content.pointers.get(groupId), row)) return false;
    this.#content.pointers.set(groupId, row);
    this.#image = null;
    return true;
  }

  /** The pointers of each group, by group id. */
  readPointers(): Map<string, GroupPointers> {
    return new Map(sortedEntries(this.#content.pointers));
  }

  /** What a backup notes of a group; nothing where the release has no table for it. */
  noteBackup(group: string, { lastAppliedIndex, lastBackupMs }: GroupBackupInfo): void {
    if (this.#content.tables === 'until 2023') return;
    this.#content.backupInfo.set(group, { lastAppliedIndex, lastBackupMs });
    this.#image = null;
  }

  /** What the last backup has noted of a group; null where there was none, or the release has no table for it. */
  backupInfoOf(group: string): GroupBackupInfo | null {
    return this.#content.backupInfo.get(group) ?? null;
  }

  /** No two nodes may have one internal address in an image; in between, while ports are dealt anew, they may. */
  putNode({ name, hostName, internalHostName, httpPort, grpcPort, grpcInternalPort }: ControlDbNode): void {
    const node = { name, hostName, internalHostName, httpPort, grpcPort, grpcInternalPort };
    this.#put(this.#content.nodes, name, node);
  }

  nodes(): ControlDbNode[] {
    return sortedValues(this.#content.nodes);
  }

  /** Replaces the group of that id with all its members, whose order is kept. */
  putReplicationGroup({ id, name, members, tables }: ControlDbReplicationGroup): void {
    const group = {
      id,
      name,
      members: members.map(({ nodeId, nodeName, host, port, role }) => ({ nodeId, nodeName, host, port, role })),
      tables,
    };
    this.#put(this.#content.replicationGroups, id, group, (each) => each.name);
  }

  /** All groups, by name. */
  replicationGroups(): ControlDbReplicationGroup[] {
    const groups = [...this.#content.replicationGroups.values()];
    return groups.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  }

  putContext({
    name,
    replicationGroupName,
    metaData = {},
    isDcb = false,
  }: Omit<ControlDbContext, 'metaData' | 'isDcb'> & {
    readonly metaData?: ControlDbContext['metaData'];
    readonly isDcb?: boolean;
  }): void {
    const sortedMetaData = Object.fromEntries(sortedEntries(new Map(Object.entries(metaData))));
    const mark = isDcb ? { isDcb: true as const } : {};
    this.#put(this.#content.contexts, name, { name, replicationGroupName, metaData: sortedMetaData, ...mark });
  }

  contexts(): ControlDbContext[] {
    return sortedValues(this.#content.contexts);
  }

  /** Roles come back sorted by context and role, each once. */
  putApplication({ name, description, tokenPrefix, hashedToken, roles }: ControlDbApplication): void {
    const application = { name, description, tokenPrefix, hashedToken, roles: sortedRoles(roles) };
    this.#put(this.#content.applications, name, application, (each) => each.hashedToken);
  }

  /** One that is gone already is fine. */
  removeApplication(name: string): void {
    this.#remove(this.#content.applications, name);
  }

  applications(): ControlDbApplication[] {
    return sortedValues(this.#content.applications);
  }

  /** Roles come back sorted by context and role, each once. */
  putUser({ userName, hashedPassword, roles }: ControlDbUser): void {
    this.#put(this.#content.users, userName, { userName, hashedPassword, roles: sortedRoles(roles) });
  }

  /** One that is gone already is fine. */
  removeUser(userName: string): void {
    this.#remove(this.#content.users, userName);
  }

  users(): ControlDbUser[] {
    return sortedValues(this.#content.users);
  }

  /** The consistent bytes, a SQLite file; built anew only after a change. The copy belongs to the caller. */
  image(): Uint8Array {
    this.#image ??= this.#buildImage();
    return this.#image.slice();
  }

  /**
   * The same without any word of replication groups, contexts and how far they are: what the standard edition keeps, which has
   * users and applications (docs/backup-endpoints.md, section 2.3).
   */
  imageWithoutGroups(): Uint8Array {
    const { pointers, replicationGroups, contexts } = emptyControlDbContent(this.#content.tables);
    const content = { ...this.#content, pointers, replicationGroups, contexts };
    return this.#extend(this.#emptyImage, writeConfigurationRows, content);
  }

  /** Lets go of the kept images. Nothing of SQLite stays open between two calls. */
  close(): void {
    this.#configurationImage = null;
    this.#image = null;
  }

  get #emptyImage(): Uint8Array {
    return this.#engine.release(this.#content.tables).emptyImage;
  }

  #buildImage(): Uint8Array {
    const { built } = this.#engine;
    const configuration = (this.#configurationImage ??= built.configuration(this.#content, () =>
      this.#extend(this.#emptyImage, writeConfigurationRows),
    ));
    return built.whole(configuration, this.#content, () => this.#extend(configuration.bytes, writePointerRows));
  }

  /** An image with more rows in it. The working copy in memory needs neither journal nor flushing to disk. */
  #extend(
    image: Uint8Array,
    writeRows: (database: Database, content: ControlDbContent) => void,
    content: ControlDbContent = this.#content,
  ): Uint8Array {
    const database = new this.#engine.sql.Database(image);
    try {
      database.run('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN');
      writeRows(database, content);
      database.run('COMMIT');
      return database.export();
    } finally {
      database.close();
    }
  }

  /** `uniqueBy` gives what the table's second unique column holds. */
  #put<T>(values: Map<string, T>, key: string, value: T, uniqueBy?: (value: T) => string): void {
    if (isDeepStrictEqual(values.get(key), value)) return;
    if (uniqueBy !== undefined) {
      for (const [otherKey, other] of values) {
        if (otherKey === key || uniqueBy(other) !== uniqueBy(value)) continue;
        throw new Error(`${key} and ${otherKey} cannot both have ${uniqueBy(value)} in the control database`);
      }
    }
    values.set(key, value);
    this.close();
  }

  #remove(values: Map<string, unknown>, key: string): void {
    if (values.delete(key)) this.close();
  }
}

function readContent(engine: SqlEngine, image: Uint8Array): ControlDbContent {
  let database: Database | null = null;
  try {
    const tables = tablesIn(engine, image);
    const { schema } = engine.release(tables);
    requireOwnSchema(image, schema);
    database = new engine.sql.Database(image);
    requireOwnRows(database, schema);
    return readControlDbRows(database, tables);
  } catch (error) {
    throw asUnreadable(error, image);
  } finally {
    database?.close();
  }
}

function sortedValues<T>(values: ReadonlyMap<string, T>): T[] {
  return sortedEntries(values).map(([, value]) => value);
}

function sortedRoles(roles: readonly ContextRole[]): ContextRole[] {
  const byContextAndRole = new Map(roles.map(({ context, role }) => [`${context}\0${role}`, { context, role }]));
  return sortedValues(byContextAndRole);
}

/** H2's files begin with this text; they come from a real server, and only their zip can be checked here. */
const h2Header = 'H:2,';

function asUnreadable(error: unknown, image: Uint8Array): AxonError {
  if (error instanceof AxonError) return error;
  if (new TextDecoder().decode(image.subarray(0, h2Header.length)) === h2Header) {
    return unreadable('it is an H2 file of a real Axon Server, which the simulator cannot open', error);
  }
  return unreadable(error instanceof Error ? error.message : String(error), error);
}

function unreadable(reason: string, cause?: unknown): AxonError {
  return new AxonError('control-db-unreadable', `Not a readable control database: ${reason}`, { cause });
}

/** Asked for every group each virtual second: ten times as fast as whatever can compare anything. */
function isSameRow(a: GroupPointers | undefined, b: GroupPointers): boolean {
  return (
    a !== undefined &&
    a.commitIndex === b.commitIndex &&
    a.commitTerm === b.commitTerm &&
    a.currentTerm === b.currentTerm &&
    a.lastAppliedIndex === b.lastAppliedIndex &&
    a.lastAppliedTerm === b.lastAppliedTerm &&
    a.votedFor === b.votedFor
  );
}
