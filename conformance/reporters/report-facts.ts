import { doWarningsFail, isExpected, isShort, liveEntries } from '../verdict/expected-failures.ts';
import {
  REAL_SERVER,
  type ReasonIncomplete,
  type Report,
  type ReportedLoss,
  type RuleResult,
  type ScenarioResult,
} from '../verdict/report.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { count } from './layout.ts';
import { versionsIn } from './scenario-name.ts';
import { inOrder, statusTexts, type Shown } from './status-text.ts';

type Known = Pick<Report, 'expectedFailures'>;

/** True where the user said that this rule fails here, or stays open, and it does. */
export function isExpectedFailure(report: Known, scenario: ScenarioResult, rule: RuleResult): boolean {
  return isFlawed(rule) && isExpected(liveEntries(report.expectedFailures), scenario.id, rule.id);
}

/** True for a scenario that is not as it should be, in nothing but what the user said would not be. */
export function isKnown(report: Known, scenario: ScenarioResult): boolean {
  if (scenario.status === 'error') return false;
  const flaws = scenario.rules.filter(isFlawed);
  const isShortOfIt = isShort(scenario);
  if (flaws.length === 0 && !isShortOfIt) return false;
  const isMissExpected = !isShortOfIt || liveEntries(report.expectedFailures).includes(scenario.id);
  return isMissExpected && flaws.every((rule) => isExpectedFailure(report, scenario, rule));
}

function isFlawed({ status }: RuleResult): boolean {
  return status === 'fail' || status === 'warn' || status === 'inconclusive';
}

/** Expected failures past their date. */
export function expiredEntries(report: Known): string[] {
  return report.expectedFailures
    .filter(({ isExpired }) => isExpired === true)
    .map(({ entry, until }) => `${entry} until ${until}`);
}

/** Expected failures that no longer fail. */
export function staleEntries(report: Report): string[] {
  return report.expectedFailures.filter(({ isStale }) => isStale).map(({ entry }) => entry);
}

function hasUnexpected(report: Report, status: Verdict): boolean {
  return report.scenarios.some((scenario) =>
    scenario.rules.some((rule) => rule.status === status && !isExpectedFailure(report, scenario, rule)),
  );
}

/** What the exit code says, and why it is this one; and that not all was played, where that is so. */
export function explainExit(report: Report): string {
  const lack = formatIncomplete(report);
  return [explainVerdict(report), ...(lack === null ? [] : [`incomplete: ${lack}`])].join('; ');
}

function explainVerdict(report: Report): string {
  switch (report.exitCode) {
    case 0:
      if (report.serverVersion === REAL_SERVER) {
        return 'every MUST rule that a trace can prove was judged and passed; those marked inconclusive need the fake cluster';
      }
      return report.expectedFailures.length > 0
        ? 'every MUST rule was judged, and passed or failed as expected'
        : 'every MUST rule was judged and passed';
    case 1:
      return [
        ...(hasUnexpected(report, 'fail') ? ['a MUST rule failed'] : []),
        ...(staleEntries(report).length > 0
          ? ['an expected failure no longer fails, and has to go from the list']
          : []),
        ...(doWarningsFail(report) ? ['a warning counts as a failure (--fail-on warn)'] : []),
      ].join('; ');
    case 2:
      if (isOpen(report)) return 'nothing failed, but something is inconclusive: not all was proved';
      return report.scenarios.some(provesSomething)
        ? 'nothing failed, but not all was played: not all was proved'
        : 'nothing failed, but no MUST rule was judged: nothing was proved';
    case 70:
      return 'the kit itself failed; that is no fault of the client';
  }
}

function provesSomething({ rules }: ScenarioResult): boolean {
  return rules.some(({ level, status }) => level === 'must' && status === 'pass');
}

const lacks: Readonly<Record<ReasonIncomplete, string>> = {
  interrupted: 'it was interrupted',
  'disk-full': 'the disk is full',
  bail: 'it ended early, as --bail has it',
  'shard-missing': 'a shard is missing',
};

/** What a report lacks, and why: `it was interrupted, 12 scenarios were not played`; null where all is there. */
export function formatIncomplete({ incomplete }: Pick<Report, 'incomplete'>): string | null {
  if (incomplete === undefined) return null;
  const left = incomplete.notPlayed.length;
  const parts = incomplete.reasons.map((reason) => lacks[reason]);
  if (left > 0) parts.push(`${count(left, 'scenario was', 'scenarios were')} not played`);
  return parts.join(', ');
}

function isOpen(report: Report): boolean {
  const entries = liveEntries(report.expectedFailures);
  return report.scenarios.some(
    (scenario) =>
      (isShort(scenario) && !entries.includes(scenario.id)) ||
      scenario.rules.some((rule) => rule.status === 'inconclusive' && !isExpectedFailure(report, scenario, rule)),
  );
}

/** Scenarios by what they came to, from the gravest: `2 fail, 1 expected, 53 pass`; what is zero is left out. */
export function formatScenarioCounts(report: Pick<Report, 'scenarios' | 'expectedFailures'>): string {
  return formatCounts(report.scenarios.map((scenario) => (isKnown(report, scenario) ? 'expected' : scenario.status)));
}

/**
 * Rule results by status, over all scenarios and versions; what fails as the user said it would is counted as that. Errors
 * are scenarios in which no rule was judged, and stand with those.
 */
export function formatJudgements(report: Report): string {
  return formatCounts(
    report.scenarios.flatMap((scenario) =>
      scenario.rules.map((rule) => (isExpectedFailure(report, scenario, rule) ? 'expected' : rule.status)),
    ),
  );
}

function formatCounts(all: readonly Shown[]): string {
  const counts = new Map<Shown, number>();
  for (const each of all) counts.set(each, (counts.get(each) ?? 0) + 1);
  const parts = inOrder
    .filter((each) => counts.has(each))
    .map((each) => `${counts.get(each)} ${statusTexts[each].word}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}

/** What a green report has shown, in one line. */
export function formatProof(report: Report): string {
  const proved = report.rules.filter(({ status }) => status === 'pass').length;
  const played = report.scenarios.filter((scenario) => reasonNotPlayed(scenario) === null);
  const scenarios = new Set(played.map(({ id }) => id)).size;
  const versions = versionsIn({ scenarios: played }).length;
  const reached = report.scenarios.flatMap(({ hazards }) => hazards.filter((hazard) => hazard.reached)).length;
  const losing = report.scenarios.filter(({ loss }) => loss.length > 0);
  const lost = formatLost(losing.flatMap(({ loss }) => loss));
  // Where no rule has failed there is one reason alone: no list had them, or the client declares to leave them out.
  const isRight = losing.every(({ rules }) => rules.every(({ status }) => status !== 'fail'));
  const why = losing.length > 0 && isRight ? ', of segments that were open or in no list' : '';
  // What a real server has acknowledged, and what it has come upon, nobody knows.
  if (report.serverVersion === REAL_SERVER) return `${count(proved, 'rule')} proved by what passed and what was left`;
  return [
    `${count(proved, 'rule')} proved in ${count(scenarios, 'scenario')}${versions > 1 ? ` with ${versions} server versions` : ''}`,
    `${count(report.summary.pass, 'judgement')}, ${count(reached, 'hazard')} reached`,
    `a restore loses ${lost}${why}`,
  ].join('; ');
}

/** `3 events and 1 snapshot`; `nothing`. */
function formatLost(losses: readonly ReportedLoss[]): string {
  const sumOf = (isSnapshot: boolean): number =>
    losses.filter(({ type }) => (type === 'SNAPSHOT') === isSnapshot).reduce((total, { events }) => total + events, 0);
  const [events, snapshots] = [sumOf(false), sumOf(true)];
  const parts = [
    ...(events === 0 ? [] : [count(events, 'event')]),
    ...(snapshots === 0 ? [] : [count(snapshots, 'snapshot')]),
  ];
  return parts.length === 0 ? 'nothing' : parts.join(' and ');
}

/** The worst that a restore of any scenario's last backup loses, and the first scenario in which it does; null for nothing. */
export function worstLoss({
  scenarios,
}: Pick<Report, 'scenarios'>): { readonly loss: ReportedLoss; readonly scenario: ScenarioResult } | null {
  const losses = scenarios.flatMap((scenario) => scenario.loss.map((loss) => ({ loss, scenario })));
  return losses.toSorted((a, b) => b.loss.events - a.loss.events)[0] ?? null;
}

/** Why a scenario was not played, in one line; null where it was. What a client waives is judged in its runs. */
export function reasonNotPlayed({ status, runs, message }: ScenarioResult): string | null {
  return status === 'not-applicable' && runs.length === 0 ? message : null;
}

/** Situations that the scenario promised and did not bring about. Where the kit failed, that says enough. */
export function unreachedHazards({ status, hazards }: ScenarioResult): string[] {
  if (status === 'error') return [];
  return hazards.filter(({ reached }) => !reached).map(({ id }) => id);
}

/** Where the artefacts of a scenario lie, as a report in a file tells it: the same in every run, or nothing. */
export function lastingFolder({ artefacts }: ScenarioResult): string | null {
  return artefacts === null || artefacts.isTemporary ? null : artefacts.folder;
}
