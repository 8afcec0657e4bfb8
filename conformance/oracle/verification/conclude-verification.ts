import type { CheckedIndex } from '../segments/index-check.ts';
import type { VerificationProblem, BackupVerification } from './verification.ts';
import { leftOutByQuickLook } from './verification.ts';
import {
  checkPointers,
  checkTokens,
  groupsOf,
  neededToken,
  type ExaminedBackup,
} from '../examination/examine-backup.ts';
import { holdAgainstFiles } from './database-and-files.ts';
import { describeGlobalIndexes } from './global-indexes.ts';
import { judgeIndexes } from './index-coverage.ts';
import type { LookedBackup } from './looked-backup.ts';
import type { NodeOutcome } from './node-outcome.ts';
import type { SegmentScans } from '../examination/segment-scans.ts';
import { describeNotes, describeProblems } from './verification-problems.ts';
import { describeLog, describeStore, indexedSegments } from './verified-parts.ts';

/** All that a verification is made of. */
export interface ToConclude {
  readonly path: string;
  readonly looked: LookedBackup;
  readonly backup: ExaminedBackup;
  readonly scans: SegmentScans;
  /** Logs that go on behind that which a restore takes. */
  readonly later: readonly VerificationProblem[];
  readonly node: NodeOutcome;
  readonly isQuick: boolean;
}

export interface Concluded {
  readonly verification: BackupVerification;
  /** How the files beside each segment look, by the path of the segment in the backup. */
  readonly indexes: ReadonlyMap<string, CheckedIndex>;
  /** By `context/type`: why a server would read less than there is with the index files that lie there. */
  readonly indexProblems: ReadonlyMap<string, string>;
}

/** Files, database and what segments come to, held against each other. Reads nothing. */
export function concludeVerification({ path, looked, backup, scans, later, node, isQuick }: ToConclude): Concluded {
  const { inventory, zips, contexts, ofDcb } = looked;
  const { checked, lastEventMs } = besideSegments(backup, scans);
  const taken = backup.selected.controlDb?.path;
  const controlDbs = zips.map((zip) => ({ ...zip, isNewest: zip.file === taken }));
  const content = controlDbs.find(({ isNewest }) => isNewest)?.content ?? null;
  const stores = backup.stores
    .filter(({ segments }) => segments.length > 0)
    .map((store) => describeStore(store, checked, lastEventMs));
  const logs = backup.logs.filter(({ segments }) => segments.length > 0).map(describeLog);
  const isNothing = stores.length === 0 && logs.length === 0 && controlDbs.length === 0;
  const indexes = backup.stores.map((store) =>
    judgeIndexes(store.context, store.type, indexedSegments(store, checked)),
  );
  const held = content?.engine === 'h2' ? holdAgainstFiles(content, backup, stores) : null;
  const problems = [
    ...describeProblems(inventory, backup, controlDbs),
    ...later,
    ...ofDcb.problems,
    ...indexes.flatMap(({ problems: found }) => found),
    ...checkJoin(backup, contexts),
    ...(held?.problems ?? []),
    ...node.problems,
  ];
  const verdict = problems.length > 0 ? 'inconsistent' : isNothing ? 'nothing-to-verify' : 'consistent';
  const verification: BackupVerification = {
    path,
    verdict,
    isQuick,
    notLookedAt: isQuick ? leftOutByQuickLook : [],
    problems,
    notes: [
      ...describeNotes(inventory, backup, stores),
      ...indexes.flatMap(({ notes }) => notes),
      ...describeGlobalIndexes(inventory, backup.stores, stores),
      ...(held?.notes ?? []),
      ...ofDcb.notes,
      ...node.notes,
    ],
    stores,
    logs,
    controlDbs: controlDbs.map(({ content: _content, ...described }) => described),
    restored: isNothing ? null : node.outlook,
  };
  const indexProblems = new Map(
    backup.stores.flatMap(({ context, type }, place) => {
      const [problem] = indexes[place]?.problems ?? [];
      return problem === undefined ? [] : [[`${context}/${type}`, problem.message]];
    }),
  );
  return { verification, indexes: checked, indexProblems };
}

/** By the path of each data file: how what lies beside it looks, and when its last event happened. */
function besideSegments(
  { selected }: ExaminedBackup,
  scans: SegmentScans,
): { readonly checked: ReadonlyMap<string, CheckedIndex>; readonly lastEventMs: ReadonlyMap<string, number | null> } {
  const checked = new Map<string, CheckedIndex>();
  const lastEventMs = new Map<string, number | null>();
  for (const { data } of selected.stores.flatMap(({ segments }) => segments)) {
    const scanned = scans.segmentOf(data);
    if (scanned === null) continue;
    checked.set(data.path, scanned.index);
    lastEventMs.set(data.path, scanned.scan.lastEventMs);
  }
  return { checked, lastEventMs };
}

/** Whether log and events join the control database, as far as the files tell. */
function checkJoin(backup: ExaminedBackup, contexts: readonly string[]): BackupVerification['problems'] {
  if (backup.controlDb.state !== 'open') return [];
  const known = groupsOf(backup, contexts);
  const behind = backup.stores.flatMap((store) => {
    const group = known.find((each) => each.contexts.includes(store.context));
    const appliedIndex = group?.appliedIndex ?? 0;
    const log = backup.logs.find((each) => each.group === group?.group);
    return checkTokens(store, appliedIndex, neededToken(store, log, appliedIndex, null)) ?? [];
  });
  return [...checkPointers(backup.logs, known), ...behind];
}
