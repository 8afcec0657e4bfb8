import type { ExpectedFailure, ScenarioResult } from './report.ts';

/**
 * Known failures of a client: one a line, `rule` or `scenario:rule`; what follows a `#` is a comment. They hold for
 * every version, and do not fail the check, but an entry that no longer fails does: it has to go.
 */
export function parseExpectedFailures(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/#.*$/, '').trim())
    .filter((line) => line !== '');
}

/** Whether a failed rule of a scenario is among them. */
export function isExpected(entries: readonly string[], scenario: string, rule: string): boolean {
  return entries.includes(rule) || entries.includes(`${scenario}:${rule}`);
}

/**
 * The entries, each with whether it has become stale: what it is about was judged, and nothing of it failed. What was not
 * judged, since other scenarios were played, says nothing about it.
 */
export function reviewExpectedFailures(
  entries: readonly string[],
  scenarios: readonly ScenarioResult[],
): ExpectedFailure[] {
  return entries.map((entry) => {
    const statuses = scenarios.flatMap(({ id, rules }) =>
      rules.filter((rule) => isExpected([entry], id, rule.id)).map(({ status }) => status),
    );
    const isStale = statuses.includes('pass') && !statuses.some((status) => status === 'fail' || status === 'warn');
    return { entry, isStale };
  });
}
