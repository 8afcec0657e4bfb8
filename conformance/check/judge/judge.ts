import type { Evidence, ListedWhileWritten } from '../../journal/evidence.ts';
import type { Finding, Judgement, Level, Rule } from '../../rules/rule.ts';
import { describeDenied } from '../../journal/inference/trouble.ts';
import { isAboutLog } from '../../scenarios/needs.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import type { RuleResult } from '../../verdict/report.ts';
import { inOrderOfTelling } from './order-of-telling.ts';
import { worst, type Verdict } from '../../verdict/verdict.ts';

/** What the rules say of one scenario. */
export interface Judged {
  readonly status: Verdict;
  /** Why the scenario is no better than it is, where its rules do not say so; else null. */
  readonly message: string | null;
  readonly rules: readonly RuleResult[];
  readonly hazards: ReadonlyArray<{ readonly id: string; readonly reached: boolean }>;
}

/**
 * Holds all rules against what a scenario has left. Rules that the scenario promises to judge may not stay without a
 * verdict, and hazards that it promises to reach may not stay away, but for those that what the client declares not to do
 * keeps from it: both make it inconclusive. Other rules are shown where they have something to say.
 */
export function judgeScenario(scenario: Scenario, evidence: Evidence, rules: readonly Rule[]): Judged {
  const judged = judgePlayed(scenario, evidence, rules);
  const isOpen = judged.status === 'inconclusive' && isAboutLog(scenario);
  return isOpen && goesWithoutLog(evidence) ? passOver(scenario, NO_LOG_STEP, rules) : judged;
}

/** By the manual of its release, and no run has asked for one. */
function goesWithoutLog({ asksForLog, lists, runs }: Evidence): boolean {
  if (asksForLog || !lists.log) return false;
  return (
    runs.length > 0 && runs.every(({ requests }) => requests.every(({ path }) => !path.endsWith('/log/filenames')))
  );
}

function judgePlayed(scenario: Scenario, evidence: Evidence, rules: readonly Rule[]): Judged {
  const looks = rules.flatMap((rule) => {
    const result = judgeRule(rule, evidence);
    return scenario.rules.includes(rule.id) || result.status !== 'inconclusive' ? [result] : [];
  });
  const results = inOrderOfTelling(looks, rules);
  const hazards = scenario.hazards
    .filter(({ waivedBy }) => waivedBy === undefined || !evidence.capabilities.includes(waivedBy))
    .map((hazard) => ({ ...hazard, reached: hazard.isReached(evidence) }))
    .filter(({ reached, isSpared }) => reached || isSpared?.(evidence) !== true)
    .map(({ id, reached }) => ({ id, reached }));
  const missed = hazards.filter(({ reached }) => !reached).map(({ id }) => id);
  const verdicts = results.map(({ status }) => status);
  if (missed.length > 0) verdicts.push('inconclusive');
  return {
    status: worst(verdicts),
    message:
      [deniedIn(evidence), missed.length === 0 ? null : explainMissed(scenario, missed)]
        .filter((each) => each !== null)
        .join('. ') || null,
    rules: results,
    hazards,
  };
}

/** The first run that could not get into its own folders, in words; null where all could. */
function deniedIn({ runs }: Evidence): string | null {
  const denied = runs.find(({ deniedFolder }) => deniedFolder !== undefined);
  return denied === undefined ? null : describeDenied(denied);
}

/** Which situations never came about, in words, and what that means. */
function explainMissed({ hazards }: Scenario, missed: readonly string[]): string {
  const named = missed.map((id) => {
    const title = hazards.find((each) => each.id === id)?.title;
    return title === undefined ? id : `${id} (${title})`;
  });
  return `not reached: ${named.join(', ')}; what was judged says nothing of that`;
}

/** A scenario that was not played: of what it promises to judge nothing applies, and nothing was reached or missed. */
export function passOver(scenario: Scenario, reason: string, rules: readonly Rule[]): Judged {
  const promised = rules.filter(({ id }) => scenario.rules.includes(id));
  return {
    status: 'not-applicable',
    message: reason,
    rules: promised.map((rule) => notApplicable(rule, reason)),
    hazards: [],
  };
}

function notApplicable({ id, level }: Rule, reason: string): RuleResult {
  return { id, level, status: 'not-applicable', message: reason, evidence: [] };
}

function judgeRule(rule: Rule, evidence: Evidence): RuleResult {
  const { id } = rule;
  const waiver = rule.waivedBy?.find((capability) => evidence.capabilities.includes(capability));
  if (waiver !== undefined) return notApplicable(rule, `the client declares ${waiver}`);
  const judgement = rule.check(evidence);
  const unlisted = unlistedBy(rule, judgement, evidence);
  if (unlisted !== null) return notApplicable(rule, unlisted);
  const isTheReason = judgement.verdict === 'fail' && judgement.isTheReason === true;
  const own = evidence.asksForLog ? rule.level : (rule.levelWithoutLogStep ?? rule.level);
  const level = (judgement.verdict === 'fail' ? judgement.level : undefined) ?? own;
  const [status, message] = [statusOf(judgement, level), messageOf(judgement)];
  return { id, level, status, message, evidence: findingsOf(judgement), ...(isTheReason ? { isTheReason } : {}) };
}

const unlistedFiles: Readonly<Record<keyof ListedWhileWritten, string>> = {
  openSegments: 'this release lists no open segments',
  currentLog: 'this release does not list the log segment that is being written',
  log: 'this edition has no replication groups, and no log',
};

const NO_LOG_STEP = 'the manual of this release has no step for the log, and the client copied none';

/** Why a rule does not apply where the release keeps to itself what the rule is about; null where it applies. */
function unlistedBy({ isAbout, level }: Rule, judgement: Judgement, evidence: Evidence): string | null {
  const { lists } = evidence;
  if (isAbout === undefined) return null;
  if (!lists.log && isAbout !== 'openSegments') return unlistedFiles.log;
  const isOfLog = isAbout !== 'openSegments';
  if (isOfLog && judgement.verdict === 'inconclusive' && goesWithoutLog(evidence)) return NO_LOG_STEP;
  if (lists[isAbout]) return null;
  if (judgement.verdict === 'inconclusive') return unlistedFiles[isAbout];
  if (judgement.verdict === 'pass' || level === 'must' || judgement.isOfUnlisted === true) return null;
  return unlistedFiles[isAbout];
}

function statusOf(judgement: Judgement, level: Level): Verdict {
  return judgement.verdict === 'fail' && level === 'should' ? 'warn' : judgement.verdict;
}

function messageOf(judgement: Judgement): string {
  switch (judgement.verdict) {
    case 'pass':
      return judgement.judged;
    case 'inconclusive':
      return judgement.reason;
    case 'fail': {
      const [first] = judgement.findings;
      const more = judgement.findings.length > 1 ? ` (and ${judgement.findings.length - 1} more)` : '';
      return first === undefined ? 'failed' : `${first.subject}: ${first.actual}${more}`;
    }
  }
}

function findingsOf(judgement: Judgement): readonly Finding[] {
  return judgement.verdict === 'fail' ? judgement.findings : [];
}
