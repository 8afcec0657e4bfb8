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

/** Of what was never reached, and of what nothing could be said, so many are named. */
const MOST_NAMED = 12;

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
  failure: ExploreFacts['failures'][number] & { readonly plays: number },
  { red }: Style,
): string {
  const { seed, rule, stepsBefore, stepsAfter, plays, file } = failure;
  const where = file === null ? '' : `, in ${file}`;
  return `${red('✗')} seed ${seed} breaks ${rule}: ${count(stepsBefore, 'step')}, shrunk to ${stepsAfter} in ${count(plays, 'play')}${where}\n`;
}

/** What was played, what was reached, and what was not. */
export function formatExploreSummary(facts: ExploreFacts, { bold }: Style): string {
  const { schedules, runs, realMs, hazards, rules, failures, undecided, fromSeed } = facts;
  const reached = hazards.filter((hazard) => hazard.schedules > 0);
  const judged = rules.filter((rule) => rule.schedules > 0);
  const lines = [
    `${bold('explored')}     ${count(schedules, 'schedule')} from seed ${fromSeed}, ${count(runs, 'run')} of the client, ${rateOf(schedules, realMs)} schedules a second`,
    `${bold('hazards')}      ${reached.length} of ${hazards.length} reached`,
    ...rest(
      'never reached:',
      hazards.filter((hazard) => hazard.schedules === 0).map(({ id }) => id),
    ),
    `${bold('rules')}        ${judged.length} of ${rules.length} judged`,
    ...rest(
      'never judged:',
      rules.filter((rule) => rule.schedules === 0).map(({ id }) => id),
    ),
    `${bold('failures')}     ${failures.length === 0 ? 'none' : failures.map(({ seed, rule }) => `seed ${seed} (${rule})`).join(', ')}`,
  ];
  if (undecided.length > 0) {
    lines.push(`${bold('undecided')}    ${count(undecided.length, 'schedule')}, of which nothing can be said`);
    lines.push(
      ...undecided.slice(0, 3).flatMap(({ seed, reason }) => paragraph(`seed ${seed}: ${firstLine(reason)}`, 13)),
    );
  }
  if (facts.wasInterrupted) lines.push('interrupted: this is what was found by then');
  lines.push(`${bold(`exit ${facts.exitCode}`)}       ${meaningOf(facts)}`);
  return `${lines.join('\n')}\n`;
}

function rest(what: string, ids: readonly string[]): string[] {
  if (ids.length === 0) return [];
  const named = ids.slice(0, MOST_NAMED).join(', ');
  return paragraph(`${what} ${named}${ids.length > MOST_NAMED ? ` and ${ids.length - MOST_NAMED} more` : ''}`, 13);
}

function meaningOf({ exitCode, failures, schedules }: ExploreFacts): string {
  if (failures.length > 0) return 'a schedule breaks a MUST rule';
  if (exitCode === 0) return 'no schedule broke a MUST rule';
  return schedules === 0 ? 'nothing was played' : 'nothing was judged';
}

function rateOf(schedules: number, realMs: number): string {
  return realMs <= 0 ? '0' : ((schedules * 1000) / realMs).toFixed(1);
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
