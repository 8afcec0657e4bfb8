import { basename } from 'node:path/posix';
import type { OrderedEvent, RequestRecord, RunRecord } from '../evidence.ts';
import type { BackupFile, BackupInventory } from '../inventory.ts';
import { isWithinSpan, type Span } from '../order-of-happening.ts';
import type { PushedProblem } from '../restoration.ts';

/*
 * Backups of contexts with a dynamic consistency boundary, which the server writes (docs/newer-versions.md, section 3): what it was
 * asked for and has written shows in the cluster's events, and what is left of it in the backup.
 */

type OfKind<Kind extends OrderedEvent['kind']> = OrderedEvent & { readonly kind: Kind };
export type StartedPush = OfKind<'dcb-backup-started'>;
export type FinishedPush = OfKind<'dcb-backup-finished'>;

/** Backups that the server has begun to write in a span of time, in order. */
export function startedIn(events: readonly OrderedEvent[], span: Span): StartedPush[] {
  return events.filter(
    (event): event is StartedPush => event.kind === 'dcb-backup-started' && isWithinSpan(event, span),
  );
}

/** The same of those that it has finished. */
export function finishedIn(events: readonly OrderedEvent[], span: Span): FinishedPush[] {
  return events.filter(
    (event): event is FinishedPush => event.kind === 'dcb-backup-finished' && isWithinSpan(event, span),
  );
}

/** Whether an answer said that the backup was finished: it was by then, and the answer is as the server gave it. */
export function tellsOfEnd({ method, path, status, fault, seq }: RequestRecord, finished: FinishedPush): boolean {
  const isAsked = path === `/v2/backup/${finished.id}` || path === '/v2/backup';
  return method === 'GET' && isAsked && status === 200 && fault === null && seq > finished.seq;
}

/** What a run that ends well has to have of a context: the files of the newest backup that the server has finished in it. */
export interface DemandedPush {
  readonly context: string;
  /** Null where it has finished none. */
  readonly files: FinishedPush['files'] | null;
}

export function demandedOf(
  events: readonly OrderedEvent[],
  run: Pick<RunRecord, 'startSeq' | 'endSeq'> & { readonly dcbContexts: readonly string[] },
): DemandedPush[] {
  const finished = finishedIn(events, run);
  return run.dcbContexts.map((context) => ({
    context,
    files: finished.findLast((each) => each.context === context)?.files ?? null,
  }));
}

/** What of files that the server has written is not in the backup, all in one place, as it was written. */
export function missingOf(files: FinishedPush['files'], { ofDcb = [] }: BackupInventory): readonly string[] {
  const byChecksum = groupByChecksum(ofDcb);
  const held = new Map<string, Set<string>>();
  for (const { path, checksum } of files) {
    for (const copy of byChecksum.get(checksum) ?? []) {
      const root = rootOf(copy, path);
      if (root !== null) held.set(root, (held.get(root) ?? new Set()).add(path));
    }
  }
  const fullest = [...held.values()].reduce<ReadonlySet<string>>((a, b) => (b.size > a.size ? b : a), new Set());
  return files.map(({ path }) => path).filter((path) => !fullest.has(path));
}

/** The folder of the context that a copy lies in, if it lies where the server has put it there. */
function rootOf({ container, name }: BackupFile, path: string): string | null {
  if (name !== basename(path)) return null;
  const place = `/${container.replaceAll('!', '/')}/${name}`;
  return place.endsWith(`/${path}`) ? place.slice(0, -path.length) : null;
}

/** What keeps the demanded backups from being restored. */
export function problemsOfPushed(demanded: readonly DemandedPush[], backup: BackupInventory): PushedProblem[] {
  return demanded.flatMap(({ context, files }): PushedProblem[] => {
    if (files === null) {
      const message = 'the server has finished no backup of it, and a copy of its live files is none';
      return [{ kind: 'no-dcb-backup', where: context, message }];
    }
    const missing = missingOf(files, backup);
    const [first] = missing;
    if (first === undefined) return [];
    const message = `${missing.length} of ${files.length} files are missing, or are not as the server has written them: ${first}${missing.length > 1 ? ' and others' : ''}`;
    return [{ kind: 'dcb-not-whole', where: context, message }];
  });
}

function groupByChecksum(files: readonly BackupFile[]): Map<string, BackupFile[]> {
  const groups = new Map<string, BackupFile[]>();
  for (const file of files) groups.set(file.checksum, [...(groups.get(file.checksum) ?? []), file]);
  return groups;
}
