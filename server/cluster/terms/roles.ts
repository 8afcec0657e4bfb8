import type { Role } from '../../formats/log-entry-data.ts';

/**
 * What a node does in a replication group (docs/backup-endpoints.md, section 6). Of those for analytics, and of learners, it is known that they do
 * not vote, and of the latter that they are not shown (docs/newer-versions.md, section 2); the rest is taken from SECONDARY.
 */
interface RoleTraits {
  /** Keeps events and snapshots; where it does not, entries that bring some reach its log as dummies. */
  readonly storesEvents: boolean;
  /**
   * What its word is worth where an entry is committed, or a leader elected: a majority of all `majority` members is
   * needed, and of the `one` members, where there are any, one (`min-active-backups`).
   */
  readonly confirms: 'majority' | 'one' | 'never';
  readonly canLead: boolean;
  /** Whether the lists of contexts and groups name the member. */
  readonly isShown: boolean;
  /** Virtual milliseconds that a round of entries takes to reach it. */
  readonly roundMs: readonly [shortest: number, longest: number];
}

const NEXT_DOOR_MS = [1, 6] as const;
/** Nobody waits for a passive backup, which most often stands far away. */
const FAR_AWAY_MS = [1000, 3000] as const;

export const roleTraits: Readonly<Record<Role, RoleTraits>> = {
  PRIMARY: { storesEvents: true, confirms: 'majority', canLead: true, isShown: true, roundMs: NEXT_DOOR_MS },
  ACTIVE_BACKUP: { storesEvents: true, confirms: 'one', canLead: false, isShown: true, roundMs: NEXT_DOOR_MS },
  PASSIVE_BACKUP: { storesEvents: true, confirms: 'never', canLead: false, isShown: true, roundMs: FAR_AWAY_MS },
  SECONDARY: { storesEvents: true, confirms: 'never', canLead: false, isShown: true, roundMs: NEXT_DOOR_MS },
  MESSAGING_ONLY: { storesEvents: false, confirms: 'never', canLead: false, isShown: true, roundMs: NEXT_DOOR_MS },
  ANALYTICS: { storesEvents: true, confirms: 'never', canLead: false, isShown: true, roundMs: NEXT_DOOR_MS },
  LEARNER: { storesEvents: true, confirms: 'never', canLead: false, isShown: false, roundMs: NEXT_DOOR_MS },
};
