import type { BackupInventory } from '../../journal/inventory.ts';
import type { ControlDbContent } from '../backup/control-db-content.ts';
import { examineControlDb } from '../examination/examine-backup.ts';
import type { AxonContext, BackupInfo } from '../../../h2/index.ts';
import type { ReadingBudget } from '../archives/reading-budget.ts';
import { newestControlDb } from '../examination/newest-control-db.ts';
import type { VerifiedContext, VerifiedControlDb } from './verification.ts';

/** A zip as it is told, and what the database in it says, for the caller. */
export type DescribedControlDb = VerifiedControlDb & { readonly content: ControlDbContent | null };

/** All zips, the newest first. */
export async function describeControlDbs(
  { files }: BackupInventory,
  budget: ReadingBudget,
): Promise<DescribedControlDb[]> {
  const newest = newestControlDb(files);
  const zips = files.filter(({ what }) => what.kind === 'control-db-zip').toSorted((a, b) => b.recency - a.recency);
  const described: DescribedControlDb[] = [];
  for (const file of zips) {
    await budget.turn();
    const examined = await examineControlDb(file, budget);
    const content = examined.state === 'open' ? examined.content : null;
    described.push({
      file: file.path,
      isNewest: file === newest,
      state: content === null ? 'unreadable' : 'opened',
      message: examined.state === 'unreadable' ? examined.message : null,
      engine: engineOf(content),
      groups: (content?.groups ?? []).map(({ group, commitIndex, appliedIndex, members }) => {
        return { group, commitIndex, appliedIndex, members };
      }),
      contexts: contextsOf(content),
      lastBackups: content?.engine === 'h2' ? content.backups.map(lastBackupOf) : [],
      content,
    });
  }
  return described;
}

function engineOf(content: ControlDbContent | null): VerifiedControlDb['engine'] {
  if (content === null) return null;
  return content.engine === 'h2' ? { name: 'h2', format: content.format } : { name: 'sqlite' };
}

function contextsOf(content: ControlDbContent | null): readonly VerifiedContext[] {
  if (content === null) return [];
  if (content.engine === 'h2') return content.contexts.map(contextOf);
  return content.configuration.contexts.map((name) => ({
    name,
    group: content.groups.find(({ contexts }) => contexts.includes(name))?.group ?? null,
    isDcb: null,
    eventIndexFormat: null,
    snapshotIndexFormat: null,
    replicationIndex: null,
  }));
}

function contextOf(context: AxonContext): VerifiedContext {
  const { name, group, isDcb, eventIndexFormat, snapshotIndexFormat, replicationIndex } = context;
  return { name, group, isDcb, eventIndexFormat, snapshotIndexFormat, replicationIndex: numberOf(replicationIndex) };
}

function lastBackupOf({
  group,
  lastAppliedIndex,
  lastBackupTimestamp,
}: BackupInfo): VerifiedControlDb['lastBackups'][number] {
  return { group, appliedIndex: numberOf(lastAppliedIndex), atMs: numberOf(lastBackupTimestamp) };
}

/** Null also where it is beyond what a number holds exactly, as nothing real is. */
function numberOf(value: bigint | null): number | null {
  return value === null || !Number.isSafeInteger(Number(value)) ? null : Number(value);
}
