import * as fs from 'node:fs';
import path from 'node:path';
import { AxonError } from '../../../server/index.ts';
import type { BackupFile, BackupInventory } from '../../journal/inventory.ts';
import { readInventory, type ReadBackup } from '../backup/backup-reader.ts';
import { contextsOf, dcbContextsOf } from '../backup/control-db-content.ts';
import { describeDcb, setDcbFoldersApart } from './dcb-folders.ts';
import type { ExaminedControlDb } from '../examination/examine-backup.ts';
import type { ReadingBudget } from '../archives/reading-budget.ts';
import type { BackupVerification } from './verification.ts';
import { describeControlDbs, type DescribedControlDb } from './verified-control-db.ts';

/** What a backup is before its segments are read: its files, whose they are, and what its control databases say. */
export interface LookedBackup {
  readonly inventory: ReadBackup;
  readonly zips: readonly DescribedControlDb[];
  readonly contexts: readonly string[];
  readonly groups: readonly string[];
  /** What there is to say of contexts with a dynamic consistency boundary. */
  readonly ofDcb: Pick<BackupVerification, 'problems' | 'notes'>;
}

/** Looks at a backup, in a folder or an archive; with `node` at what lies in a folder of that name alone. Fails as `verifyBackup` does. */
export async function lookAtBackup(file: string, budget: ReadingBudget, node?: string): Promise<LookedBackup> {
  const { rest, dcb } = setDcbFoldersApart(await readBackup(file, budget));
  const inventory = node === undefined ? rest : onlyOfNode(rest, node);
  const owners = ownersIn(inventory, 'segment');
  const groups = ownersIn(inventory, 'log');
  const zips = await describeControlDbs(inventory, budget);
  // The newest knows all names, whichever is taken in the end.
  const newest = zips.find(({ isNewest }) => isNewest)?.content ?? null;
  for (const { group } of newest?.groups ?? []) if (!groups.includes(group)) groups.push(group);
  const dcbContexts = newest === null ? [] : dcbContextsOf(newest);
  const contexts = [...new Set([...owners, ...(newest === null ? [] : contextsOf(newest))])].filter(
    (context) => !dcbContexts.includes(context),
  );
  const pulled = owners.filter((context) => dcbContexts.includes(context));
  return { inventory, zips, contexts, groups, ofDcb: describeDcb(dcb, dcbContexts, pulled) };
}

/** The database of a zip, as it was opened already. */
export function openedControlDb({ zips }: LookedBackup, file: BackupFile | null): ExaminedControlDb {
  if (file === null) return { state: 'missing' };
  const { content = null, message = null } = zips.find((zip) => zip.file === file.path) ?? {};
  return content === null ? { state: 'unreadable', file, message: message ?? '' } : { state: 'open', file, content };
}

async function readBackup(file: string, budget: ReadingBudget): Promise<ReadBackup> {
  if (!fs.existsSync(file)) throw new AxonError('bad-option', `there is no file or folder ${file}`);
  if (!fs.statSync(file).isFile() && !fs.statSync(file).isDirectory()) {
    throw new AxonError('bad-option', `${file} is no file and no folder; a tar that comes over standard input is -`);
  }
  const target = fs.realpathSync(file);
  if (target === path.parse(target).root) {
    throw new AxonError('bad-option', `${file} is the whole disk: name the folder that holds the backup`);
  }
  return readInventory(file, null, 0, { isOffline: true, budget });
}

/** Where no folder has the name of a node, all of it may be that node's: its control database says whether. */
function onlyOfNode(backup: ReadBackup, node: string): ReadBackup {
  const files = backup.files.filter(({ path: place }) => place.split(/[/!]/).slice(0, -1).includes(node));
  return files.length === 0 ? backup : { ...backup, files };
}

function ownersIn({ files }: BackupInventory, kind: 'segment' | 'log'): string[] {
  const owners = new Set<string>();
  for (const { what } of files) {
    if (what.kind !== kind) continue;
    const owner = what.kind === 'segment' ? what.context : what.group;
    if (owner !== null) owners.add(owner);
  }
  return [...owners].toSorted();
}
