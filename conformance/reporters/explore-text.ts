import { paragraph, count } from './layout.ts';
import type { Style } from './style.ts';

/** What the end of an exploration tells; times in real milliseconds. */
export interface ExploreFacts {
  readonly fromSeed: number;
  readonly schedules: number;
  /** Runs of the client in them. */
  readonly runs: number;
  readonly realMs: number;
  readonly failures: ReadonlyArray<{
    readonly seed: number;
    readonly rule: string;
    /** Of a rule that is a *should*, where that counts. */
    readonly isWarning: boolean;
    readonly stepsBefore: number;
    readonly stepsAfter: number;
    readonly file: string | null;
  }>;
  readonly undecided: ReadonlyArray<{ readonly seed: number; readonly reason: string }>;
  readonly hazards: ReadonlyArray<{ readonly id: string; readonly schedules: number }>;
  readonly rules: ReadonlyArray<{ readonly id: string; readonly schedules: number }>;
  readonly wasInterrupted: boolean;
  readonly exitCode: number;
}

/** `160 schedules, 4.1 a second, 38 hazards reached, no failure`. */
export function formatExploreProgress(progress: {
  readonly schedules: number;
  readonly failures: number;
  readonly hazardsReached: number;
  readonly realMs: number;
}): string {
  const { schedules, failures, hazardsReached, realMs } = progress;
  const failed = failures === 0 ? 'no failure' : count(failures, 'failure');
  return `${count(schedules, 'schedule')}, ${rateOf(schedules, realMs)} a second, ${count(hazardsReached, 'hazard')} reached, ${failed}`;
}

/** One line for each failure that was shrunk. */
export function formatShrunk(
  failure: Omit<ExploreFacts['failures'][number], 'isWarning'> & { readonly plays: number },
  { red }: Style,
): string {
  const { seed, rule, stepsBefore, stepsAfter, plays, file } = failure;
  const where = file === null ? '' : `, in ${file}`;
  return `${red('✗')} seed ${seed} breaks ${rule}: ${count(stepsBefore, 'step')}, shrunk to ${stepsAfter} in ${count(plays, 'play')}${where}\n`;
}

/** What was played, how often each hazard was reached and each rule judged, and what never was; quiet goes without the latter. */
export function formatExploreSummary(facts: ExploreFacts, { bold }: Style, isQuiet = false): string {
  const { schedules, runs, realMs, hazards, rules, failures, undecided, fromSeed } = facts;
  const lines = [
    `${bold('explored')}     ${count(schedules, 'schedule')} from seed ${fromSeed}, ${count(runs, 'run')} of the client, ${rateOf(schedules, realMs)} schedules a second`,
    ...(isQuiet ? [] : [...covered('hazards', 'reached', hazards, bold), ...covered('rules', 'judged', rules, bold)]),
    `${bold('failures')}     ${failures.length === 0 ? 'none' : failures.map(({ seed, rule }) => `seed ${seed} (${rule})`).join(', ')}`,
  ];
  if (undecided.length > 0) {
    lines.push(`${bold('undecided')}    ${count(undecided.length, 'schedule')}, of which nothing can be said`);
    lines.push(
      ...undecided
        .slice(0, MOST_REASONS)
        .flatMap(({ seed, reason }) => paragraph(`seed ${seed}: ${firstLine(reason)}`, 13)),
    );
  }
  // By which signal, and so with which exit code, is for the caller to know.
  const end = facts.wasInterrupted ? 'interrupted' : `exit ${facts.exitCode}`;
  const byThen = facts.wasInterrupted ? ', by then' : '';
  lines.push(`${bold(end)}${' '.repeat(13 - end.length)}${meaningOf(facts)}${byThen}`);
  return `${lines.join('\n')}\n`;
}

/** Of schedules that nothing can be said of, the reasons of so many. */
const MOST_REASONS = 3;

/** `57 of 69 reached`, in how many schedules each, the most frequent first, and those that never were. */
function covered(title: string, verb: string, all: ExploreFacts['hazards'], bold: Style['bold']): string[] {
  const some = all.filter(({ schedules }) => schedules > 0).toSorted((a, b) => b.schedules - a.schedules);
  const never = all.filter(({ schedules }) => schedules === 0).map(({ id }) => id);
  return [
    `${bold(title)}${' '.repeat(13 - title.length)}${some.length} of ${all.length} ${verb}`,
    ...(some.length === 0 ? [] : paragraph(some.map(({ id, schedules }) => `${id} ${schedules}`).join(', '), 13)),
    ...(never.length === 0 ? [] : paragraph(`never ${verb}: ${never.join(', ')}`, 13)),
  ];
}

function meaningOf({ exitCode, failures, schedules }: ExploreFacts): string {
  if (failures.some(({ isWarning }) => !isWarning)) return 'a schedule breaks a MUST rule';
  if (failures.length > 0) return 'a schedule breaks a SHOULD rule, which counts as a failure (--fail-on warn)';
  if (exitCode === 0) return 'no schedule broke a MUST rule';
  if (exitCode === 70) return 'the kit itself failed in a schedule';
  return schedules === 0 ? 'nothing was played' : 'nothing was judged';
}

function rateOf(schedules: number, realMs: number): string {
  return realMs <= 0 ? '0' : ((schedules * 1000) / realMs).toFixed(1);
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
