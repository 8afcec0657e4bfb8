/*
 * Names of the places in the page. Ids of rules and scenarios are stable, and so are links to them. A scenario is given by its
 * name in the report, which begins with the version where there are several: `scenario/4.2/order/large-store`.
 */

export function anchorOfScenario(scenario: string): string {
  return `scenario/${partOf(scenario)}`;
}

export function anchorOfRule(rule: string): string {
  return `rule/${rule}`;
}

/** What became of a rule in a scenario. */
export function anchorOfResult(scenario: string, rule: string): string {
  return `result/${partOf(scenario)}/${rule}`;
}

export function anchorOfRequest(scenario: string, ordinal: number): string {
  return `request/${partOf(scenario)}/${ordinal}`;
}

/** An anchor has no blanks. */
function partOf(scenario: string): string {
  return scenario.replace(' ', '/');
}
