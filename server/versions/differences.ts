/*
 * In what the fake cluster is not a real server, whatever the version; what differs from version to version stands in
 * behaviours.ts. docs/server-versions.md is printed from both.
 */

import { differencesSince2024 } from './differences-since-2024.ts';

export interface Difference {
  readonly subject: string;
  readonly here: string;
  readonly real: string;
  /** `unknown`: nobody outside knows, and what is done here is the plain thing. */
  readonly kind: 'emulated' | 'stand-in' | 'left out' | 'unknown';
  /** Where the real behaviour is written; null where it is plain from what this is. */
  readonly source: string | null;
}

export const differences: readonly Difference[] = [
  {
    subject: 'event, snapshot and log segments',
    here: 'byte for byte its formats, held against files that a real server wrote',
    real: 'the same',
    kind: 'emulated',
    source: 'docs/event-segment-format.md, section 2, and docs/backup-endpoints.md, section 3.2',
  },
  {
    subject: 'bloom files',
    here: 'byte for byte',
    real: 'the same',
    kind: 'emulated',
    source: 'docs/event-segment-format.md, section 6.2',
  },
  {
    subject: 'a client without a token where one is needed, with `Accept` of text',
    here: '302 to `/login`, which leads nowhere',
    real: '302 to the log-in page',
    kind: 'stand-in',
    source: 'docs/backup-endpoints.md, section 7',
  },
  {
    subject: 'index files (`.index`, `.sindex`; of logs up to 4.5.17, too)',
    here: 'small stand-ins with the right entries; a real 4.6.11 does not start on them, 2023.2.1 overwrites them',
    real: 'MapDB files of 2 MiB',
    kind: 'stand-in',
    source: 'docs/event-segment-format.md, section 6.1',
  },
  {
    subject: 'segment sizes',
    here: '1 MiB and 256 KiB unless set',
    real: '256 MiB and 16 MiB',
    kind: 'stand-in',
    source: 'docs/backup-endpoints.md, section 3.1, and docs/event-segment-format.md, section 9',
  },
  {
    subject: 'control database',
    here: 'SQLite behind the same file name, tables and zip',
    real: 'H2',
    kind: 'stand-in',
    source: 'docs/backup-endpoints.md, section 2',
  },
  {
    subject: 'live control database file',
    here: 'half-written on purpose at all times: a plain copy never opens',
    real: 'safe or not, depending on luck',
    kind: 'stand-in',
    source: 'docs/backup-endpoints.md, section 2.2',
  },
  {
    subject: 'configuration entries in the log of `_admin`',
    here: "JSON under the server's type names",
    real: 'protobuf of its internal API',
    kind: 'stand-in',
    source: 'docs/backup-endpoints.md, section 3.2',
  },
  {
    subject: 'the page at `/`',
    here: 'shows and steers the fake cluster, and is open',
    real: "the server's dashboard, behind its log-in",
    kind: 'stand-in',
    source: null,
  },
  {
    subject: 'who writes events',
    here: 'a seeded workload and the control API',
    real: 'applications over gRPC',
    kind: 'stand-in',
    source: null,
  },
  {
    subject: 'gRPC ports',
    here: 'named, not served',
    real: 'served',
    kind: 'left out',
    source: 'docs/backup-endpoints.md, section 7',
  },
  {
    subject: 'replication',
    here: 'a leader, followers that lag, elections, catch-up, installed snapshots',
    real: 'Raft with all its messages',
    kind: 'stand-in',
    source: 'docs/backup-endpoints.md, section 4, 5',
  },
  {
    subject: 'a PASSIVE_BACKUP node',
    here: 'a second or more behind',
    real: 'as far behind as its line makes it',
    kind: 'stand-in',
    source: 'docs/backup-endpoints.md, section 6',
  },
  {
    subject: 'a SECONDARY node',
    here: 'stores what the others store',
    real: 'keeps the old segments that primaries delete (storage tiers)',
    kind: 'left out',
    source: 'docs/backup-endpoints.md, section 6',
  },
  {
    subject: 'members of groups, and their roles',
    here: 'as when the cluster was started',
    real: 'can be changed while it runs',
    kind: 'left out',
    source: 'docs/backup-endpoints.md, section 6',
  },
  {
    subject: 'a node outside of `_admin`',
    here: 'knows its own groups and contexts; no applications and users',
    real: "gets those of its contexts with their groups' logs",
    kind: 'stand-in',
    source: 'docs/backup-endpoints.md, section 2.3',
  },
  {
    subject: 'tokens',
    here: 'given by flag or file, with roles; the one of `--token` may do everything',
    real: 'of applications; each may do what its roles may',
    kind: 'stand-in',
    source: 'docs/backup-endpoints.md, section 7',
  },
  {
    subject: 'roles for `/v1/backup/eventstore`',
    here: 'none needed, as in the public migrations',
    real: 'unknown where it is mapped',
    kind: 'unknown',
    source: 'docs/backup-endpoints.md, section 7',
  },
  {
    subject: '`POST /createControlDbBackup` with access control',
    here: 'for everybody, but for `documented`, which asks for the same role as the other path',
    real: 'outside of what is protected: for everybody',
    kind: 'emulated',
    source: 'docs/backup-endpoints.md, section 7',
  },
  {
    subject: 'users (HTTP Basic)',
    here: 'given by a cluster file, with roles',
    real: 'rows of the control database; log-in by a form, too',
    kind: 'stand-in',
    source: 'docs/backup-endpoints.md, section 7',
  },
  {
    subject: 'time',
    here: 'virtual: an hour passes when you say so; file times are virtual, too',
    real: 'passes by itself',
    kind: 'stand-in',
    source: null,
  },
  {
    subject: 'a stopped node',
    here: 'breaks off every connection, so that its port stays its own; `/_sim` goes on answering',
    real: 'refuses connections',
    kind: 'stand-in',
    source: null,
  },
  {
    subject: 'a held answer (`delay`)',
    here: 'real time, and as much virtual time where nothing else moves the clock',
    real: '–',
    kind: 'stand-in',
    source: null,
  },
  {
    subject: 'a corrupt event store at start',
    here: "`serve` ends with the server's message and exit code 70",
    real: 'the process of that node ends with code 99',
    kind: 'stand-in',
    source: 'docs/backup-endpoints.md, section 5.2',
  },
  {
    subject: 'a present but unreadable index of an older segment at start',
    here: 'rebuilt',
    real: '4.4 to 4.6 stop with `already completed`',
    kind: 'stand-in',
    source: 'docs/event-segment-format.md, section 8.3',
  },
  {
    subject: 'unknown group in `/v1/backup/log/filenames`',
    here: '500 with a message',
    real: '500 up to 4.4.2, unknown since',
    kind: 'unknown',
    source: 'docs/backup-endpoints.md, section 1.5',
  },
  {
    subject: 'jump-skip indexes (`.nindex`, `global-index-00000.xref` and those of snapshots)',
    here: 'stand-ins; in every context from 2024.2 on, in 4.5 to 2023.2 where `indexFormats` says so, and one global index a store',
    real: 'MapDB files; the default of contexts made on Enterprise 4.4 and later; more global indexes as a store grows',
    kind: 'stand-in',
    source: 'docs/backup-endpoints.md, section 1.4, and docs/newer-versions.md, section 2',
  },
  {
    subject: 'table names of the control database before 4.4',
    here: 'those of 4.4, in every version',
    real: '`jpa_raft_state`, `context` and others',
    kind: 'stand-in',
    source: 'docs/backup-endpoints.md, section 2.3',
  },
  {
    subject: 'an index without its data file',
    here: 'not listed; deleted at start-up by 2023.2',
    real: 'listed by 4.4 to 4.6, deleted at start-up by 2023.2',
    kind: 'left out',
    source: 'docs/event-segment-format.md, section 7.1',
  },
  {
    subject: 'event transformation',
    here: 'deletes a range of events by a control call; noted beside the nodes, done by each as soon as it has the events',
    real: 'deletes and replaces single events over gRPC; kept in rows of the control database',
    kind: 'stand-in',
    source: 'docs/event-segment-format.md, section 7.4, and docs/backup-endpoints.md, section 2.3',
  },
  {
    subject: 'files of a transformation',
    here: 'the files of each version and their names in lists; only `.temp` names on the way, swept up after a kill',
    real: 'the same; `.events.transformed` and `.index.transformed` on the way, never listed',
    kind: 'emulated',
    source: 'docs/event-segment-format.md, section 1, 7.4',
  },
  {
    subject: 'a segment that closes while it is listed',
    here: 'closed and active part belong to one moment, but for the scenario `listing/absent-once`',
    real: 'may be named twice up to 4.6, then above the `lastClosedSegment` of that answer, or be absent once in 2023.2',
    kind: 'left out',
    source: 'docs/event-segment-format.md, section 7.2',
  },
  {
    subject: 'the replication log of the standard edition',
    here: 'there on disk, since the store of each node rests on one; not listed, and named nowhere',
    real: 'there is none',
    kind: 'stand-in',
    source: 'recorded answers of the standard edition',
  },
  {
    subject: 'storage tiers (files of deeper tiers, retention)',
    here: 'one tier',
    real: 'files of deeper tiers follow those of the first',
    kind: 'left out',
    source: 'docs/backup-endpoints.md, section 1.4',
  },
  {
    subject: 'log cleaning from 4.4.8 on',
    here: 'rests for an hour after each POST, as up to 4.4.7',
    real: 'changed so that frequent POSTs do not put it off for ever; how is not public',
    kind: 'unknown',
    source: 'docs/backup-endpoints.md, section 4',
  },
  {
    subject: 'order of `/v1/backup/log/filenames` from 4.5.17 on',
    here: 'the current segment first, then descending',
    real: 'not public',
    kind: 'unknown',
    source: 'docs/backup-endpoints.md, section 1.4',
  },
  {
    subject: '`POST /createControlDbBackup` on clusters from 4.5.17 on',
    here: 'not there in the numbered versions, there in `documented`',
    real: 'not public',
    kind: 'unknown',
    source: 'docs/backup-endpoints.md, section 1.1',
  },
  {
    subject: '`replicationGroup` in `/v1/public/context` before 4.4',
    here: 'there, with the name of the context',
    real: 'not public',
    kind: 'unknown',
    source: 'docs/backup-endpoints.md, section 7',
  },
  {
    subject: 'details in `/actuator/health` before 4.4',
    here: 'shown',
    real: 'not public',
    kind: 'unknown',
    source: 'docs/backup-endpoints.md, section 7',
  },
  ...differencesSince2024,
];
