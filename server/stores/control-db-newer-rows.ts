import type { Database } from 'sql.js';
import type { ControlDbTables } from '../formats/control-db-tables.ts';
import { sortedEntries, type ControlDbContent, type GroupBackupInfo } from './control-db-content.ts';
import { insertRows, selectRows } from './sql-rows.ts';

/* The rows that only releases from 2024.0 on have (docs/newer-versions.md, section 5): until then nothing is written or read here. */

export function writeBackupInfo(database: Database, { tables, backupInfo }: ControlDbContent): void {
  if (tables === 'until 2023') return;
  insertRows(
    database,
    'rg_backup_info (replication_group, last_applied_index, last_backup_timestamp)',
    sortedEntries(backupInfo).map(([group, { lastAppliedIndex, lastBackupMs }]) => [
      group,
      lastAppliedIndex,
      lastBackupMs,
    ]),
  );
}

export function readBackupInfo(database: Database, tables: ControlDbTables): Map<string, GroupBackupInfo> {
  if (tables === 'until 2023') return new Map();
  const rows = selectRows<GroupBackupInfo & { readonly group: string }>(database, {
    from: 'rg_backup_info',
    query: `SELECT replication_group AS "group", last_applied_index AS lastAppliedIndex,
     last_backup_timestamp AS lastBackupMs FROM rg_backup_info`,
    columns: { group: 'text', lastAppliedIndex: 'integer', lastBackupMs: 'integer' },
  });
  return new Map(rows.map(({ group, ...noted }) => [group, noted]));
}

/** Sets the mark in rows that are there; a node that has no row of a context of its own keeps no mark of it. */
export function writeDcbContexts(database: Database, { tables, contexts }: ControlDbContent): void {
  if (tables !== 'since 2025') return;
  for (const [name, { isDcb = false }] of sortedEntries(contexts)) {
    database.run('UPDATE rg_context SET dcb_context = ? WHERE name = ?', [isDcb ? 1 : 0, name]);
  }
}

export function readDcbContexts(database: Database, tables: ControlDbTables): ReadonlySet<string> {
  if (tables !== 'since 2025') return new Set();
  const rows = selectRows<{ readonly name: string }>(database, {
    from: 'rg_context',
    query: 'SELECT name FROM rg_context WHERE dcb_context = 1',
    columns: { name: 'text' },
  });
  return new Set(rows.map(({ name }) => name));
}
