/** What becomes of a rule in a scenario. `fail` of a `should` rule is shown as `warn`. */
export type Verdict = 'pass' | 'fail' | 'warn' | 'inconclusive' | 'not-applicable' | 'error';

/** From harmless to grave. What was not judged is graver than what passed: nothing is green for nothing. */
const gravity: readonly Verdict[] = ['not-applicable', 'pass', 'warn', 'inconclusive', 'fail', 'error'];

/** The gravest of many; of none at all `inconclusive`, so an empty run is never green. */
export function worst(verdicts: Iterable<Verdict>): Verdict {
  let found: Verdict | null = null;
  for (const verdict of verdicts) {
    if (found === null || gravity.indexOf(verdict) > gravity.indexOf(found)) found = verdict;
  }
  return found ?? 'inconclusive';
}
