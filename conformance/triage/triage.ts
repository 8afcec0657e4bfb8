import { isExpected, isShort, liveEntries } from '../verdict/expected-failures.ts';
import type { Report, ReportedLoss, RuleResult, RunSummary, ScenarioResult } from '../verdict/report.ts';
import { follows, isHiddenBy, isInTime, isOutcome, type Kinship } from './consequence.ts';

/** A failed rule that explains others, or that nothing explains. */
export interface Cause {
  readonly rule: string;
  /** Where it stands for itself, in reading order. */
  readonly scenarios: readonly ScenarioResult[];
  /** In so many others it failed, too, and followed from another cause. */
  readonly elsewhere: number;
  /** Of the first of its scenarios: what to look at. */
  readonly result: RuleResult;
  /** The run of the best piece of evidence, where that ended badly and the client said something. */
  readonly badRun: RunSummary | null;
  /** The worst that a restore of one of its scenarios loses; null where nothing is lost. */
  readonly worstLoss: ReportedLoss | null;
  /** Rules that fail with it, and follow from it. */
  readonly consequences: readonly string[];
  /** True for what only tells that something is wrong: how a run ended, what a restore came to. */
  readonly isOutcome: boolean;
}

/** A rule, and in how many scenarios (and versions) something became of it. */
export interface Counted {
  readonly rule: string;
  readonly scenarios: readonly ScenarioResult[];
  /** Of the first of them. */
  readonly result: RuleResult;
}

/** What a report comes to: causes before consequences, MUST before SHOULD, and what is known, or open, behind both. */
export interface Triage {
  /** Scenarios in which the kit itself failed. */
  readonly kitFailures: readonly ScenarioResult[];
  /** Of MUST rules that failed and were not expected to: those that explain most come first, outcomes last. */
  readonly causes: readonly Cause[];
  /** MUST rules that failed nowhere but behind a cause. */
  readonly consequences: readonly Counted[];
  /** SHOULD rules that failed, and were not expected to. */
  readonly warnings: readonly Counted[];
  /** What failed, or stayed open, and was expected to. */
  readonly expected: readonly Counted[];
  /** Rules that came to no verdict, where no failure says why. */
  readonly open: readonly Counted[];
  /** Scenarios that did not bring about all they promise, or judged nothing, and were not expected to be so. */
  readonly unreached: readonly ScenarioResult[];
  /** The scenario to play first; null where nothing is wrong. */
  readonly startWith: ScenarioResult | null;
}

/**
 * Sorts out what a report tells: one mistake fails many rules in many scenarios, and what its author needs is the mistake.
 * A rule says in its data what it follows from; a rule that finds no backup to look into explains all others of its runs.
 * Where two rules name each other, the one that fails in more scenarios is the cause, or else the first in the catalogue.
 */
export function triage(report: Report, kinship: Kinship): Triage {
  const entries = liveEntries(report.expectedFailures);
  const failed = new Map<string, ScenarioResult[]>();
  const looks: Record<'warn' | 'expected' | 'open', Map<string, ScenarioResult[]>> = {
    warn: new Map(),
    expected: new Map(),
    open: new Map(),
  };
  for (const scenario of report.scenarios) {
    for (const rule of scenario.rules) {
      const isKnown = isExpected(entries, scenario.id, rule.id);
      if (rule.status === 'fail') put(isKnown ? looks.expected : failed, rule.id, scenario);
      else if (rule.status === 'warn') put(isKnown ? looks.expected : looks.warn, rule.id, scenario);
      else if (rule.status === 'inconclusive' && isKnown) put(looks.expected, rule.id, scenario);
      else if (rule.status === 'inconclusive' && scenario.status !== 'fail') put(looks.open, rule.id, scenario);
    }
  }
  const rank = [...failed]
    .toSorted((a, b) => b[1].length - a[1].length || placeOf(report, a[0]) - placeOf(report, b[0]))
    .map(([id]) => id);
  const explain = (scenario: ScenarioResult, rule: string): readonly string[] =>
    explanationsOf(scenario, rule, (id) => rank.indexOf(id), kinship);

  const causes: Cause[] = [];
  const consequences: Counted[] = [];
  for (const rule of rank) {
    const all = failed.get(rule) ?? [];
    const own = all.filter((scenario) => explain(scenario, rule).length === 0);
    if (own.length === 0) consequences.push(countedOf(rule, all));
    else causes.push(causeOf(rule, own, all.length - own.length, explain, kinship));
  }
  causes.sort(
    (a, b) =>
      Number(a.isOutcome) - Number(b.isOutcome) ||
      b.scenarios.length - a.scenarios.length ||
      placeOf(report, a.rule) - placeOf(report, b.rule),
  );
  const kitFailures = report.scenarios.filter(({ status }) => status === 'error');
  const counted = (of: ReadonlyMap<string, ScenarioResult[]>): Counted[] =>
    [...of]
      .toSorted((a, b) => placeOf(report, a[0]) - placeOf(report, b[0]))
      .map(([rule, scenarios]) => countedOf(rule, scenarios));
  const warnings = counted(looks.warn);
  const open = counted(looks.open);
  const unreached = report.scenarios.filter((scenario) => isUnreached(scenario) && !entries.includes(scenario.id));
  const startWith =
    causes[0]?.scenarios[0] ?? kitFailures[0] ?? open[0]?.scenarios[0] ?? unreached[0] ?? warnings[0]?.scenarios[0];
  return {
    kitFailures,
    causes,
    consequences,
    warnings,
    expected: counted(looks.expected),
    open,
    unreached,
    startWith: startWith ?? null,
  };
}

/** Rules that explain why `rule` fails in a scenario; none where it stands for itself. */
function explanationsOf(
  { rules }: ScenarioResult,
  rule: string,
  rankOf: (id: string) => number,
  kinship: Kinship,
): readonly string[] {
  const failed = rules.filter(({ status }) => status === 'fail');
  const effect = failed.find(({ id }) => id === rule);
  if (effect === undefined || effect.isTheReason === true) return [];
  const reasons = failed.filter((each) => each.isTheReason === true && isHiddenBy(each, effect));
  if (reasons.length > 0) return reasons.map(({ id }) => id);
  return failed
    .filter((cause) => follows(rule, cause.id, kinship) && isInTime(cause, effect, kinship))
    .filter((cause) => !follows(cause.id, rule, kinship) || isBefore(rankOf(cause.id), rankOf(rule)))
    .map(({ id }) => id);
}

/** One that is not in the ranking is expected to fail: a known mistake explains what comes of it all the same. */
function isBefore(cause: number, effect: number): boolean {
  return cause < effect;
}

function causeOf(
  rule: string,
  scenarios: readonly ScenarioResult[],
  elsewhere: number,
  explain: (scenario: ScenarioResult, rule: string) => readonly string[],
  kinship: Kinship,
): Cause {
  const { result } = countedOf(rule, scenarios);
  const told = new Set(result.evidence.flatMap(({ run }) => run ?? []));
  const spoke = (scenarios[0]?.runs ?? []).filter(({ stderrTail }) => (stderrTail ?? []).length > 0);
  const losses = scenarios.flatMap(({ loss }) => loss).toSorted((a, b) => b.events - a.events);
  const consequences = scenarios.flatMap((scenario) =>
    scenario.rules.filter(({ id }) => explain(scenario, id).includes(rule)).map(({ id }) => id),
  );
  return {
    rule,
    scenarios,
    elsewhere,
    result,
    badRun: spoke.find(({ run }) => told.has(run)) ?? null,
    worstLoss: losses[0] ?? null,
    consequences: [...new Set(consequences)],
    isOutcome: isOutcome(rule, kinship) && result.isTheReason !== true,
  };
}

function countedOf(rule: string, scenarios: readonly ScenarioResult[]): Counted {
  const result = scenarios[0]?.rules.find(({ id }) => id === rule);
  if (result === undefined) throw new Error(`${rule} was judged in no scenario`);
  return { rule, scenarios, result };
}

function isUnreached(scenario: ScenarioResult): boolean {
  const { status } = scenario;
  return status !== 'error' && status !== 'not-applicable' && status !== 'fail' && isShort(scenario);
}

function put(into: Map<string, ScenarioResult[]>, rule: string, scenario: ScenarioResult): void {
  into.set(rule, [...(into.get(rule) ?? []), scenario]);
}

/** In the catalogue; a report has its rules in that order. */
function placeOf({ rules }: Report, rule: string): number {
  return rules.findIndex(({ id }) => id === rule);
}
