import type { BackupVerification, RestoreOutlook } from '../oracle/verification/verification.ts';
import { count } from '../reporters/layout.ts';

/** A table with its head as the first row; every cell is text of one line. */
export type Rows = ReadonlyArray<readonly string[]>;

/** The tables of a verification that have any rows, each with its title. */
export function tablesOf({
  stores,
  logs,
  controlDbs,
  isQuick,
}: BackupVerification): ReadonlyArray<{ readonly title: string; readonly rows: Rows }> {
  return [
    { title: 'Events and snapshots', rows: storeRows(stores, isQuick) },
    { title: 'Logs', rows: logRows(logs, isQuick) },
    { title: 'Control database backups', rows: controlDbRows(controlDbs) },
  ].filter(({ rows }) => rows.length > 1);
}

/** What a restore comes to: a sentence, what each store holds, and what else there is to say, a line each. */
export function outlookOf({ basis, starts, stores, groups, configuration: names }: RestoreOutlook): {
  readonly sentence: string;
  readonly rows: Rows;
  readonly lines: readonly string[];
} {
  const sentence =
    basis === 'files'
      ? 'No node was started, for want of a control database that can be opened. The files hold:'
      : basis === 'files-and-log'
        ? 'No node was started on it. Files and log come to:'
        : starts === true
          ? 'A node starts on it, and after applying its log holds:'
          : 'A node does not start on it. The files hold:';
  const rows = stores.map(({ context, type, tokens, fromLog }) => {
    const what = type === 'SNAPSHOT' ? 'snapshot' : 'event';
    return [context, type, rangeText(tokens), fromLog > 0 ? `${count(fromLog, what)} of them from the log` : ''];
  });
  const applied = groups.map(({ group, appliedIndex }) => `${group} up to ${appliedIndex}`).join(', ');
  const configured =
    names === null
      ? []
      : [
          count(names.contexts.length, 'context'),
          count(names.applications.length, 'application'),
          count(names.users.length, 'user'),
        ];
  return {
    sentence,
    rows,
    lines: [
      ...(applied === '' ? [] : [`applied: ${applied}`]),
      ...(configured.length === 0 ? [] : [`configured: ${configured.join(', ')}`]),
    ],
  };
}

function storeRows(stores: BackupVerification['stores'], isQuick: boolean): Rows {
  const head = ['context', 'type', 'segments', 'tokens', 'gaps', 'tail', 'checksums', 'indexes', 'bloom filters'];
  const isJumpSkip = stores.some(({ jumpSkipIndexes }) => Object.keys(jumpSkipIndexes).length > 0);
  if (isJumpSkip) head.push('jump-skip indexes');
  const rows = stores.map((store) => [
    store.context,
    store.type,
    String(store.segments),
    rangeText(store.tokens),
    jointsText(store),
    store.hasTornTail ? 'torn' : 'clean',
    checksumText(store, isQuick),
    tallyText(store.indexes),
    tallyText(store.blooms),
    ...(isJumpSkip ? [tallyText(store.jumpSkipIndexes)] : []),
  ]);
  return [head, ...rows];
}

function logRows(logs: BackupVerification['logs'], isQuick: boolean): Rows {
  const head = ['group', 'segments', 'entries', 'gaps', 'checksums'];
  const rows = logs.map((log) => [
    log.group,
    String(log.segments),
    rangeText(log.indexes),
    jointsText(log),
    checksumText(log, isQuick),
  ]);
  return [head, ...rows];
}

function controlDbRows(controlDbs: BackupVerification['controlDbs']): Rows {
  const takenAt = controlDbs.findIndex(({ isNewest }) => isNewest);
  const rows = controlDbs.flatMap(({ file, isNewest, engine, groups }, place) => [
    [file, isNewest ? 'taken' : place < takenAt ? 'newer' : 'older', engineText(engine), '', '', '', ''],
    ...(isNewest ? groups : []).map(({ group, commitIndex, appliedIndex, members }) => {
      return ['', '', '', group, String(commitIndex), String(appliedIndex), membersText(members)];
    }),
  ]);
  return [['file', 'which', 'state', 'group', 'committed', 'applied', 'nodes'], ...rows];
}

type Members = BackupVerification['controlDbs'][number]['groups'][number]['members'];

/** Most nodes are PRIMARY; of others the role is told. */
function membersText(members: Members): string {
  const names = members.map(({ nodeId, nodeName, role }) => {
    const name = nodeName ?? nodeId;
    return role === 'PRIMARY' ? name : `${name} (${role ?? 'role not known'})`;
  });
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}

function engineText(engine: BackupVerification['controlDbs'][number]['engine']): string {
  if (engine === null) return 'cannot be read';
  return engine.name === 'h2' ? `read, H2 format ${engine.format}` : 'good';
}

function rangeText(range: { readonly first: number; readonly last: number } | null): string {
  return range === null ? 'none' : `${range.first} to ${range.last}`;
}

function jointsText({ gaps, overlaps }: Pick<BackupVerification['logs'][number], 'gaps' | 'overlaps'>): string {
  const parts = [...gaps.map(rangeText), ...overlaps.map((range) => `twice ${rangeText(range)}`)];
  const shown = parts.slice(0, 3).join(', ');
  return parts.length === 0 ? 'none' : parts.length > 3 ? `${shown}, and ${parts.length - 3} more` : shown;
}

function checksumText(
  { badChecksums, unreadable }: Pick<BackupVerification['logs'][number], 'badChecksums' | 'unreadable'>,
  isQuick: boolean,
): string {
  const parts = [
    ...(badChecksums.length > 0 ? [`${badChecksums.length} wrong`] : []),
    ...(unreadable.length > 0 ? [`${count(unreadable.length, 'file')} unreadable`] : []),
  ];
  return parts.length > 0 ? parts.join(', ') : isQuick ? 'left out' : 'good';
}

function tallyText(tally: Readonly<Partial<Record<string, number>>>): string {
  const parts = Object.entries(tally).map(([state, number]) => `${number} ${state}`);
  return parts.length === 0 ? '-' : parts.join(', ');
}
