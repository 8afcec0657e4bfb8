import { decodeControlDbArchive } from '../../server/formats/control-db-archive.ts';
import { AxonError, readControlDb, type ConfiguredNames, type ControlDbGroup } from '../../server/index.ts';
import { ArchiveError } from './archive-entry.ts';
import { readH2ControlDb, type H2ControlDb } from './h2-control-db.ts';
import { ReadingBudget } from './reading-budget.ts';
import { readZipEntries } from './zip-entries.ts';

/** What a control database says, whoever wrote it. */
export type ControlDbContent =
  /** One of ours, which a simulated node can be started on. */
  | {
      readonly engine: 'sqlite';
      readonly image: Uint8Array;
      readonly groups: readonly ControlDbGroup[];
      readonly configuration: ConfiguredNames;
    }
  /** A real server's. */
  | ({ readonly engine: 'h2' } & H2ControlDb);

type Budget = Pick<ReadingBudget, 'requireWhole' | 'takeUnpacked' | 'takeEntry'>;

/** What the database is called from 2024.0 on. */
const RENAMED_DATABASE = 'axonserver-configdb.mv.db';
/** As of the database of a simulated server: no cluster has a larger one. */
const MOST_DATABASE_BYTES = 128 * 1024 ** 2;
const SQLITE = 'SQLite format 3\0';

/**
 * Reads the database in a zip of POST createControlDbBackup; what it unpacks to is taken out of the budget. Fails with
 * `control-db-unreadable`, or with an ArchiveError where the zip is damaged or holds too much.
 */
export async function readControlDbZip(zip: Buffer, budget: Budget): Promise<ControlDbContent> {
  const image = extractDatabase(zip, budget);
  if (Buffer.from(image.subarray(0, SQLITE.length)).toString('latin1') === SQLITE) {
    return { engine: 'sqlite', image, ...(await readControlDb(image)) };
  }
  return { engine: 'h2', ...readH2ControlDb(image) };
}

/** Its checksum is compared while it is taken out. */
function extractDatabase(zip: Buffer, budget: Budget): Uint8Array {
  const entries = readZipEntries(zip, () => budget.takeEntry());
  for (const { name, sizeBytes } of entries) {
    budget.requireWhole(sizeBytes, name);
    budget.takeUnpacked(sizeBytes);
  }
  const renamed = entries.find(({ name }) => name === RENAMED_DATABASE);
  if (renamed === undefined) return decodeControlDbArchive(zip);
  if (renamed.sizeBytes > MOST_DATABASE_BYTES) {
    throw new ArchiveError(
      `${RENAMED_DATABASE} has ${renamed.sizeBytes} bytes, and no cluster more than ${MOST_DATABASE_BYTES}`,
    );
  }
  return renamed.extract(zip);
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
  return content.engine === 'h2' ? content.contexts.flatMap(({ name, isDcb }) => (isDcb === true ? [name] : [])) : [];
}
