/* Names of the places in the page. Ids of rules and scenarios are stable, and so are links to them. */

export function anchorOfScenario(scenario: string): string {
  return `scenario/${scenario}`;
}

export function anchorOfRule(rule: string): string {
  return `rule/${rule}`;
}

/** What became of a rule in a scenario. */
export function anchorOfResult(scenario: string, rule: string): string {
  return `result/${scenario}/${rule}`;
}

export function anchorOfRequest(scenario: string, ordinal: number): string {
  return `request/${scenario}/${ordinal}`;
}
