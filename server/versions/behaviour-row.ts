/*
 * What a table of behaviours is made of: rows, cells, and how a cell follows from the one before it. The table itself is
 * in behaviours.ts.
 */

/** The manual's promises, and the versions whose answers were read in source, or recorded. */
export const sourcedVersions = ['documented', '4.2', '4.5', '4.6', '2023.2'] as const;

export type SourcedVersion = (typeof sourcedVersions)[number];

/** Of these nothing is known but what manuals, databases and their predecessor say. */
const withoutSource = ['2024.2', '2025.2', '2026.0'] as const;

/**
 * What `--server-version` takes: the manual's promises, 4.2, 4.5.16 and 4.6, the unified 2023.2, and those after it, of which no
 * source is public. Of the enterprise edition unless `--edition` says otherwise.
 */
export const serverVersions = [...sourcedVersions, ...withoutSource] as const;

export type ServerVersion = (typeof serverVersions)[number];

/** What `--edition` takes. The standard one is a single node without a replication log. */
export const editions = ['enterprise', 'standard'] as const;

export type Edition = (typeof editions)[number];

/** The versions of an edition: the standard one was recorded up to 2023.2, and is not known later. */
export function versionsOf(edition: Edition): readonly ServerVersion[] {
  return edition === 'enterprise' ? serverVersions : sourcedVersions;
}

/** How a cell is known; `unknown` is the plain behaviour, chosen, and from 2024 on that of 2023.2. */
export const certainties = ['recorded', 'source', 'database', 'manual', 'inferred', 'unknown'] as const;

export type Certainty = (typeof certainties)[number];

/** What `documented` promises, and versions are said to be. */
export const CONTRACT = 'what docs/server-versions.md says first';
export const RECORDED = 'recorded answers of the standard edition';
const NEWER = 'docs/newer-versions.md, section 2';

export function endpoints(section: string): string {
  return `docs/backup-endpoints.md, section ${section}`;
}

export function segments(section: string): string {
  return `docs/event-segment-format.md, section ${section}`;
}

export function newer(section: string): string {
  return `docs/newer-versions.md, section ${section}`;
}

export interface BehaviourCell<Value> {
  readonly value: Value;
  /** Where it is written. */
  readonly source: string;
  readonly certainty: Certainty;
}

export type BehaviourCells<Value> = Readonly<Record<ServerVersion, BehaviourCell<Value>>>;

export interface BehaviourRow<Value> {
  readonly title: string;
  readonly cells: BehaviourCells<Value>;
  /** The cells of the standard edition; those above where it does not differ. */
  readonly standard: BehaviourCells<Value>;
}

/** Value and source of a column. */
export type Column<Value> = readonly [value: Value, source: string, certainty?: Certainty];

/** What is said of the columns of an edition. */
export type Columns<Value> = { readonly [Version in ServerVersion]?: Column<Value> };

/**
 * `documented` and `4.2` are said; `4.5` is as `4.2`, and each later version as the one before it. Where nothing is said of a version
 * that has no source, nobody knows whether it is.
 */
export function row<Value extends string | boolean | number | null>(
  title: string,
  columns: Columns<Value> & { readonly documented: Column<Value>; readonly '4.2': Column<Value> },
  standardColumns: Columns<Value> = {},
): BehaviourRow<Value> {
  const cells = spread(columns, null);
  return { title, cells, standard: spread(standardColumns, cells) };
}

/** What is not said is as in the version before it, once anything is said; until then as in `otherwise`. */
function spread<Value>(columns: Columns<Value>, otherwise: BehaviourCells<Value> | null): BehaviourCells<Value> {
  let before: Column<Value> | undefined;
  const entries = serverVersions.map((version) => {
    const inherited: Column<Value> | undefined =
      before === undefined || !hasNoSource(version) ? before : [before[0], NEWER, before[2] ?? 'unknown'];
    const said: Column<Value> | undefined = columns[version] ?? (version === 'documented' ? undefined : inherited);
    if (version !== 'documented') before = said;
    const cell = said === undefined ? otherwise?.[version] : cellOf(said);
    return [version, cell] as const;
  });
  return Object.fromEntries(entries) as BehaviourCells<Value>;
}

function hasNoSource(version: ServerVersion): boolean {
  return withoutSource.some((each) => each === version);
}

function cellOf<Value>([value, source, certainty]: Column<Value>): BehaviourCell<Value> {
  return { value, source, certainty: certainty ?? certaintyOf(source) };
}

function certaintyOf(source: string): Certainty {
  if (source === RECORDED) return 'recorded';
  return source === CONTRACT || source.startsWith('the manual') ? 'manual' : 'source';
}
