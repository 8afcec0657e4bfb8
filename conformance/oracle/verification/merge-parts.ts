import { AxonError } from '../../../server/index.ts';
import type { BackupFile } from '../../journal/inventory.ts';
import { concludeVerification } from './conclude-verification.ts';
import { examineBackup, type ExaminedControlDb } from '../examination/examine-backup.ts';
import { findLaterLogs } from './later-logs.ts';
import { openedControlDb } from './looked-backup.ts';
import { beyondNode, countedOutcome, QUICK } from './node-outcome.ts';
import { ReadingBudget } from '../archives/reading-budget.ts';
import { SegmentScans } from '../examination/segment-scans.ts';
import type { BackupVerification } from './verification.ts';
import { decodePart, type VerificationPart } from './verification-part.ts';

/** A part, and the file that it came from. */
export interface NamedPart {
  readonly file: string;
  readonly part: VerificationPart;
}

/**
 * One verification of all parts, in any order: the same as if one machine had read everything. The backup need not be there.
 * Fails with `bad-option` where the parts are not of one backup, one is there twice or missing, or one was altered.
 */
export async function mergeParts(parts: readonly NamedPart[]): Promise<BackupVerification> {
  const [first, ...others] = parts;
  if (first === undefined) throw new AxonError('bad-option', 'there is no part to merge');
  for (const other of others) requireSameBackup(first, other);
  requireDistinct(parts);
  const missing = missingParts(parts);
  if (missing.length > 0) throw new AxonError('bad-option', `parts are missing: ${missing.join(', ')}`);
  const contents = parts.map(({ part, file }) => ({ part, ...decodePart(part, file) }));
  const whole = contents.find(({ part }) => part.shard.index === 1);
  const looked = whole?.looked ?? null;
  if (whole === undefined || looked === null)
    throw new AxonError('bad-option', `${first.file}: there is no first part`);
  const { path, isQuick } = whole.part;
  const budget = new ReadingBudget({ realTimeMs: () => performance.now() });
  const segments = new Map(contents.flatMap((each) => [...each.segments]));
  const logs = new Map(contents.flatMap((each) => [...each.logs]));
  const scans = SegmentScans.of(
    new Map(looked.inventory.files.flatMap((file) => pairOf(file, segments))),
    new Map(looked.inventory.files.flatMap((file) => pairOf(file, logs))),
    budget,
  );
  const openControlDb = async (zip: BackupFile | null): Promise<ExaminedControlDb> => openedControlDb(looked, zip);
  const backup = await examineBackup(looked.inventory, { ...looked, openControlDb, scans });
  const later = await findLaterLogs(looked.inventory, backup, scans);
  const node =
    whole.node ?? countedOutcome(backup, looked.contexts, isQuick ? QUICK : beyondNode(backup, budget.limits));
  return concludeVerification({ path, looked, backup, scans, later, node, isQuick }).verification;
}

function pairOf<Scanned>(
  file: BackupFile,
  scanned: ReadonlyMap<string, Scanned>,
): Array<readonly [BackupFile, Scanned]> {
  const found = scanned.get(file.path);
  return found === undefined ? [] : [[file, found]];
}

function requireSameBackup(first: NamedPart, other: NamedPart): void {
  const of = ({ part }: NamedPart): string => `${part.backup} ${part.shard.count} ${part.isQuick}`;
  if (of(first) === of(other)) return;
  const what =
    first.part.backup !== other.part.backup
      ? 'the backup has changed between them, or is another one'
      : first.part.isQuick !== other.part.isQuick
        ? 'one is of a quick look'
        : 'one is of another number of parts';
  throw new AxonError('bad-option', `${first.file} and ${other.file} do not belong together: ${what}`);
}

function requireDistinct(parts: readonly NamedPart[]): void {
  const count = parts[0]?.part.shard.count ?? 0;
  const byIndex = new Map<number, string>();
  for (const { part, file } of parts) {
    const { index } = part.shard;
    const before = byIndex.get(index);
    if (before !== undefined)
      throw new AxonError('bad-option', `${before} and ${file} are both part ${index}/${count}`);
    byIndex.set(index, file);
  }
}

/** Numbers of the parts that are not there, of as many as the first says that there are. */
export function missingParts(parts: readonly NamedPart[]): readonly number[] {
  const count = parts[0]?.part.shard.count ?? 0;
  const there = new Set(parts.map(({ part }) => part.shard.index));
  return Array.from({ length: count }, (_, place) => place + 1).filter((index) => !there.has(index));
}
