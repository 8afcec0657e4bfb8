import type { ExpectedFailure, Report, ScenarioResult } from './report.ts';

/** A line of a list of known failures, taken apart. */
export interface ExpectedEntry {
  /** `rule`, `scenario:rule`, or `scenario` for what it misses. */
  readonly entry: string;
  /** The last day on which it covers anything, as `2027-01-31`; null for ever. */
  readonly until: string | null;
  readonly reason: string | null;
}

/**
 * Known failures of a client: one a line, `rule`, `scenario:rule` or `scenario` (its missed hazards), then perhaps
 * `until 2027-01-31` and `# reason`. They hold for every version and cover what fails and what is inconclusive. Past its
 * date a line covers nothing; one that no longer applies fails the check: it has to go. Lines that say nothing are left out.
 */
export function parseExpectedFailures(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => parseExpectedFailure(line).entry !== '');
}

/** One line; whatever is no date or reason is the entry, so that a slip of the pen is a name that nobody knows. */
export function parseExpectedFailure(line: string): ExpectedEntry {
  const [, said = '', reason = null] = /^([^#]*)(?:#(.*))?$/s.exec(line) ?? [];
  const [, entry = '', until = null] = /^\s*(.*?)(?:\s+until\s+(\S+))?\s*$/s.exec(said) ?? [];
  const why = reason?.trim() ?? '';
  return { entry, until, reason: why === '' ? null : why };
}

/** Whether a day is one: `2027-02-30` is none. */
export function isDay(text: string): boolean {
  const parsed = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
}

/** Whether a rule of a scenario is among the entries. */
export function isExpected(entries: readonly string[], scenario: string, rule: string): boolean {
  return entries.includes(rule) || entries.includes(`${scenario}:${rule}`);
}

/** Entries that cover something: those that are not past their date. */
export function liveEntries(expected: readonly ExpectedFailure[]): string[] {
  return expected.filter(({ isExpired }) => isExpired !== true).map(({ entry }) => entry);
}

/**
 * The entries, each with whether it is past its date, and whether it has become stale: what it is about was judged, and
 * nothing of it failed or stayed open. What was not judged, since other scenarios were played, says nothing about it.
 */
export function reviewExpectedFailures(
  entries: readonly ExpectedEntry[],
  scenarios: readonly ScenarioResult[],
  today: string | null,
): ExpectedFailure[] {
  return entries.map(({ entry, until, reason }) => {
    const isExpired = until !== null && today !== null && until < today;
    return {
      entry,
      isStale: !isExpired && isStale(entry, scenarios),
      ...(isExpired ? { isExpired } : {}),
      ...(until === null ? {} : { until }),
      ...(reason === null ? {} : { reason }),
    };
  });
}

function isStale(entry: string, scenarios: readonly ScenarioResult[]): boolean {
  const played = scenarios.filter(
    ({ id, status }) => id === entry && status !== 'not-applicable' && status !== 'error',
  );
  const statuses = scenarios.flatMap(({ id, rules }) =>
    rules.filter((rule) => isExpected([entry], id, rule.id)).map(({ status }) => status),
  );
  // One word can be both, a rule and a scenario: it is of use while one of them needs it.
  const isOfUse =
    played.some(isShort) ||
    statuses.some((status) => status === 'fail' || status === 'warn' || status === 'inconclusive');
  return !isOfUse && (played.length > 0 || statuses.includes('pass'));
}

/**
 * Whether a scenario counts as failed: a rule of it failed that was not expected to (or warned, where warnings count), or the
 * kit itself did. What stayed open has not failed.
 */
export function hasFailed(
  { id, status, rules }: Pick<ScenarioResult, 'id' | 'status' | 'rules'>,
  entries: readonly string[],
  failOn: 'fail' | 'warn',
): boolean {
  const isGrave = (verdict: string): boolean => verdict === 'fail' || (verdict === 'warn' && failOn === 'warn');
  return status === 'error' || rules.some((rule) => isGrave(rule.status) && !isExpected(entries, id, rule.id));
}

/**
 * True where a warning is what made the check fail (`--fail-on warn`). The report does not hold the option, but exit 1
 * without any other reason leaves only this one.
 */
export function doWarningsFail(report: Report): boolean {
  if (report.exitCode !== 1 || report.expectedFailures.some((each) => each.isStale)) return false;
  const entries = liveEntries(report.expectedFailures);
  return !report.scenarios.some((scenario) => hasFailed(scenario, entries, 'fail'));
}

/** A scenario that missed a hazard, or judged nothing: what an entry of its id covers. */
export function isShort({ hazards, status, rules }: Pick<ScenarioResult, 'hazards' | 'status' | 'rules'>): boolean {
  if (hazards.some(({ reached }) => !reached)) return true;
  return status === 'inconclusive' && !rules.some((rule) => rule.status === 'inconclusive');
}
