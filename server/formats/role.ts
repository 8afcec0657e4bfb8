/** Role of a member of a replication group, as the manual names them. */
export type Role = 'PRIMARY' | 'ACTIVE_BACKUP' | 'PASSIVE_BACKUP' | 'MESSAGING_ONLY' | 'SECONDARY';
