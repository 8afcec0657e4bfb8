import { isExpected, isShort, liveEntries, parseExpectedFailure } from './expected-failures.ts';
import type { Report, ScenarioResult } from './report.ts';
import type { Verdict } from './verdict.ts';
import { printable } from './printable.ts';

/** Characters of a message that stand behind a line as its reason. */
const MOST_CHARACTERS = 120;

/**
 * The list of known failures with which a check would not fail by what it has found: the lines that still apply, as they
 * were, and new ones for the rest. A rule that has passed nowhere stands for itself, another beside each of its scenarios, so
 * that a new mistake is none of them.
 */
export function listKnownFailures(report: Report, failOn: 'fail' | 'warn'): string {
  const kept = report.expectedFailures.filter(({ isStale, isExpired }) => !isStale && isExpired !== true);
  const covered = liveEntries(kept);
  const counts = (status: Verdict): boolean =>
    status === 'fail' || status === 'inconclusive' || (status === 'warn' && failOn === 'warn');
  const fresh = new Map<string, string>();
  for (const scenario of report.scenarios) {
    if (scenario.status !== 'error' && isShort(scenario) && !covered.includes(scenario.id)) {
      fresh.set(scenario.id, scenario.message ?? 'no rule was judged');
    }
    for (const { id, status, message } of scenario.rules) {
      if (!counts(status) || isExpected(covered, scenario.id, id)) continue;
      const entry = hasPassed(report.scenarios, id) ? `${scenario.id}:${id}` : id;
      // A failure says more than that something was not judged.
      if (!fresh.has(entry) || status === 'fail') fresh.set(entry, fresh.get(entry) ?? message);
    }
  }
  const lines = [
    ...kept.map(({ entry, until, reason }) => lineOf(entry, until, reason)),
    ...[...fresh].map(([entry, message]) => lineOf(entry, undefined, message)),
  ];
  return [
    '# Known failures, for --expected-failures: RULE, SCENARIO:RULE or SCENARIO, perhaps until 2027-01-31, and # a reason.',
    ...lines,
    '',
  ].join('\n');
}

function hasPassed(scenarios: readonly ScenarioResult[], rule: string): boolean {
  return scenarios.some(({ rules }) => rules.some(({ id, status }) => id === rule && status === 'pass'));
}

function lineOf(entry: string, until: string | undefined, reason: string | undefined): string {
  const why = printable(reason ?? '');
  const short = why.length <= MOST_CHARACTERS ? why : `${why.slice(0, MOST_CHARACTERS)}…`;
  const line = `${entry}${until === undefined ? '' : ` until ${until}`}${short === '' ? '' : `  # ${short}`}`;
  return parseExpectedFailure(line).entry === entry ? line : entry;
}
