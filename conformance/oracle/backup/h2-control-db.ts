import {
  H2Failure,
  openH2,
  readAxonTables,
  type AxonContext,
  type AxonTables,
  type BackupInfo,
  type H2Database,
} from '../../../h2/index.ts';
import { AxonError, type ControlDbGroup } from '../../../server/index.ts';
import { groupBy } from './group-by.ts';

/** What is wrong with a database that opens. */
export interface ControlDbFault {
  readonly kind: 'control-db-empty' | 'control-db-stale' | 'control-db-unreadable';
  readonly message: string;
}

/** The control database of a real server. */
export interface H2ControlDb {
  /** Of the file: 1 up to 2023.2, 2 or 3 later. */
  readonly format: number;
  /** Those that the node has pointers of. */
  readonly groups: readonly ControlDbGroup[];
  /** Groups that it knows without having pointers of them. */
  readonly groupsWithoutState: readonly string[];
  /** Groups whose pointers are there and NULL: they count as 0. */
  readonly groupsWithoutPointers: readonly string[];
  readonly contexts: readonly AxonContext[];
  /** What the last POST noted; of releases from 2024.0 on. */
  readonly backups: readonly BackupInfo[];
  /**
   * Of the standard edition, which has neither groups nor log. Up to 4.2 that of an enterprise node which belongs to no cluster
   * yet looks the same: a log beside it tells the two apart.
   */
  readonly isStandardEdition: boolean;
  readonly faults: readonly ControlDbFault[];
}

/** More rows in a table are of no cluster (README, "How much it reads"). */
const MOST_ROWS = 20_000;
const allTables = 5;

/** Tables that every edition has, by any release (docs/backup-endpoints.md, section 2.3). */
const tablesOfAnyEdition = ['PATHS_TO_FUNCTIONS', 'FUNCTION_ROLES', 'LOAD_BALANCING_STRATEGY', 'CLUSTER_NODE'];

/** Those that only the enterprise edition has, since 4.4. */
const enterpriseTables = ['RG_REPLICATION_GROUP', 'RG_CONTEXT', 'RG_BACKUP_INFO'];

export const UNINITIALISED = 'a node restored from it comes up uninitialised';

/**
 * Reads what a backup is held against out of an H2 database. What opens and is good for nothing is a fault of the result;
 * what does not open fails with `control-db-unreadable`.
 */
export function readH2ControlDb(image: Uint8Array): H2ControlDb {
  try {
    const database = openH2(image);
    return describe(database, readAxonTables(database));
  } catch (error) {
    if (!(error instanceof H2Failure)) throw error;
    throw new AxonError('control-db-unreadable', explain(error), { cause: error });
  }
}

function explain({ kind, message }: H2Failure): string {
  if (kind === 'empty') return `it is an empty database: ${UNINITIALISED}, without a word. ${message}`;
  if (kind === 'not-h2') return `it is no database: without one ${UNINITIALISED}. ${message}`;
  if (kind === 'truncated' || kind === 'damaged') return `it is damaged, whatever the zip says. ${message}`;
  return `it cannot be read here (${kind}), and so not be relied on. ${message}`;
}

function describe(database: H2Database, tables: AxonTables): H2ControlDb {
  for (const [what, rows] of Object.entries(tables)) {
    if (rows.length > MOST_ROWS) throw new H2Failure('too-large', 0, `There are ${rows.length} ${what}`);
  }
  const states = tables.groups;
  const named = new Set([
    ...tables.replicationGroups.map(({ name }) => name),
    ...tables.contexts.map(({ group }) => group),
  ]);
  const withState = new Set(states.map(({ group }) => group));
  const isStandardEdition = isOfStandardEdition(database, tables);
  return {
    format: database.formatVersion,
    groups: groupsOf(tables),
    groupsWithoutState: [...named].filter((name) => !withState.has(name)),
    groupsWithoutPointers: states
      .filter(({ commitIndex, lastAppliedIndex }) => commitIndex === null || lastAppliedIndex === null)
      .map(({ group }) => group),
    contexts: tables.contexts,
    backups: tables.backups,
    isStandardEdition,
    faults: [...staleness(database), ...(isStandardEdition ? [] : emptiness(database, tables))],
  };
}

/** By its tables, and by the migrations that made them: those of 3 are the enterprise edition's, from 4.3 on (section 2.3). */
function isOfStandardEdition(database: H2Database, { absentTables, groups, migrations }: AxonTables): boolean {
  const isOfServer = tablesOfAnyEdition.some((name) => database.table(name) !== null);
  const isEnterprise = groups.length > 0 || enterpriseTables.some((name) => !absentTables.includes(name));
  return isOfServer && !isEnterprise && !migrations.some((version) => version.startsWith('3.'));
}

function groupsOf({ groups, members, contexts }: AxonTables): ControlDbGroup[] {
  const membersOf = groupBy(members, ({ group }) => group);
  const contextsOf = groupBy(contexts, ({ group }) => group);
  return groups.map(({ group, commitIndex, lastAppliedIndex }) => {
    const own = membersOf.get(group) ?? [];
    return {
      group,
      commitIndex: indexOf(commitIndex, group),
      appliedIndex: indexOf(lastAppliedIndex, group),
      nodeIds: own.map(({ nodeId }) => nodeId),
      members: own.map(({ nodeId, nodeName, role }) => ({ nodeId, nodeName, role })),
      contexts: (contextsOf.get(group) ?? []).map(({ name }) => name),
    };
  });
}

function indexOf(value: bigint | null, group: string): number {
  const index = Number(value ?? 0n);
  if (Number.isSafeInteger(index) && index >= 0) return index;
  throw new H2Failure('damaged', 0, `Index ${value} of group ${group} is none that a log gets to`);
}

/** H2 opens the older version without a word; entries that the newer one counted as applied are counted no more. */
function staleness({ passedOver, version }: H2Database): ControlDbFault[] {
  const [newest] = passedOver.toSorted((a, b) => (a.version > b.version ? -1 : a.version < b.version ? 1 : 0));
  if (newest === undefined) return [];
  const message = `the newest version in it (${newest.version}) does not open: ${newest.reason}; a server opens version ${version} instead and says nothing, and what came between is lost`;
  return [{ kind: 'control-db-stale', message }];
}

function emptiness(database: H2Database, tables: AxonTables): ControlDbFault[] {
  const { absentTables, groups, replicationGroups } = tables;
  if (absentTables.length >= allTables) {
    const names = database.tables().map(({ name }) => name);
    if (names.length === 0) return [{ kind: 'control-db-empty', message: `it has no tables: ${UNINITIALISED}` }];
    const some = names.slice(0, 3).join(', ');
    const message = `it is a database of something else: it has ${some}, and no table of Axon Server's`;
    return [{ kind: 'control-db-unreadable', message }];
  }
  if (groups.length > 0 || replicationGroups.length > 0) return [];
  return [{ kind: 'control-db-empty', message: `it knows no replication group: ${UNINITIALISED}` }];
}
