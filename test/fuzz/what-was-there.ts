import type { BackupVerification } from '../../conformance/oracle/verification/verification.ts';
import type { Base, Pointers } from './bases.ts';

/** What is known of an input beside its bytes. */
export interface Known {
  /** Bases whose files may be in it. */
  readonly bases: readonly Base[];
  /** True where whole files were taken away, renamed, or put in the place of others. */
  readonly takesAway: boolean;
}

/**
 * Where a backup is said to be consistent for fewer tokens than there were: why it is not. Null where that cannot be held
 * against the reader.
 *
 * Less may be a whole backup, too: without the newest files it is an older one. So a reader is held to what is left:
 *
 *   1. A store begins at token 0.
 *   2. Where no whole file was taken away, the control database of the newest run is the one that counts.
 *   3. The log of each group that the control database knows goes from `applied + 1` or before to `commit` and `applied` or
 *      behind: without that no node can be restored.
 *   4. A restored node has applied its whole log. So a store comes at least to where the entries brought it that the report
 *      itself counts to the log, in each group, from its first to its last index. Of spliced bases the least counts.
 *   5. Without a control database there is no node, and nothing says what there was; but then one was taken away.
 *
 * What was never in a log that is left, such as the end of a store whose log has been cleaned since, nobody can miss.
 */
export function untruthOf(verification: BackupVerification, { bases, takesAway }: Known): string | null {
  const { verdict, restored, controlDbs, logs } = verification;
  if (verdict !== 'consistent') return null;
  if (restored === null) return 'it is consistent, and nothing of it would be restored';
  for (const { context, type, tokens } of restored.stores) {
    if (tokens !== null && tokens.first !== 0) return `${type} of ${context} begins at token ${tokens.first}`;
  }
  const newest = controlDbs.find(({ isNewest }) => isNewest);
  if (newest?.state !== 'opened' && !takesAway) return 'nobody took the control database away, and it is not read';
  if (newest?.state !== 'opened') return null;
  if (!takesAway && !bases.some(({ pointers }) => sameAs(pointers.at(-1) ?? [], newest.groups))) {
    return 'nobody took the newest control database away, and another one counts';
  }
  return brokenLog(newest.groups, logs) ?? shortStore(verification, bases);
}

/** Rule 3. */
function brokenLog(groups: readonly Pointers[], logs: BackupVerification['logs']): string | null {
  for (const { group, commitIndex, appliedIndex } of groups) {
    const neededIndex = Math.max(commitIndex, appliedIndex);
    if (neededIndex <= 0) continue;
    const { first = null, last = null } = logs.find((log) => log.group === group)?.indexes ?? {};
    if (first === null || last === null) return `the log of ${group} is missing`;
    if (first > appliedIndex + 1) return `the log of ${group} begins at ${first}, behind applied ${appliedIndex}`;
    if (last < neededIndex)
      return `the log of ${group} ends at ${last}, before ${neededIndex}, which is committed or applied`;
  }
  return null;
}

/** Rule 4. */
function shortStore({ restored, logs }: BackupVerification, bases: readonly Base[]): string | null {
  const wanted = new Map<string, number>();
  for (const { group, indexes } of logs) {
    if (indexes === null) continue;
    const brought = bases.map(({ appended }) => {
      const ends = new Map<string, number>();
      for (const each of appended) {
        if (each.group !== group || each.index < indexes.first || each.index > indexes.last) continue;
        const store = `${each.type} of ${each.context}`;
        ends.set(store, Math.max(ends.get(store) ?? 0, each.nextToken));
      }
      return ends;
    });
    for (const [store, end] of brought[0] ?? []) {
      wanted.set(store, Math.min(end, ...brought.map((ends) => ends.get(store) ?? 0)));
    }
  }
  for (const [store, nextToken] of wanted) {
    const found = restored?.stores.find(({ context, type }) => `${type} of ${context}` === store)?.tokens;
    const has = found === null || found === undefined ? 0 : found.last + 1;
    if (has < nextToken)
      return `${store} would be restored up to token ${has - 1}, its log brings it to ${nextToken - 1}`;
  }
  return null;
}

function sameAs(one: readonly Pointers[], other: readonly Pointers[]): boolean {
  const sorted = (pointers: readonly Pointers[]): string[] =>
    pointers.map(({ group, commitIndex, appliedIndex }) => `${group} ${commitIndex} ${appliedIndex}`).toSorted();
  return sorted(one).join('\n') === sorted(other).join('\n');
}
