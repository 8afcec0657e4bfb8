/**
 * Which tables and columns a control database has, by release (docs/newer-versions.md, section 5): from 2024.0 on
 * `rg_backup_info` and `rg_context.purge_count`, from 2025.0 on `rg_context.dcb_context` and `.replication_index`.
 */
export const controlDbTables = ['until 2023', 'since 2024', 'since 2025'] as const;

export type ControlDbTables = (typeof controlDbTables)[number];
