import type { ExaminedBackup } from '../examination/examine-backup.ts';
import { groupsOf } from '../examination/examine-backup.ts';
import type { ExaminedLog } from '../examination/examine-log.ts';
import type { ExaminedStore } from '../examination/examine-events.ts';
import type { RestoreOutlook, VerificationProblem } from './verification.ts';

/**
 * What a real server would come to that starts on the backup, counted from files and log: it goes through the entries behind
 * the applied index, passes over what the store has, appends what follows on it, and stops at what does not (
 * docs/backup-endpoints.md, section 5.4).
 */
export function replayLogs(
  backup: ExaminedBackup,
  contexts: readonly string[],
): { readonly outlook: RestoreOutlook; readonly problems: readonly VerificationProblem[] } {
  const known = groupsOf(backup, contexts);
  const problems: VerificationProblem[] = [];
  const stores = backup.stores.map((store) => {
    const { context, type } = store;
    const group = known.find((each) => each.contexts.includes(context));
    const log = backup.logs.find((each) => each.group === group?.group);
    const { nextToken, stoppedAt } = replay(store, log, group?.appliedIndex ?? 0);
    if (stoppedAt !== null) {
      const message = `entry ${stoppedAt.index} brings token ${stoppedAt.token} of ${context} ${type}, and the segments with what the log brings before it end before token ${nextToken}: what comes between is nowhere, and applying stops there`;
      problems.push({ kind: 'apply-stopped', where: log?.group ?? context, message });
    }
    const first = Number(store.firstToken);
    const tokens = nextToken > store.firstToken ? { first, last: Number(nextToken) - 1 } : null;
    return { context, type, tokens, fromLog: Number(nextToken - store.nextToken) };
  });
  const groups = backup.logs
    .filter(({ segments }) => segments.length > 0)
    .map(({ group, lastIndex }) => ({ group, appliedIndex: lastIndex }));
  return { outlook: { basis: 'files-and-log', starts: null, stores, groups, configuration: null }, problems };
}

interface Replayed {
  readonly nextToken: bigint;
  readonly stoppedAt: { readonly index: number; readonly token: bigint } | null;
}

function replay(
  { context, type, nextToken, segments }: ExaminedStore,
  log: ExaminedLog | undefined,
  appliedIndex: number,
): Replayed {
  let next = nextToken;
  // Where the files or the log break off, that is said, and the rest follows from it.
  if (log === undefined || log.firstIndex > appliedIndex + 1 || segments.at(-1)?.end === 'broken') {
    return { nextToken: next, stoppedAt: null };
  }
  for (const run of log.runs) {
    if (run.fromIndex <= appliedIndex || run.context !== context || run.type !== type) continue;
    if (run.firstToken > next) {
      return { nextToken: next, stoppedAt: { index: run.fromIndex, token: run.firstToken } };
    }
    if (run.nextToken > next) next = run.nextToken;
  }
  return { nextToken: next, stoppedAt: null };
}
