/** Reads H2's databases, files of MVStore, and what Axon Server keeps in one. Pure: bytes to tables. */
export { openH2, type H2Database, type NamedRow, type Table } from './database.ts';
export type { Column } from './create-table.ts';
export { H2Failure, type H2FailureKind } from './failure.ts';
export type { PassedOver } from './newest-chunk.ts';
export type { H2Value, LargeObject } from './value.ts';
export {
  readAxonTables,
  type AxonContext,
  type AxonTables,
  type BackupInfo,
  type GroupMember,
  type GroupState,
  type ReplicationGroup,
} from './axon-tables.ts';
