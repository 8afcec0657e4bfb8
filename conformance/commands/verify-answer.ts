import type { BackupVerification, VerificationProblem, VerifiedStore } from '../oracle/verification/verification.ts';
import { count, labelled } from '../reporters/layout.ts';
import { printable } from '../reporters/printable.ts';
import type { Style } from '../reporters/style.ts';

const INDENT = 2;
const LABEL_WIDTH = 'can be restored'.length;
const MOST_LINES = 4;

/**
 * What an operator wants to know first: can it be restored, to which moment, what is missing, what to do; each with a few
 * lines. Empty where there is nothing to verify.
 */
export function answersOf(
  verification: BackupVerification,
): ReadonlyArray<readonly [label: string, lines: readonly string[]]> {
  const { verdict, problems } = verification;
  if (verdict === 'nothing-to-verify') return [];
  return [
    ['can be restored', [canBeRestored(verification)]],
    [
      'to which moment',
      shortened(
        verification.stores.filter(({ type }) => type === 'EVENT').map((store) => momentOf(store, verification)),
      ),
    ],
    ['what is missing', shortened(lacksOf(verification))],
    ['what to do', shortened([...new Set(problems.map(({ kind }) => remedies[kind]))])],
  ];
}

/** The answers on one screen. */
export function formatAnswer(verification: BackupVerification, style: Style): string[] {
  const answers = answersOf(verification);
  if (answers.length === 0) return [];
  const layout = {
    indent: INDENT,
    labelWidth: LABEL_WIDTH,
    columns: style.columns,
    paint: (label: string): string => label,
  };
  return [
    style.bold('In short'),
    ...answers.flatMap(([label, lines]) =>
      lines.flatMap((line, place) => labelled(place === 0 ? label : '', printable(line), layout)),
    ),
    '',
  ];
}

function canBeRestored({ verdict, isQuick, problems, controlDbs, logs }: BackupVerification): string {
  if (verdict === 'inconsistent') return `no, not as it is: ${count(problems.length, 'problem')}`;
  const opened = controlDbs.some(({ isNewest, state }) => isNewest && state === 'opened');
  if (!opened) return 'its events, yes; there is no control database, so a node has to be set up anew for them';
  const yes = isQuick ? 'yes, as far as a quick look tells' : 'yes';
  return `${yes}: ${logs.length === 0 ? 'the events join the control database' : 'events, log and control database join'}`;
}

function momentOf(store: VerifiedStore, { restored }: BackupVerification): string {
  const { context, lastEventMs, tokens } = store;
  const fromLog = restored?.stores.find((each) => each.context === context && each.type === 'EVENT')?.fromLog ?? 0;
  const behind = fromLog > 0 ? `, and ${count(fromLog, 'event')} behind it from the log` : '';
  if (tokens === null) return `${context}: it has no events`;
  const time = lastEventMs === null ? 'its last event does not say when' : new Date(lastEventMs).toISOString();
  return `${context}: ${time} (token ${tokens.last})${behind}`;
}

/** Contexts that are backed up in another way are no problem of this backup, and not in it all the same. */
function lacksOf({ problems, controlDbs }: BackupVerification): readonly string[] {
  const contexts = controlDbs.find(({ isNewest }) => isNewest)?.contexts ?? [];
  const dcb = contexts.filter(({ isDcb }) => isDcb === true).map(({ name }) => name);
  const lacks = problems.map(lackOf);
  if (dcb.length > 0) {
    lacks.push(
      `not judged here, as POST /v2/backup alone backs them up: ${dcb.join(', ')} (dynamic consistency boundary)`,
    );
  }
  return lacks.length === 0 ? ['nothing that can be seen'] : lacks;
}

function lackOf({ where, kind, message }: VerificationProblem): string {
  const [first = message] = message.split(/: |; /);
  return `${where}: ${first} [${kind}]`;
}

function shortened(lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return ['-'];
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES - 1), `and ${lines.length - MOST_LINES + 1} more, below`];
}

const askAgain =
  'take the backup anew: first POST createControlDbBackup, then the whole log of each group, then the events';
const copyAgain = 'copy that file anew from the server, and compare its checksum before and after';
const dropIndexes = 'leave all index files of that context out of the restore: a server builds them when it starts';
const unpack = 'unpack or repair what could not be read, and verify again';

/** What to do about each kind of problem that `verify` finds. */
export const remedies: Readonly<Record<VerificationProblem['kind'], string>> = {
  'apply-stopped': askAgain,
  'bad-checksum': copyAgain,
  'bad-index': dropIndexes,
  'control-db-empty':
    'do not restore this zip; take one from a node that serves the groups, and look at it before it is needed',
  'control-db-stale': 'do not restore this zip; POST createControlDbBackup again, and take the log after it',
  'control-db-unreadable': 'do not restore this zip; POST createControlDbBackup again, and take the log after it',
  'dcb-pulled': 'have the server write a backup of that context, by POST /v2/backup, and copy that',
  'does-not-start': 'mend what stands above first; then verify again',
  'event-gap': 'copy the segments that are missing from the server; an older backup may have them',
  'events-behind-control-db': askAgain,
  'events-unreadable': copyAgain,
  'live-control-db': 'POST createControlDbBackup, and copy the zip that it names',
  'log-ends-too-early': askAgain,
  'log-gap': 'copy the log of that group anew and whole, into a folder of its own',
  'log-starts-too-late': askAgain,
  'log-unreadable': copyAgain,
  'missing-index': dropIndexes,
  'newest-not-whole': 'take the backup anew: until that is done, the older one beside it is what can be restored',
  'no-control-db': 'POST createControlDbBackup, and copy the zip that it names',
  'no-events':
    'back the context up, too; where its files lie under another name, give their folder the name of the context',
  'no-log': 'copy the log of every replication group, _admin among them',
  'not-unpacked': unpack,
  'other-cluster': 'take log and control database from one node of one cluster',
  diverges: askAgain,
  unreadable: unpack,
};
