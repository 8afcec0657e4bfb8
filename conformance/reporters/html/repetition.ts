import type { Report, RuleResult, ScenarioResult } from '../../verdict/report.ts';

/** How much is said of a rule that is not as it should be. */
export type Telling =
  | { readonly kind: 'in-full' }
  /** It was told in full of another scenario. */
  | { readonly kind: 'again' }
  /** The same came of the same scenario with an earlier version. */
  | { readonly kind: 'as-with'; readonly earlier: ScenarioResult };

/**
 * A client makes its mistakes in each scenario and with each version anew: what the page has told once it tells shorter the
 * next time, beginning with the scenario that is open.
 */
export function tellingsOf(
  { scenarios }: Pick<Report, 'scenarios'>,
  first: ScenarioResult | undefined,
): (scenario: ScenarioResult, rule: RuleResult) => Telling {
  const tellings = new Map<ScenarioResult, Map<string, Telling>>();
  const told = new Set<string>();
  const earlierOf = new Map<string, ScenarioResult>();
  const ordered = first === undefined ? scenarios : [first, ...scenarios.filter((scenario) => scenario !== first)];
  for (const scenario of ordered) {
    const own = new Map<string, Telling>();
    tellings.set(scenario, own);
    for (const rule of scenario.rules.filter(isTold)) {
      const place = `${scenario.id}:${rule.id}:${rule.status}`;
      const earlier = earlierOf.get(place);
      if (earlier === undefined) earlierOf.set(place, scenario);
      own.set(rule.id, tellingOf(earlier, told.has(rule.id)));
      told.add(rule.id);
    }
  }
  return (scenario, rule) => tellings.get(scenario)?.get(rule.id) ?? { kind: 'in-full' };
}

function tellingOf(earlier: ScenarioResult | undefined, isKnown: boolean): Telling {
  if (earlier !== undefined) return { kind: 'as-with', earlier };
  return { kind: isKnown ? 'again' : 'in-full' };
}

/** The first result of an earlier version of whose scenario the same can be said, rule by rule; undefined where there is none. */
export function sameWithEarlier(
  { scenarios }: Pick<Report, 'scenarios'>,
  scenario: ScenarioResult,
): ScenarioResult | undefined {
  const came = (of: ScenarioResult): string =>
    [
      of.status,
      ...of.rules.filter(({ status }) => status !== 'pass').map(({ id, status }) => `${id} ${status}`),
    ].join();
  const wanted = came(scenario);
  return scenarios
    .slice(0, scenarios.indexOf(scenario))
    .find((each) => each.id === scenario.id && each.runs.length > 0 && came(each) === wanted);
}

/** What has a section of its own in its scenario. */
export function isTold({ status }: RuleResult): boolean {
  return status === 'fail' || status === 'warn' || status === 'error';
}
