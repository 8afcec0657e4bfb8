import type { Demonstration } from '../demo/demonstration.ts';
import type { DemonstratedSide, PlayedDemonstration } from '../demo/play.ts';
import type { Moment } from '../demo/narrate.ts';
import { formatDuration, formatLoss } from './evidence-text.ts';
import { alignColumns, count, labelled, paragraph } from './layout.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';

const LABEL_WIDTH = 'unrestorable'.length;

/** The hazards that can be shown, each with its title. */
export function formatDemonstrations(demonstrations: readonly Demonstration[], style: Style): string {
  const rows = alignColumns(demonstrations.map(({ id, title }) => [style.bold(id), title]));
  return ['Hazards, each played by a naive client and a correct one:', '', ...rows.map((row) => `  ${row}`), ''].join(
    '\n',
  );
}

/** What is going to be shown, and why one would not see it coming. */
export function formatOpening({ title, story }: Demonstration, style: Style): string {
  return ['', style.bold(title.toUpperCase()), ...paragraph(story, 0, style.columns), ''].join('\n');
}

/** One side: who it is, what happened at which virtual time, and what a restore of its last backup comes to. */
export function formatSide(side: DemonstratedSide, isNaive: boolean, style: Style): string {
  const { client, moments } = side;
  const name = isNaive ? style.bold('The naive client') : style.bold('The correct client');
  return [
    `${name}  ${client.id}: ${client.defect}`,
    ...formatMoments(moments, style),
    ...formatRestore(side, style),
    '',
  ].join('\n');
}

/** The two beside each other, and where to read on. */
export function formatOutcome({ demonstration, naive, correct }: PlayedDemonstration, style: Style): string {
  const row = (what: string, of: (side: DemonstratedSide) => string): string[] => [what, of(naive), of(correct)];
  const rows = alignColumns([
    ['', 'naive', 'correct'],
    row('exit code of its last run', ({ report }) => String(report.scenarios[0]?.runs.at(-1)?.exitCode ?? '–')),
    row('a node restored from it', ({ restoration }) =>
      restoration.problems.length === 0 ? 'starts and rejoins' : 'does not get going',
    ),
    row('events and snapshots lost', (side) => String(lostBy(side))),
    row('log entries missing', (side) => String(missingEntriesOf(side))),
    row('changes of _admin lost', ({ restoration }) => String(restoration.lostChanges)),
  ]);
  return [
    ...rows.map((line) => `  ${line}`),
    '',
    ...paragraph(
      `The rule is ${style.bold(demonstration.rule)}; axon-backup-kit explain ${demonstration.rule} says more.`,
      0,
      style.columns,
    ),
    '',
  ].join('\n');
}

/** Events and snapshots that a restore of the last backup does not bring back; as the JSON report has them. */
export function lostBy({ report }: DemonstratedSide): number {
  return report.scenarios.flatMap(({ loss }) => loss).reduce((sum, { events }) => sum + events, 0);
}

/** Log entries of all groups that are in no file of the last backup, of those that a restored node needs. */
export function missingEntriesOf({ restoration }: DemonstratedSide): number {
  return restoration.groups.reduce((sum, { missingEntries }) => sum + missingEntries, 0);
}

/** The first with its date, the others with the time that has passed. */
function formatMoments(moments: readonly Moment[], style: Style): string[] {
  const [first] = moments;
  if (first === undefined) return [];
  const rows = moments.map(({ atMs, who, text }, place) => {
    const time =
      place === 0 ? new Date(atMs).toISOString().slice(0, 16).replace('T', ' ') : `+${formatPassed(atMs - first.atMs)}`;
    return { time: time.padStart('2024-01-01 00:00'.length), who, text };
  });
  return rows.map(({ time, who, text }) => {
    const line = `  ${time}  ${printable(text)}`;
    return who === 'cluster' ? style.yellow(line) : line;
  });
}

/** `12.5s`, and from a minute on `3h 4m 55s`. */
export function formatPassed(spanMs: number): string {
  return spanMs < 60_000 ? `${(spanMs / 1000).toFixed(1)}s` : formatDuration(spanMs / 1000);
}

function formatRestore({ restoration, report }: DemonstratedSide, style: Style): string[] {
  const { problems, lostChanges } = restoration;
  const losses = report.scenarios.flatMap(({ loss }) => loss);
  const lines = [
    ...problems.map(({ where, message }) => label('unrestorable', `${where}: ${message}`, style.red)),
    ...losses.map((loss) => label('lost', formatLoss(loss), style.red)),
    ...(lostChanges === 0 ? [] : [label('lost', `${count(lostChanges, 'change')} of the configuration`, style.red)]),
  ];
  const whole = label('restored', 'the node starts, applies its log and rejoins; nothing is lost', style.green);
  return (lines.length === 0 ? [whole] : lines).flat();
}

function label(name: string, text: string, paint: Style['red']): string[] {
  return labelled(name, printable(text), { indent: 2, labelWidth: LABEL_WIDTH, paint });
}
