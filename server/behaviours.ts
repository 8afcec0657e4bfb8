/**
 * How releases differ, as data: one table, one column a version. Whoever answers a request asks this table; nobody asks
 * for the version itself. The numbered versions take their columns here; each cell names its source.
 */
export interface Behaviour {
  /** POST /createControlDbBackup, the path of the standard edition and of the manual from v2024.2 on. */
  readonly hasRootControlDbPath: boolean;
  /** GET /v1/backup/eventstore; from 4.5.12, EE 4.5.17 (dossier "backup endpoints", section 1.1). */
  readonly hasEventStoreListing: boolean;
  /** How a client may spell `type`; the value is the server's constant (section 1.2). */
  readonly acceptedTypes: Readonly<Record<string, 'EVENT' | 'SNAPSHOT'>>;
  /** Order of the names of closed segments (section 1.4). */
  readonly listingOrder: 'ascending-by-name' | 'data-descending-then-indexes';
  /** Whether GET /v1/backup/log/filenames has the segment that is being written (from EE 4.5.17). */
  readonly listsCurrentLogSegment: boolean;
  /** What a value that does not parse is answered with (section 1.5). */
  readonly badValueStatus: 400 | 500;
  /** Whether the framework's error body says what was wrong (section 1.6). */
  readonly hasErrorMessages: boolean;
  /** `asVersion` of error bodies. */
  readonly reportedVersion: string;
  /** Segment roll-over (dossier "event segment format", section 2.2). */
  readonly overflow: 'exact-fit' | 'strict';
}

/** The manual's promises where it makes any, else 4.6 (contract, section 5). */
const documented: Behaviour = {
  hasRootControlDbPath: true,
  hasEventStoreListing: true,
  acceptedTypes: { EVENT: 'EVENT', SNAPSHOT: 'SNAPSHOT', Event: 'EVENT', Snapshot: 'SNAPSHOT' },
  listingOrder: 'ascending-by-name',
  listsCurrentLogSegment: true,
  badValueStatus: 400,
  hasErrorMessages: true,
  reportedVersion: '4.6.11',
  overflow: 'exact-fit',
};

export const behaviours = { documented } as const satisfies Record<string, Behaviour>;

export type ServerVersion = keyof typeof behaviours;

export const serverVersions = Object.keys(behaviours) as ServerVersion[];
