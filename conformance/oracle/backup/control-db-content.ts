import { CONTROL_DB_FILE_NAME, decodeControlDbArchive } from '../../../server/formats/control-db-archive.ts';
import { AxonError } from '../../../server/index.ts';
import { readControlDb, type ReadControlDb } from '../../../server/restored-node.ts';
import { ArchiveError } from '../archives/archive-entry.ts';
import { readH2ControlDb, type H2ControlDb } from './h2-control-db.ts';
import { ReadingBudget } from '../archives/reading-budget.ts';
import { readZipEntries } from '../archives/zip-entries.ts';

/** What a control database says, whoever wrote it. */
export type ControlDbContent = {
  /** The database file itself, and what it is called. */
  readonly image: Uint8Array;
  readonly fileName: string;
} &
  /** One of ours, which a simulated node can be started on. */
  (
    | ({ readonly engine: 'sqlite' } & ReadControlDb)
    /** A real server's. */
    | ({ readonly engine: 'h2' } & H2ControlDb)
  );

type Budget = Pick<ReadingBudget, 'requireWhole' | 'takeUnpacked' | 'takeEntry'>;

/** What the database is called from 2024.0 on. */
const RENAMED_DATABASE = 'axonserver-configdb.mv.db';
/** As of the database of a simulated server: no cluster has a larger one. */
const MOST_DATABASE_BYTES = 128 * 1024 ** 2;
const SQLITE = 'SQLite format 3\0';
const H2 = 'H:2,';

/**
 * Reads the database in a zip of POST createControlDbBackup, or one that `restore` has unpacked as `fileName`; what it unpacks to is taken out of the budget. Fails with
 * `control-db-unreadable`, or with an ArchiveError where the zip is damaged or holds too much.
 */
export async function readControlDbZip(
  zip: Buffer,
  budget: Budget,
  fileName = CONTROL_DB_FILE_NAME,
): Promise<ControlDbContent> {
  const isUnpacked = beginsWith(zip, SQLITE) || beginsWith(zip, H2);
  const { image, ...named } = isUnpacked ? { image: zip, fileName } : extractDatabase(zip, budget);
  if (beginsWith(image, SQLITE)) {
    return { engine: 'sqlite', image, ...named, ...(await readControlDb(image)) };
  }
  return { engine: 'h2', image, ...named, ...readH2ControlDb(image) };
}

function beginsWith(bytes: Uint8Array, start: string): boolean {
  return Buffer.from(bytes.subarray(0, start.length)).toString('latin1') === start;
}

/** Its checksum is compared while it is taken out. */
function extractDatabase(zip: Buffer, budget: Budget): Pick<ControlDbContent, 'image' | 'fileName'> {
  const entries = readZipEntries(zip, () => budget.takeEntry());
  for (const { name, sizeBytes } of entries) {
    budget.requireWhole(sizeBytes, name);
    budget.takeUnpacked(sizeBytes);
  }
  const renamed = entries.find(({ name }) => name === RENAMED_DATABASE);
  if (renamed === undefined) return { image: decodeControlDbArchive(zip), fileName: CONTROL_DB_FILE_NAME };
  if (renamed.sizeBytes > MOST_DATABASE_BYTES) {
    throw new ArchiveError(
      `${RENAMED_DATABASE} has ${renamed.sizeBytes} bytes, and no cluster more than ${MOST_DATABASE_BYTES}`,
    );
  }
  return { image: renamed.extract(zip), fileName: RENAMED_DATABASE };
}

/**
 * As `readControlDbZip`, for a first look that counts as none; null for one that is damaged: it tells nothing here, and that
 * it is damaged is told elsewhere.
 */
export async function readControlDbOrNull(
  readZip: () => Buffer,
  budget: ReadingBudget,
): Promise<ControlDbContent | null> {
  try {
    const own = new ReadingBudget({ limits: budget.limits, realTimeMs: () => 0 });
    return await readControlDbZip(readZip(), own);
  } catch (error) {
    if (!(error instanceof AxonError) && !(error instanceof ArchiveError)) throw error;
    return null;
  }
}

/** Names of the contexts that a database knows. */
export function contextsOf(content: ControlDbContent): readonly string[] {
  return content.engine === 'h2' ? content.contexts.map(({ name }) => name) : content.configuration.contexts;
}

/** Those of them that have a dynamic consistency boundary, and so no segments. */
export function dcbContextsOf(content: ControlDbContent): readonly string[] {
  if (content.engine === 'sqlite') return content.dcbContexts;
  return content.contexts.flatMap(({ name, isDcb }) => (isDcb === true ? [name] : []));
}
