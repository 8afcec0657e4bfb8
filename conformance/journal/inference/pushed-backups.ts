import { basename } from 'node:path/posix';
import type { OrderedEvent, RequestRecord, RunRecord, ToldPush } from '../evidence.ts';
import type { BackupFile, BackupInventory } from '../inventory.ts';
import { isWithinSpan } from '../order-of-happening.ts';
import type { PushedProblem } from '../restoration.ts';

/*
 * Backups of contexts with a dynamic consistency boundary, which the server writes (docs/newer-versions.md, section 3): what it was
 * asked for and has written shows in the cluster's events, and what is left of it in the backup.
 */

type OfKind<Kind extends OrderedEvent['kind']> = OrderedEvent & { readonly kind: Kind };
export type StartedPush = OfKind<'dcb-backup-started'>;
export type FinishedPush = OfKind<'dcb-backup-finished'>;

/** What of a run tells which of them are its own. */
export type Asking = Pick<RunRecord, 'startSeq' | 'endSeq' | 'requests'>;

/**
 * Backups that a run has had the server begin, in order: those whose ids its POSTs were answered with, and for each answer of which
 * some was cut off the last that had begun before it. Another run beside it has others, though a list of states names all.
 */
export function startedBy(events: readonly OrderedEvent[], run: Asking): StartedPush[] {
  const own = new Set(
    run.requests.flatMap((request) => pushesToldIn(request).flatMap(({ id, state }) => (state === null ? id : []))),
  );
  const started = events.filter(
    (event): event is StartedPush => event.kind === 'dcb-backup-started' && isWithinSpan(event, run),
  );
  for (const request of run.requests.filter(isCut)) {
    const untold = started.findLast(({ id, seq }) => seq < request.seq && !own.has(id));
    if (untold !== undefined) own.add(untold.id);
  }
  return started.filter(({ id }) => own.has(id));
}

/** The same of those that it has finished by the end of the run. */
export function finishedFor(events: readonly OrderedEvent[], run: Asking): FinishedPush[] {
  const own = new Set(startedBy(events, run).map(({ id }) => id));
  return events.filter(
    (event): event is FinishedPush =>
      event.kind === 'dcb-backup-finished' && own.has(event.id) && isWithinSpan(event, run),
  );
}

/** Whether an answer said that the backup was finished, which it was by then. */
export function tellsOfEnd(request: RequestRecord, finished: FinishedPush): boolean {
  const isTold = pushesToldIn(request).some(({ id, state }) => id === finished.id && state === 'FINISHED');
  return isTold && request.seq > finished.seq;
}

function pushesToldIn({ answer }: RequestRecord): readonly ToldPush[] {
  return answer.kind === 'other' ? (answer.pushes ?? []) : [];
}

/** Whether the server has begun one, and the caller was not told which. */
function isCut(request: RequestRecord): boolean {
  const { method, path, status } = request;
  return method === 'POST' && path === '/v2/backup' && status === 200 && pushesToldIn(request).length === 0;
}

/** What a run that ends well has to have of a context: the files of the newest backup that the server has finished in it. */
export interface DemandedPush {
  readonly context: string;
  /** Null where it has finished none. */
  readonly files: FinishedPush['files'] | null;
}

export function demandedOf(
  events: readonly OrderedEvent[],
  run: Asking & { readonly dcbContexts: readonly string[] },
): DemandedPush[] {
  const finished = finishedFor(events, run);
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
