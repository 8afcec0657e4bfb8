import type { RestoredNode } from '../../../server/index.ts';
import type { BackupFile, BackupInventory } from '../../journal/inventory.ts';
import type { ReadBackup } from '../backup/backup-reader.ts';
import { dcbContextsOf, type ControlDbContent } from '../backup/control-db-content.ts';
import { UNINITIALISED } from '../backup/h2-control-db.ts';
import { beginsAsDatabase } from '../backup/traits.ts';
import { adviceFor, reasonForLeavingOut } from '../backup/unfinished.ts';
import type { ExaminedBackup } from '../examination/examine-backup.ts';
import type { ExaminedStore } from '../examination/examine-events.ts';
import { isGlobalIndex } from './global-indexes.ts';
import { newestControlDb } from '../examination/newest-control-db.ts';
import type { VerificationProblem, VerifiedStore } from './verification.ts';
import type { DescribedControlDb } from './verified-control-db.ts';

const ADMIN_GROUP = '_admin';
const ONLY_CONTEXT = 'default';

/** What the files show by themselves. */
export function describeProblems(
  inventory: ReadBackup,
  { stores: examined, logs, controlDb, selected }: ExaminedBackup,
  controlDbs: readonly DescribedControlDb[],
): VerificationProblem[] {
  const problems: VerificationProblem[] = describePassedBy(inventory, selected.controlDb);
  for (const { file, state, message, content } of controlDbs) {
    if (state === 'unreadable') problems.push({ kind: 'control-db-unreadable', where: file, message: message ?? '' });
    if (content?.engine !== 'h2') continue;
    problems.push(...content.faults.map((fault) => ({ ...fault, where: file })));
    // Another one may be of another server, whose backup is kept here, too.
    const isTaken = content.isStandardEdition && file === selected.controlDb?.path;
    const log = isTaken ? logs.find(({ segments }) => segments.length > 0) : undefined;
    if (log === undefined) continue;
    const unknown = `it knows no replication group, though there is a log of ${log.group}: ${UNINITIALISED}`;
    problems.push({ kind: 'control-db-empty', where: file, message: unknown });
  }
  if (controlDb.state === 'missing') problems.push(...describeMissing(inventory, logs));
  if (controlDb.state === 'open' && controlDb.content.groups.length === 0) {
    problems.push(...describeWithoutEvents(examined, controlDb.content));
  }
  problems.push(...examined.flatMap((store) => store.problems), ...logs.flatMap((log) => log.problems));
  problems.push(...[...examined, ...logs].flatMap(({ oddities }) => oddities));
  const unread = inventory.unreadable.filter((line) => !inventory.passedOver.includes(line));
  return [...problems, ...unread.map(asProblem)];
}

/** A newer backup that is not whole, beside the one that a restore would take: the last one is lost, and nothing else tells. */
function describePassedBy({ files }: BackupInventory, taken: BackupFile | null): VerificationProblem[] {
  const newest = newestControlDb(files);
  if (newest === null || taken === null || newest === taken) return [];
  const message = `it is newer than ${taken.path}, and without the log of every group: only the older backup can be restored`;
  return [{ kind: 'newest-not-whole', where: newest.path, message }];
}

/** A folder of event segments may well be all that is wanted; a live database, or the log of `_admin`, claims more. */
function describeMissing({ files }: BackupInventory, logs: ExaminedBackup['logs']): VerificationProblem[] {
  const live = files.filter(({ what }) => what.kind === 'control-db-live');
  if (live.length > 0) {
    const message =
      'a control database outside of the zip of POST createControlDbBackup, and no such zip: a copy of the live file is no backup';
    const damaged =
      'it has the name of a backup of the control database, and neither begins as a zip does nor as a database: it is damaged, or empty, or something else';
    return live.map((file) =>
      isDatabase(file)
        ? { kind: 'live-control-db', where: file.path, message }
        : { kind: 'control-db-unreadable', where: file.path, message: damaged },
    );
  }
  if (!logs.some(({ group, segments }) => group === ADMIN_GROUP && segments.length > 0)) return [];
  const message = `there is the log of ${ADMIN_GROUP} and no zip of a control database: no node can be restored from that`;
  return [{ kind: 'no-control-db', where: 'control database', message }];
}

function isDatabase({ name, readBytes }: BackupFile): boolean {
  return !name.endsWith('.zip') || beginsAsDatabase(readBytes());
}

/** A server that is no member of a cluster has the context `default`, with a segment from its first start on, and no log that brings it. */
function describeWithoutEvents(stores: readonly ExaminedStore[], content: ControlDbContent): VerificationProblem[] {
  const isThere = stores.some(({ type, segments }) => type === 'EVENT' && segments.length > 0);
  if (isThere || dcbContextsOf(content).length > 0) return [];
  const message =
    'there is a control database without replication groups, and not one segment of events, which no log would bring';
  return [{ kind: 'no-events', where: ONLY_CONTEXT, message }];
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
  { controlDb, logs, selected }: ExaminedBackup,
  stores: readonly VerifiedStore[],
): string[] {
  const notes = [...unfinished].map(
    ([part, count]) => `left out, since ${reasonForLeavingOut(part)}: ${part} (files: ${count})${adviceFor(part)}`,
  );
  notes.push(...passedOver.map((line) => `left out: ${line}`));
  if (selected.others > 0) {
    const them = selected.others === 1 ? 'another backup lies' : `${selected.others} other backups lie`;
    notes.push(
      `${them} beside the one that is taken, and nobody has looked whether they are whole: name one to verify it`,
    );
  }
  if (controlDb.state === 'missing' && (stores.length > 0 || logs.some(({ segments }) => segments.length > 0))) {
    notes.push('there is no zip of a control database: whether log and events join one cannot be told');
  }
  if (controlDb.state !== 'missing' && files.some(({ what }) => what.kind === 'control-db-live')) {
    notes.push('a control database outside of its zip is passed over');
  }
  const nobody = files.filter(
    ({ what }) => (what.kind === 'segment' && what.context === null) || (what.kind === 'log' && what.group === null),
  );
  if (nobody.length > 0) notes.push(`segments left out, since nothing tells whose they are: ${nobody.length}`);
  const strangers = files.filter((file) => file.what.kind === 'other' && !isGlobalIndex(file)).length;
  if (strangers > 0) notes.push(`other files, passed over: ${strangers}`);
  return notes;
}
