import { assembleReport, type ReportFacts } from '../../conformance/check/report/assemble-report.ts';
import type { Finding, Rule } from '../../conformance/rules/rule.ts';
import { sourcedVersions } from '../../server/versions/behaviour-row.ts';
import type { Hazard, Scenario } from '../../conformance/scenarios/scenario.ts';
import type { Report, RuleResult, ScenarioResult } from '../../conformance/verdict/report.ts';
import { worst } from '../../conformance/verdict/verdict.ts';

/* Reports, rules and scenarios with a default for everything, so that what a test sets is what it is about. */

export function finding(values: Partial<Finding> = {}): Finding {
  return {
    run: 1,
    atMs: Date.UTC(2024, 0, 1, 0, 31),
    subject: 'GET /v1/backup/log/filenames?context=default',
    expected: 'a control database backup earlier in this run',
    actual: 'none at all',
    ...values,
  };
}

export function ruleResult(values: Partial<RuleResult> = {}): RuleResult {
  return { id: 'order/control-db-first', level: 'must', status: 'pass', message: '3 copies', evidence: [], ...values };
}

export function failedRule(values: Partial<RuleResult> = {}): RuleResult {
  return ruleResult({
    status: 'fail',
    message: 'GET /v1/backup/log/filenames: none at all',
    evidence: [finding()],
    ...values,
  });
}

/** Its status is the worst of its rules, unless given. */
export function scenarioResult(values: Partial<ScenarioResult> = {}): ScenarioResult {
  const { rules = [ruleResult()] } = values;
  return {
    id: 'growth/quiet',
    serverVersion: 'documented',
    title: 'nothing happens',
    status: worst(rules.map(({ status }) => status)),
    message: null,
    rules,
    hazards: [],
    runs: [
      {
        run: 1,
        exitCode: 0,
        signal: null,
        hasTimedOut: false,
        requests: 4,
        virtualStart: '2024-01-01T00:30:00.000Z',
        virtualEnd: '2024-01-01T00:31:05.000Z',
      },
    ],
    loss: [],
    repro: 'axon-backup-kit check --only growth/quiet --seed 1 -- ./backup.sh',
    artefacts: null,
    wallClock: { totalMs: 1250, clientMs: 800 },
    ...values,
  };
}

/** A scenario with each of some versions; what is not said of one is as in `scenarioResult`. */
export function withEachVersion(
  id: string,
  values: Readonly<Record<string, Partial<ScenarioResult>>> = {},
): ScenarioResult[] {
  return sourcedVersions.map((version) => scenarioResult({ id, ...values[version], serverVersion: version }));
}

/** What becomes of a scenario that its version cannot play. */
export const notPlayed: Partial<ScenarioResult> = {
  status: 'not-applicable',
  message: '4.2 has no replication groups apart from contexts',
  rules: [ruleResult({ status: 'not-applicable', message: '4.2 has no replication groups apart from contexts' })],
  runs: [],
};

/** Put together as the kit does it, so that its sums and its exit code are right. */
export function buildReport(scenarios: readonly ScenarioResult[], facts: Partial<ReportFacts> = {}): Report {
  const results = new Map(scenarios.flatMap(({ rules }) => rules.map(({ id, level }) => [id, level] as const)));
  return assembleReport(
    {
      version: '1.2.3',
      seed: 1,
      serverVersion: 'documented',
      argv: ['./backup.sh', '{url}'],
      capabilities: [],
      expectedFailures: [],
      failOn: 'fail',
      ...facts,
    },
    scenarios,
    [...results].map(([id, level]) => buildRule({ id, level })),
  );
}

export function buildRule(values: Partial<Rule> = {}): Rule {
  return {
    id: 'order/control-db-first',
    level: 'must',
    requirement: 'Create the control database backup before copying any log segment.',
    source: 'Reference guide, Backups, Log Entry Segments',
    why: 'The control database holds the commit index. Log segments copied before it can lack what it counts as committed.',
    remedy: 'Send `POST /v1/backup/createControlDbBackup` first, and wait for its answer.',
    timelines: {
      good: 'POST createControlDbBackup\nGET  log/filenames',
      bad: 'GET  log/filenames\nPOST createControlDbBackup   <- too late',
    },
    check: () => ({ verdict: 'inconclusive', reason: 'a rule for tests' }),
    ...values,
  };
}

export function buildHazard(values: Partial<Hazard> = {}): Hazard {
  return {
    id: 'log-cleaned-between-runs',
    title: 'log files of the last run are gone in the next',
    isReached: () => true,
    ...values,
  };
}

export function buildScenario(values: Partial<Scenario> = {}): Scenario {
  return {
    id: 'log/cleaned-between-runs',
    title: 'the log is cleaned between two runs',
    story: 'Log files of the first run are gone in the second. A client that adds to its old copy keeps what is stale.',
    cluster: {},
    steps: [{ kind: 'append', transactions: 60 }, { kind: 'run' }, { kind: 'advance', by: '3h' }, { kind: 'run' }],
    hazards: [buildHazard()],
    rules: ['order/control-db-first'],
    ...values,
  };
}
