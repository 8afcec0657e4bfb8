/** Role of a member of a replication group, as the manual names them; what 2025.2 and 2026.0 call theirs in an answer is not public. */
export type Role =
  | 'PRIMARY'
  | 'ACTIVE_BACKUP'
  | 'PASSIVE_BACKUP'
  | 'MESSAGING_ONLY'
  | 'SECONDARY'
  | 'ANALYTICS'
  | 'LEARNER';
