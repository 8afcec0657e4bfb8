import { serverVersions } from '../../../server/index.ts';
import {
  hasFailed,
  isExpected,
  isShort,
  liveEntries,
  parseExpectedFailure,
  reviewExpectedFailures,
} from '../../verdict/expected-failures.ts';
import type { Rule } from '../../rules/rule.ts';
import {
  REAL_SERVER,
  type ExpectedFailure,
  type Incomplete,
  type Report,
  type ScenarioResult,
  type Shard,
  type Summary,
} from '../../verdict/report.ts';
import { worst, type Verdict } from '../../verdict/verdict.ts';

export interface ReportFacts {
  readonly version: string;
  readonly seed: number;
  /** A version, or `all`. */
  readonly serverVersion: string;
  /** Absent for the enterprise edition. */
  readonly edition?: 'standard';
  readonly argv: readonly string[];
  readonly capabilities: readonly string[];
  /** Lines of the list of known failures. */
  readonly expectedFailures: readonly string[];
  /** The day on which it is judged, as `2027-01-31`; null where no line is to expire. */
  readonly today?: string | null;
  readonly failOn: 'fail' | 'warn';
  /** The part of a whole that this is. */
  readonly shard?: Shard;
  /** What was selected and not played. */
  readonly incomplete?: Incomplete;
  /** True where only what did not pass before was played. */
  readonly lastFailed?: true;
}

/** Puts the scenarios' results together into what every reporter shows. Pure. */
export function assembleReport(
  facts: ReportFacts,
  scenarios: readonly ScenarioResult[],
  rules: readonly Rule[],
): Report {
  // What was not played may show that a known failure still fails.
  const isWhole = facts.shard === undefined && facts.incomplete === undefined && facts.lastFailed === undefined;
  const expectedFailures = reviewExpectedFailures(
    facts.expectedFailures.map(parseExpectedFailure),
    isWhole ? scenarios : [],
    facts.today ?? null,
  );
  return {
    schemaVersion: 1,
    kit: { version: facts.version },
    seed: facts.seed,
    serverVersion: facts.serverVersion,
    ...(facts.edition === undefined ? {} : { edition: facts.edition }),
    client: { argv: facts.argv },
    capabilities: facts.capabilities,
    ...(facts.shard === undefined ? {} : { shard: facts.shard }),
    ...(facts.lastFailed === undefined ? {} : { lastFailed: facts.lastFailed }),
    ...(facts.incomplete === undefined ? {} : { incomplete: facts.incomplete }),
    exitCode: exitCodeOf(facts, scenarios.map(withoutBeyond(rules)), expectedFailures),
    summary: countByStatus(scenarios),
    rules: rules.flatMap((rule) => sumUp(rule, scenarios)),
    scenarios,
    expectedFailures,
  };
}

/** What became of a rule in all scenarios, at the gravest level that it was found at; nothing where it was not looked at. */
function sumUp({ id, level }: Rule, scenarios: readonly ScenarioResult[]): Array<Report['rules'][number]> {
  const looks = scenarios.flatMap((scenario) =>
    scenario.rules
      .filter((result) => result.id === id)
      .map((result) => ({
        level: result.level,
        status: result.status,
        scenario: scenario.id,
        version: scenario.serverVersion,
      })),
  );
  if (looks.length === 0) return [];
  const versions = [...serverVersions, REAL_SERVER].flatMap((version) => {
    const statuses = looks.filter((look) => look.version === version).map(({ status }) => status);
    return statuses.length === 0 ? [] : [{ version, status: worst(statuses) }];
  });
  const judging = [...new Set(looks.map(({ scenario }) => scenario))];
  const gravest = looks.some((look) => look.level === 'must') ? 'must' : level;
  return [{ id, level: gravest, status: worst(looks.map(({ status }) => status)), versions, scenarios: judging }];
}

/** Beside a real server nothing follows from rules that the fake cluster alone can judge: they are in the report, and open. */
function withoutBeyond(rules: readonly Rule[]): (scenario: ScenarioResult) => ScenarioResult {
  const beyond = new Set(rules.flatMap(({ id, needsCluster }) => (needsCluster === undefined ? [] : [id])));
  return (scenario) => {
    if (scenario.serverVersion !== REAL_SERVER) return scenario;
    return { ...scenario, rules: scenario.rules.filter(({ id }) => !beyond.has(id)) };
  };
}

/** Exit codes of the contract. Never 0 when nothing was proved, but for what is known to fail. */
function exitCodeOf(
  facts: ReportFacts,
  scenarios: readonly ScenarioResult[],
  expectedFailures: readonly ExpectedFailure[],
): Report['exitCode'] {
  if (facts.incomplete?.reasons.includes('disk-full') === true) return 70;
  if (scenarios.some(({ status }) => status === 'error')) return 70;
  const entries = liveEntries(expectedFailures);
  const hasAnyFailed = scenarios.some((scenario) => hasFailed(scenario, entries, facts.failOn));
  if (hasAnyFailed || expectedFailures.some(({ isStale }) => isStale)) return 1;
  const isOpen = scenarios.some(
    (scenario) =>
      (isShort(scenario) && !entries.includes(scenario.id)) ||
      scenario.rules.some(({ id, status }) => status === 'inconclusive' && !isExpected(entries, scenario.id, id)),
  );
  const hasProof = scenarios.some(({ rules }) =>
    rules.some(({ level, status }) => level === 'must' && status === 'pass'),
  );
  return isOpen || !hasProof || facts.incomplete !== undefined ? 2 : 0;
}

function countByStatus(scenarios: readonly ScenarioResult[]): Summary {
  const count = (wanted: Verdict): number =>
    scenarios.reduce((sum, { rules }) => sum + rules.filter(({ status }) => status === wanted).length, 0);
  return {
    pass: count('pass'),
    fail: count('fail'),
    warn: count('warn'),
    inconclusive: count('inconclusive'),
    notApplicable: count('not-applicable'),
    error: scenarios.filter(({ status }) => status === 'error').length,
  };
}
