/*
 * How releases differ, as data: one table, one row a behaviour, one column a version, each cell with its source. Whoever
 * answers a request or keeps a file asks `behaviours[version]`; nobody asks for the version itself. The page of
 * differences (docs/server-versions.md) is printed from the same rows.
 */

/** What `--server-version` takes: the manual's promises, Enterprise 4.2, 4.5.16 and 4.6, and the unified 2023.2. */
export const serverVersions = ['documented', '4.2', '4.5', '4.6', '2023.2'] as const;

export type ServerVersion = (typeof serverVersions)[number];

export interface BehaviourCell<Value> {
  readonly value: Value;
  /** Where it is written. */
  readonly source: string;
  /** Nobody outside knows: this is the plain behaviour, chosen. */
  readonly isOpen: boolean;
}

export interface BehaviourRow<Value> {
  readonly title: string;
  readonly cells: Readonly<Record<ServerVersion, BehaviourCell<Value>>>;
}

/** Value and source of a column. */
type Column<Value> = readonly [value: Value, source: string, certainty?: 'open'];

const CONTRACT = 'contract, section 5';
const endpoints = (section: string): string => `dossier "backup endpoints", section ${section}`;
const segments = (section: string): string => `dossier "event segment format", section ${section}`;

/** A row of the table; `4.5` is as `4.2`, and each later version as the one before it, where nothing else is said. */
function row<Value extends string | boolean | number | null>(
  title: string,
  columns: { readonly [Version in ServerVersion]?: Column<Value> } & {
    readonly documented: Column<Value>;
    readonly '4.2': Column<Value>;
  },
): BehaviourRow<Value> {
  const { documented, '4.2': in42, '4.5': in45 = in42, '4.6': in46 = in45, '2023.2': in2023 = in46 } = columns;
  const cell = ([value, source, certainty]: Column<Value>): BehaviourCell<Value> => ({
    value,
    source,
    isOpen: certainty === 'open',
  });
  const cells = { documented: cell(documented), '4.2': cell(in42), '4.5': cell(in45), '4.6': cell(in46) };
  return { title, cells: { ...cells, '2023.2': cell(in2023) } };
}

type TypeSpelling = 'constants' | 'constants-and-manual' | 'any-case';
type BadTypeAnswer = '400 that says why' | '500 of the framework' | '400 without a body';
type AbsentIndexes = 'no' | 'yes' | 'of transformed segments, once compacted, by names without version';
type BadNumberAnswer = '400 that says why' | '500 of the framework';
type ErrorMessages = 'says what was wrong' | 'in the words of the framework' | 'left out';
type ListingOrder = 'ascending' | 'descending, interleaved' | 'descending, data before indexes';
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
  }),

  hasRootControlDbPath: row<boolean>('`POST /createControlDbBackup`, the path of the standard edition', {
    documented: [true, 'the manual from v2024.2 on'],
    '4.2': [false, endpoints('1.1')],
    '4.6': [false, endpoints('1.1'), 'open'],
  }),
  hasEventStoreListing: row<boolean>('`GET /v1/backup/eventstore`', {
    documented: [true, CONTRACT],
    '4.2': [false, endpoints('1.1')],
    '4.6': [true, endpoints('1.1')],
  }),
  hasReplicationGroups: row<boolean>(
    'Replication groups apart from contexts, `GET /v1/public/replicationgroups`, role SECONDARY',
    {
      documented: [true, CONTRACT],
      '4.2': [false, endpoints('1.2, 2.3, 6, 7')],
      '4.5': [true, endpoints('1.2, 2.3, 6, 7')],
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
  closedPaths: row<PathForm>('Paths of closed segments', {
    documented: ['plain', CONTRACT],
    '4.2': ['unnormalised', endpoints('1.4')],
    '4.6': ['canonical', endpoints('1.4')],
    '2023.2': ['unnormalised', endpoints('1.4')],
  }),
  activePaths: row<PathForm>('Paths of active segments', {
    documented: ['plain', CONTRACT],
    '4.2': ['unnormalised', endpoints('1.4')],
    '4.6': ['canonical', endpoints('1.4')],
  }),
  zipPath: row<PathForm>('Path of the zip of the control database', {
    documented: ['plain', CONTRACT],
    '4.2': ['unnormalised', endpoints('2.1')],
  }),
  logListing: row<LogListing>('What `/log/filenames` lists', {
    documented: ['ascending, current last', CONTRACT],
    '4.2': ['closed descending, each with its index', endpoints('1.4')],
    '4.6': ['current first, descending', endpoints('1.4'), 'open'],
  }),
  hasLogIndexFiles: row<boolean>('Closed log segments have an `.index` file', {
    documented: [false, endpoints('1.4')],
    '4.2': [true, endpoints('3.1')],
    '4.6': [false, endpoints('3.1')],
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
  jsonType: row<string>('Content type of JSON', {
    documented: ['application/json', endpoints('1.3')],
    '4.2': ['application/json;charset=UTF-8', endpoints('1.3')],
    '4.5': ['application/json', endpoints('1.3')],
  }),
  healthKey: row<'details' | 'components'>('Key of the parts of `/actuator/health`', {
    documented: ['components', endpoints('7')],
    '4.2': ['details', endpoints('7')],
    '4.5': ['components', endpoints('7')],
  }),
  tellsPlugins: row<boolean>('`pluginsEnabled` and `initialized` in `/v1/public/me`', {
    documented: [true, endpoints('7')],
    '4.2': [false, endpoints('7')],
    '4.5': [true, endpoints('7')],
  }),

  overflow: row<'exact-fit' | 'strict'>('When a transaction still fits into the open segment', {
    documented: ['exact-fit', segments('2.2')],
    '4.2': ['strict', segments('2.2')],
    '4.6': ['exact-fit', segments('2.2')],
  }),
  limitsTransactions: row<boolean>('A transaction larger than a segment is refused, and one of over 32,767 events', {
    documented: [false, segments('2.1, 2.2')],
    '4.2': [true, segments('2.1, 2.2')],
    '4.6': [false, segments('2.1, 2.2')],
  }),
  closesIndexedHighest: row<boolean>('Start-up takes the highest segment for closed where it has an index', {
    documented: [true, segments('8.1')],
    '4.2': [false, segments('8.1')],
    '4.5': [true, segments('8.1')],
  }),
} as const satisfies Record<string, BehaviourRow<string | boolean>>;

type BehaviourTable = typeof behaviourTable;

/** One column of the table: what one version does. */
export type Behaviour = {
  readonly [Name in keyof BehaviourTable]: BehaviourTable[Name]['cells']['documented']['value'];
};

export const behaviours = Object.fromEntries(serverVersions.map((version) => [version, columnOf(version)])) as Readonly<
  Record<ServerVersion, Behaviour>
>;

function columnOf(version: ServerVersion): Behaviour {
  const cells = Object.entries(behaviourTable).map(([name, { cells: each }]) => [name, each[version].value]);
  return Object.fromEntries(cells) as Behaviour;
}
