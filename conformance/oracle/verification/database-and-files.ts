import type { ControlDbContent } from '../backup/control-db-content.ts';
import type { ExaminedBackup } from '../examination/examine-backup.ts';
import type { VerificationProblem, VerifiedStore } from './verification.ts';

/** What the control database of a real server and the files beside it say of each other, beside pointers and tokens. */
export function holdAgainstFiles(
  content: Extract<ControlDbContent, { engine: 'h2' }>,
  { logs }: ExaminedBackup,
  stores: readonly VerifiedStore[],
): { readonly problems: readonly VerificationProblem[]; readonly notes: readonly string[] } {
  const problems: VerificationProblem[] = [];
  const notes: string[] = [];
  const found = new Set(stores.map(({ context }) => context));
  const withEvents = new Set(stores.flatMap(({ context, type }) => (type === 'EVENT' ? [context] : [])));
  const known = new Set(content.contexts.map(({ name }) => name));

  for (const { name, group, isDcb } of content.contexts) {
    const members = content.groups.find((each) => each.group === group)?.members ?? null;
    if (isDcb === true || members === null || withEvents.has(name)) continue;
    const isPerhapsWithout = members.some(({ role }) => role === 'MESSAGING_ONLY');
    const message = `the control database has context ${name}, and the backup no event segments of it: a restored node would have it empty`;
    if (isPerhapsWithout) notes.push(`${message}, as a node that is MESSAGING_ONLY in ${group} has it`);
    else problems.push({ kind: 'no-events', where: name, message });
  }
  for (const context of found) {
    if (known.has(context) || content.isStandardEdition) continue;
    notes.push(
      `the control database does not know context ${context}, of which there are segments: unless the log brings it, a restored node leaves them unopened (if they are of a context that it knows, their folder has another name than that)`,
    );
  }
  const groups = new Set(content.groups.map(({ group }) => group));
  for (const { group, segments } of logs) {
    if (groups.has(group) || segments.length === 0) continue;
    notes.push(
      `the control database has no pointers of group ${group}, of which there is a log: a restored node leaves it alone`,
    );
  }
  for (const group of content.groupsWithoutState) {
    const contexts = content.contexts.filter((each) => each.group === group).map(({ name }) => name);
    const whose =
      contexts.length === 0 ? '' : ` (contexts: ${contexts.slice(0, 5).join(', ')}${contexts.length > 5 ? '…' : ''})`;
    notes.push(`the control database knows group ${group}${whose} and has no pointers of it: the node was not in it`);
  }
  for (const group of content.groupsWithoutPointers) {
    notes.push(
      `the control database has ${group} without commit or applied index: a restored node begins with its log at 0`,
    );
  }
  if (content.isStandardEdition) {
    notes.push(
      'the control database is that of the standard edition: it has neither groups nor log, and the events are all there is',
    );
  }
  problems.push(...strangers(content, logs));
  return { problems, notes };
}

/** Ids of nodes are made anew for each group, so that a log and a database of one group have some in common. */
function strangers(
  content: Extract<ControlDbContent, { engine: 'h2' }>,
  logs: ExaminedBackup['logs'],
): VerificationProblem[] {
  return logs.flatMap(({ group, nodeIds, lastIndex }): VerificationProblem[] => {
    const known = content.groups.find((each) => each.group === group);
    if (known === undefined || known.nodeIds.length === 0 || nodeIds.length === 0) return [];
    // A log that ends before the commit index may end before those who are members now came in.
    if (lastIndex < known.commitIndex || nodeIds.some((id) => known.nodeIds.includes(id))) return [];
    const message = `the log is of nodes ${nodeIds.slice(0, 3).join(', ')}, the control database of ${known.nodeIds.slice(0, 3).join(', ')}: they are not of one cluster`;
    return [{ kind: 'other-cluster', where: group, message }];
  });
}
