/*
 * What a table of behaviours is made of: rows, cells, and how a cell follows from the one before it. The table itself is
 * in behaviours.ts.
 */

/**
 * What `--server-version` takes: the manual's promises, 4.2, 4.5.16 and 4.6, and the unified 2023.2. Of the enterprise
 * edition unless `--edition` says otherwise.
 */
export const serverVersions = ['documented', '4.2', '4.5', '4.6', '2023.2'] as const;

export type ServerVersion = (typeof serverVersions)[number];

/** What `--edition` takes. The standard one is a single node without a replication log. */
export const editions = ['enterprise', 'standard'] as const;

export type Edition = (typeof editions)[number];

export interface BehaviourCell<Value> {
  readonly value: Value;
  /** Where it is written. */
  readonly source: string;
  /** Nobody outside knows: this is the plain behaviour, chosen. */
  readonly isOpen: boolean;
}

export type BehaviourCells<Value> = Readonly<Record<ServerVersion, BehaviourCell<Value>>>;

export interface BehaviourRow<Value> {
  readonly title: string;
  readonly cells: BehaviourCells<Value>;
  /** The cells of the standard edition; those above where it does not differ. */
  readonly standard: BehaviourCells<Value>;
}

/** Value and source of a column. */
export type Column<Value> = readonly [value: Value, source: string, certainty?: 'open'];

/** What is said of the columns of an edition. */
export type Columns<Value> = { readonly [Version in ServerVersion]?: Column<Value> };

/** `documented` and `4.2` are said; `4.5` is as `4.2`, and each later version as the one before it. */
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
    const said: Column<Value> | undefined = columns[version] ?? (version === 'documented' ? undefined : before);
    if (version !== 'documented') before = said;
    const cell = said === undefined ? otherwise?.[version] : cellOf(said);
    return [version, cell] as const;
  });
  return Object.fromEntries(entries) as BehaviourCells<Value>;
}

function cellOf<Value>([value, source, certainty]: Column<Value>): BehaviourCell<Value> {
  return { value, source, isOpen: certainty === 'open' };
}
