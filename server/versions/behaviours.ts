/*
 * How releases differ, as data: one table, one row a behaviour, one column a version, each cell with its source. Whoever
 * answers a request or keeps a file asks its column; nobody asks for the version or the edition itself. The page of
 * differences (docs/server-versions.md) is printed from the same rows. What was recorded of real servers
 * (fixtures/recorded) is what test/server/http/recorded.test.ts holds this against.
 */

import {
  CONTRACT,
  endpoints,
  newer,
  RECORDED,
  row,
  segments,
  serverVersions,
  type BehaviourRow,
  type Edition,
  type ServerVersion,
} from './behaviour-row.ts';
import { behavioursOfFiles } from './behaviours-of-files.ts';
import { behavioursOfHealth } from './behaviours-of-health.ts';
import { behavioursSince2024 } from './behaviours-since-2024.ts';

export {
  editions,
  serverVersions,
  versionsOf,
  type BehaviourRow,
  type Edition,
  type ServerVersion,
} from './behaviour-row.ts';

type TypeSpelling = 'constants' | 'constants-and-manual' | 'any-case';
type BadTypeAnswer = '400 that says why' | '500 of the framework' | '400 without a body';
type AbsentIndexes = 'no' | 'yes' | 'of transformed segments, once compacted, by names without version';
type BadNumberAnswer = '400 that says why' | '500 of the framework';
type ErrorMessages = 'says what was wrong' | 'in the words of the framework' | 'left out';
type ListingOrder = 'ascending' | 'descending, interleaved' | 'descending, data before indexes';
type ParameterTwice = '400 that says why' | 'the first number, texts joined by commas';
/** `plain` is normalised by us; `unnormalised` has `/./` in it; `canonical` has links resolved as well. */
type PathForm = 'plain' | 'unnormalised' | 'canonical';
type LogListing = 'ascending, current last' | 'closed descending, each with its index' | 'current first, descending';

export const behaviourTable = {
  reportedVersion: row<string>('`asVersion`: the release that is emulated', {
    documented: ['4.6.11', CONTRACT],
    '4.2': ['4.2', CONTRACT],
    '4.5': ['4.5.16', CONTRACT],
    '4.6': ['4.6.11', segments('0')],
    '2023.2': ['2023.2.0', CONTRACT],
    '2024.2': ['2024.2.25', newer('1'), 'manual'],
    '2025.2': ['2025.2.11', newer('1'), 'manual'],
    '2026.0': ['2026.0.5', newer('1'), 'manual'],
  }),

  hasControlDbPath: row<boolean>(
    '`POST /v1/backup/createControlDbBackup`',
    {
      documented: [true, CONTRACT],
      '4.2': [true, endpoints('1.1')],
      '2024.2': [true, newer('2'), 'database'],
      '2026.0': [true, newer('2'), 'manual'],
    },
    { documented: [false, CONTRACT], '4.2': [false, RECORDED] },
  ),
  hasRootControlDbPath: row<boolean>(
    '`POST /createControlDbBackup`, the path of the standard edition',
    {
      documented: [true, 'the manual from v2024.2 on'],
      '4.2': [false, endpoints('1.1')],
      '4.6': [false, endpoints('1.1'), 'unknown'],
    },
    { documented: [true, CONTRACT], '4.2': [true, RECORDED] },
  ),
  isRootControlDbPathOpen: row<boolean>('`POST /createControlDbBackup` asks for no token where access control is on', {
    documented: [false, CONTRACT],
    '4.2': [true, endpoints('7')],
  }),
  hasLogListing: row<boolean>(
    '`GET /v1/backup/log/filenames`',
    {
      documented: [true, CONTRACT],
      '4.2': [true, endpoints('1.1')],
      '2024.2': [true, newer('2'), 'manual'],
      '2025.2': [true, newer('2'), 'database'],
      '2026.0': [true, newer('2'), 'unknown'],
    },
    { documented: [false, CONTRACT], '4.2': [false, RECORDED] },
  ),
  hasContextListing: row<boolean>(
    '`GET /v1/public/context`',
    { documented: [true, endpoints('7')], '4.2': [true, endpoints('7')] },
    { documented: [false, CONTRACT], '4.2': [false, RECORDED] },
  ),
  isClustered: row<boolean>(
    'Member of a cluster: several nodes, any contexts, a replication log',
    { documented: [true, endpoints('7')], '4.2': [true, endpoints('7')] },
    { documented: [false, CONTRACT], '4.2': [false, RECORDED] },
  ),
  hasEventStoreListing: row<boolean>(
    '`GET /v1/backup/eventstore`',
    {
      documented: [true, CONTRACT],
      '4.2': [false, endpoints('1.1')],
      '4.6': [true, endpoints('1.1')],
      '2024.2': [true, newer('2'), 'manual'],
      '2025.2': [true, newer('2'), 'database'],
      '2026.0': [true, newer('2'), 'manual'],
    },
    { '4.2': [false, RECORDED], '4.5': [true, RECORDED] },
  ),
  hasReplicationGroups: row<boolean>(
    'Replication groups apart from contexts, `GET /v1/public/replicationgroups`, role SECONDARY',
    {
      documented: [true, CONTRACT],
      '4.2': [false, endpoints('1.2, 2.3, 6, 7')],
      '4.5': [true, endpoints('1.2, 2.3, 6, 7')],
    },
    { documented: [false, CONTRACT], '4.2': [false, RECORDED] },
  ),

  hasAnalyticsRole: row<boolean>('Nodes for analytics, `ANALYTICS` in the cluster file', {
    documented: [false, CONTRACT],
    '4.2': [false, endpoints('6')],
    '2025.2': [true, newer('2'), 'manual'],
  }),
  hasLearners: row<boolean>(
    'Nodes that learn, `LEARNER` in the cluster file: they do not vote, and no list shows them',
    {
      documented: [false, CONTRACT],
      '4.2': [false, endpoints('6')],
      '2026.0': [true, newer('2'), 'manual'],
    },
  ),

  typeSpelling: row<TypeSpelling>('Spellings of `type` that `/filenames` takes', {
    documented: ['constants-and-manual', CONTRACT],
    '4.2': ['constants', endpoints('1.2')],
    '2023.2': ['any-case', endpoints('1.5')],
  }),
  badTypeAnswer: row<BadTypeAnswer>('`type` that is none', {
    documented: ['400 that says why', CONTRACT],
    '4.2': ['500 of the framework', endpoints('1.5')],
    '2023.2': ['400 without a body', endpoints('1.5')],
  }),
  refusesLowerCaseOnEventStore: row<boolean>('`/eventstore` answers 500 to `type=event`, which `/filenames` takes', {
    documented: [false, CONTRACT],
    '4.2': [false, endpoints('1.5')],
    '2023.2': [true, endpoints('1.5')],
  }),
  badNumberAnswer: row<BadNumberAnswer>('Cursor that is no 64-bit number', {
    documented: ['400 that says why', CONTRACT],
    '4.2': ['500 of the framework', endpoints('1.5')],
  }),
  parameterTwice: row<ParameterTwice>('A parameter that is given twice', {
    documented: ['400 that says why', CONTRACT],
    '4.2': ['the first number, texts joined by commas', RECORDED],
  }),
  hasSegmentVersions: row<boolean>(
    '`lastVersionBackedUp` and `lastClosedVersionBackedUp`; `_00001` versions of segments',
    {
      documented: [false, CONTRACT],
      '4.2': [false, endpoints('1.2, 1.4')],
      '2023.2': [true, endpoints('1.2, 1.4')],
    },
  ),

  listingOrder: row<ListingOrder>('Order of closed segments', {
    documented: ['ascending', CONTRACT],
    '4.2': ['descending, interleaved', segments('7.1')],
    '4.5': ['descending, data before indexes', segments('7.1')],
    '2023.2': ['ascending', segments('7.1')],
  }),
  listsAbsentIndexes: row<AbsentIndexes>('Index and bloom filter are listed where they are not there', {
    documented: ['no', CONTRACT],
    '4.2': ['yes', segments('7.1')],
    '4.5': ['no', segments('7.1')],
    '2023.2': ['of transformed segments, once compacted, by names without version', endpoints('1.4')],
  }),
  listsActiveFirst: row<boolean>('`/eventstore` lists active segments first, newest first', {
    documented: [false, CONTRACT],
    '4.2': [true, endpoints('1.4')],
  }),
  namesSnapshotsAsEvents: row<boolean>(
    '`/filenames` names snapshot segments with the suffixes of event segments: files that are not there',
    { documented: [false, CONTRACT], '4.2': [false, segments('7.1')] },
    { '4.2': [true, RECORDED], '4.5': [false, RECORDED] },
  ),
  closedPaths: row<PathForm>(
    'Paths of closed segments',
    {
      documented: ['plain', CONTRACT],
      '4.2': ['unnormalised', endpoints('1.4')],
      '4.6': ['canonical', endpoints('1.4')],
      '2023.2': ['unnormalised', endpoints('1.4')],
    },
    { '4.2': ['unnormalised', RECORDED], '4.5': ['canonical', RECORDED], '2023.2': ['unnormalised', RECORDED] },
  ),
  activePaths: row<PathForm>(
    'Paths of active segments',
    {
      documented: ['plain', CONTRACT],
      '4.2': ['unnormalised', endpoints('1.4')],
      '4.6': ['canonical', endpoints('1.4')],
    },
    { '4.5': ['canonical', RECORDED] },
  ),
  zipPath: row<PathForm>('Path of the zip of the control database', {
    documented: ['plain', CONTRACT],
    '4.2': ['unnormalised', endpoints('2.1')],
  }),
  logListing: row<LogListing>('What `/log/filenames` lists', {
    documented: ['ascending, current last', CONTRACT],
    '4.2': ['closed descending, each with its index', endpoints('1.4')],
    '4.6': ['current first, descending', endpoints('1.4'), 'unknown'],
  }),

  errorMessages: row<ErrorMessages>('`message` in the error body of the framework', {
    documented: ['says what was wrong', CONTRACT],
    '4.2': ['in the words of the framework', endpoints('1.6')],
    '4.5': ['left out', endpoints('1.6')],
  }),
  namesProduct: row<boolean>('`asVersion` and `product` in the error body of the framework', {
    documented: [true, endpoints('1.6')],
    '4.2': [false, endpoints('1.6')],
    '4.5': [true, endpoints('1.6')],
  }),
  addsCharset: row<boolean>('`;charset=UTF-8` behind the type of JSON', {
    documented: [false, endpoints('1.3')],
    '4.2': [true, endpoints('1.3')],
    '4.5': [false, endpoints('1.3')],
  }),
  takesAnyCharset: row<boolean>('JSON in whatever charset `Accept` asks for', {
    documented: [false, RECORDED],
    '4.2': [true, RECORDED],
    '4.5': [false, RECORDED],
  }),
  hidesErrorBehind406: row<boolean>('A failure for whom takes neither JSON nor HTML is a 406', {
    documented: [false, RECORDED],
    '4.2': [true, RECORDED],
    '4.5': [false, RECORDED],
  }),
  namesMethodsToOtherOrigins: row<boolean>('`Allow` in the refusal of a call from a page of another site', {
    documented: [false, RECORDED],
    '4.2': [true, RECORDED],
    '4.5': [false, RECORDED],
  }),
  ...behavioursOfHealth,

  ...behavioursOfFiles,
  ...behavioursSince2024,
} as const satisfies Record<string, BehaviourRow<string | boolean>>;

type BehaviourTable = typeof behaviourTable;

/** One column of the table: what one version does. */
export type Behaviour = {
  readonly [Name in keyof BehaviourTable]: BehaviourTable[Name]['cells']['documented']['value'];
};

/** The columns of the enterprise edition, which is what a version means unless told otherwise. */
export const behaviours = Object.fromEntries(
  serverVersions.map((version) => [version, behaviourOf(version, 'enterprise')]),
) as Readonly<Record<ServerVersion, Behaviour>>;

/** What a version does in an edition. */
export function behaviourOf(version: ServerVersion, edition: Edition): Behaviour {
  const rows: ReadonlyArray<[string, BehaviourRow<string | boolean>]> = Object.entries(behaviourTable);
  const cells = rows.map(([name, { cells: enterprise, standard }]) => [
    name,
    (edition === 'standard' ? standard : enterprise)[version].value,
  ]);
  return Object.fromEntries(cells) as Behaviour;
}
