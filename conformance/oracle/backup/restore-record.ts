import { nameOfLeaf, type PlacedLeaf } from './placed-leaf.ts';

/** What `restore` leaves beside the files of a node, so that what it has laid out can be told from a copy of a live server. */
export const RESTORE_RECORD_NAME = 'axon-backup-kit-restore.json';

/** What it says. */
export interface RestoreRecord {
  readonly schemaVersion: 1;
  /** A sentence: which backup, and why that one. */
  readonly why: string;
  /** Relative to the node's folder; SHA-256 in hex. Null where no database was laid out. */
  readonly database: { readonly from: string; readonly path: string; readonly sha256: string } | null;
}

/** A record is small; what is larger is none. */
const MOST_RECORD_BYTES = 64 * 1024;

/**
 * In a folder that `restore` has made, the database lies unpacked: as long as it has the bytes that it was laid out with, it
 * counts as the zip that it comes from. Any other database outside of a zip stays what it is, a copy of a live file.
 */
export function withLaidDatabases(found: readonly PlacedLeaf[]): readonly PlacedLeaf[] {
  const records = found.filter(
    ({ leaf }) => nameOfLeaf(leaf) === RESTORE_RECORD_NAME && leaf.sizeBytes <= MOST_RECORD_BYTES,
  );
  const laid = new Set(records.flatMap((record) => databaseOf(record, found) ?? []));
  if (laid.size === 0) return found;
  return found
    .filter((file) => !records.includes(file))
    .map((file) => (laid.has(file) ? withTraits(file, { kind: 'control-db-zip' }) : file));
}

function withTraits(file: PlacedLeaf, traits: PlacedLeaf['traits']): PlacedLeaf {
  return { ...file, traits, leaf: { ...file.leaf, traits } };
}

function databaseOf(record: PlacedLeaf, found: readonly PlacedLeaf[]): PlacedLeaf | null {
  const said = parse(record.leaf.readBytes().toString('utf8'));
  if (said === null) return null;
  const beside = record.path.slice(0, record.path.length - RESTORE_RECORD_NAME.length);
  const isIt = ({ path, leaf }: PlacedLeaf): boolean =>
    leaf.traits.kind === 'control-db-live' && path === `${beside}${said.path}` && leaf.checksum === said.sha256;
  return found.find(isIt) ?? null;
}

function parse(text: string): { readonly path: string; readonly sha256: string } | null {
  try {
    const { schemaVersion, database } = JSON.parse(text) as Partial<RestoreRecord>;
    const { path, sha256 } = database ?? {};
    return schemaVersion === 1 && typeof path === 'string' && typeof sha256 === 'string' ? { path, sha256 } : null;
  } catch {
    return null;
  }
}
