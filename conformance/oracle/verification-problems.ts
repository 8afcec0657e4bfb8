import type { RestoredNode } from '../../server/index.ts';
import type { BackupInventory } from '../journal/inventory.ts';
import type { ReadBackup } from './backup-reader.ts';
import type { ExaminedBackup } from './examine-backup.ts';
import type { VerificationProblem, VerifiedStore } from './verification.ts';
import type { DescribedControlDb } from './verified-control-db.ts';

const ADMIN_GROUP = '_admin';

/** What the files show by themselves. */
export function describeProblems(
  inventory: ReadBackup,
  { stores: examined, logs, controlDb }: ExaminedBackup,
  stores: readonly VerifiedStore[],
  controlDbs: readonly DescribedControlDb[],
): VerificationProblem[] {
  const problems: VerificationProblem[] = [];
  for (const { file, state, message, content } of controlDbs) {
    if (state === 'unreadable') problems.push({ kind: 'control-db-unreadable', where: file, message: message ?? '' });
    if (content?.engine === 'h2') problems.push(...content.faults.map((fault) => ({ ...fault, where: file })));
  }
  if (controlDb.state === 'missing') problems.push(...describeMissing(inventory, logs));
  problems.push(...examined.flatMap((store) => store.problems), ...logs.flatMap((log) => log.problems));
  problems.push(...[...examined, ...logs].flatMap(({ oddities }) => oddities));
  for (const store of stores) problems.push(...describeIndexes(store));
  const unread = inventory.unreadable.filter((line) => !inventory.passedOver.includes(line));
  return [...problems, ...unread.map(asProblem)];
}

/** A folder of event segments may well be all that is wanted; a live database, or the log of `_admin`, claims more. */
function describeMissing({ files }: BackupInventory, logs: ExaminedBackup['logs']): VerificationProblem[] {
  const live = files.filter(({ what }) => what.kind === 'control-db-live');
  if (live.length > 0) {
    const message =
      'a control database outside of the zip of POST createControlDbBackup, and no such zip: a copy of the live file is no backup';
    return live.map(({ path }) => ({ kind: 'live-control-db', where: path, message }));
  }
  if (!logs.some(({ group, segments }) => group === ADMIN_GROUP && segments.length > 0)) return [];
  const message = `there is the log of ${ADMIN_GROUP} and no zip of a control database: no node can be restored from that`;
  return [{ kind: 'no-control-db', where: 'control database', message }];
}

function describeIndexes({ context, type, indexes, blooms }: VerifiedStore): VerificationProblem[] {
  const counted = [
    [indexes.wrong, `of ${type} that do not list the aggregates of their segments`],
    [indexes.damaged, `of ${type} that cannot be read`],
    [blooms.wrong, `of ${type} that hide aggregates of their segments`],
    [blooms.damaged, `of ${type} that cannot be read`],
  ] as const;
  return counted.flatMap(([count, what], place): VerificationProblem[] => {
    if (count === undefined) return [];
    const noun = place < 2 ? 'index files' : 'bloom filters';
    return [
      {
        kind: 'bad-index',
        where: context,
        message: `${noun}, ${count} in all, ${what}: leave them out, and the server builds them anew`,
      },
    ];
  });
}

function asProblem(line: string): VerificationProblem {
  const at = line.indexOf(': ');
  return { kind: 'unreadable', where: line.slice(0, at), message: line.slice(at + 2) };
}

/** What a node that was started on the backup says, where the files did not show it already. */
export function problemsOfNode(node: RestoredNode, { logs }: ExaminedBackup): VerificationProblem[] {
  if (node.state === 'refused') return [{ kind: 'does-not-start', where: 'node', message: node.message }];
  return node.groups.flatMap(({ group, said }) =>
    said.flatMap(({ kind, message }): VerificationProblem[] => {
      if (kind === 'apply-failed') return [{ kind: 'apply-stopped', where: group, message }];
      const isSeen = logs.find((log) => log.group === group)?.problems.some((each) => each.kind === 'log-unreadable');
      return kind === 'group-failed' && isSeen !== true ? [{ kind: 'log-unreadable', where: group, message }] : [];
    }),
  );
}

/** What is worth knowing and not wrong. */
export function describeNotes(
  { files, unfinished, passedOver }: ReadBackup,
  { controlDb, logs }: ExaminedBackup,
  stores: readonly VerifiedStore[],
): string[] {
  const notes = [...unfinished].map(
    ([part, count]) =>
      `left out, since by its name it is not finished: ${part} (files: ${count}); if it is whole, rename it`,
  );
  notes.push(...passedOver.map((line) => `left out: ${line}`));
  if (controlDb.state === 'missing' && (stores.length > 0 || logs.some(({ segments }) => segments.length > 0))) {
    notes.push('there is no zip of a control database: whether log and events join one cannot be told');
  }
  for (const { context, type, indexes, blooms } of stores) {
    const missing = Math.max(indexes.missing ?? 0, blooms.missing ?? 0);
    if (missing > 0)
      notes.push(
        `${context} ${type}: ${missing} of the closed segments without index or bloom filter; the server builds what it needs`,
      );
  }
  if (controlDb.state !== 'missing' && files.some(({ what }) => what.kind === 'control-db-live')) {
    notes.push('a control database outside of its zip is passed over');
  }
  const nobody = files.filter(
    ({ what }) => (what.kind === 'segment' && what.context === null) || (what.kind === 'log' && what.group === null),
  );
  if (nobody.length > 0) notes.push(`segments left out, since nothing tells whose they are: ${nobody.length}`);
  const strangers = files.filter(({ what }) => what.kind === 'other').length;
  if (strangers > 0) notes.push(`other files, passed over: ${strangers}`);
  return notes;
}
