import { judgeScenario, type Judged } from '../check/judge/judge.ts';
import type { Evidence, ListedFile } from '../journal/evidence.ts';
import { segmentListingsOf } from '../journal/run-requests.ts';
import type { Rule } from '../rules/rule.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { RuleResult } from '../verdict/report.ts';
import { worst } from '../verdict/verdict.ts';
import { takenForThere, unseenFilesIn } from './unseen-files.ts';

/** The one situation of a trace. */
export const WATCHED_ID = 'watch/trace';

/** What every trace of a backup has to prove. */
const always = [
  'control-db/requested',
  'control-db/returned-file',
  'control-db/not-live-file',
  'order/control-db-first',
  'coverage/contexts',
  'outcome/restorable',
  'outcome/exit-status-true',
];
/** Of a server that has replication groups. */
const ofLogs = ['order/log-within-30-minutes', 'log/all-groups', 'log/replaced'];
/** Once a segment has closed. */
const ofClosedSegments = ['copy/faithful'];

export interface JudgedTrace extends Judged {
  /** Rules that the fake cluster alone can judge; they are inconclusive, and nothing follows from it. */
  readonly beyond: readonly RuleResult[];
}

export interface TraceFacts {
  readonly isClustered: boolean;
  /** Null where the server does not tell them. */
  readonly groups: readonly string[] | null;
}

/** What the rules say of a trace. Pure. */
export function judgeTrace(
  evidence: Evidence,
  rules: readonly Rule[],
  { isClustered, groups }: TraceFacts,
): JudgedTrace {
  const hasClosed = evidence.runs.flatMap(segmentListingsOf).some(({ answer }) => answer.lastClosedSegment >= 0n);
  const promised = [...always, ...(isClustered ? ofLogs : []), ...(hasClosed ? ofClosedSegments : [])];
  const judged = rules.filter((rule) => rule.needsCluster === undefined).map((rule) => withKnownGroups(rule, groups));
  const beyond = rules.flatMap(({ id, level, needsCluster }): RuleResult[] => {
    const message = `needs the fake cluster: ${needsCluster}`;
    return needsCluster === undefined ? [] : [{ id, level, status: 'inconclusive', message, evidence: [] }];
  });
  const scenario = scenarioOf(promised);
  const unseen = unseenFilesIn(evidence);
  if (unseen.length === 0) return { ...judgeScenario(scenario, evidence, judged), beyond };
  const results = better(
    judgeScenario(scenario, evidence, judged).rules,
    judgeScenario(scenario, takenForThere(evidence), judged).rules,
  );
  return {
    status: worst(results.map(({ status }) => status)),
    message: describeUnseen(unseen),
    rules: results,
    hazards: [],
    beyond,
  };
}

/**
 * Of a file that cannot be looked at here nobody knows: each rule has what is better for the client of its two verdicts. One
 * that has nothing to say of one of them, and is not promised, fails nobody.
 */
function better(absent: readonly RuleResult[], there: readonly RuleResult[]): RuleResult[] {
  const ids = [...new Set([...absent, ...there].map(({ id }) => id))];
  return ids.flatMap((id) => {
    const results = [absent, there].flatMap((all) => all.find((result) => result.id === id) ?? []);
    const good = results.toSorted((a, b) => gravityOf(a) - gravityOf(b))[0];
    const isOpen =
      good === undefined || (results.length === 1 && gravityOf(good) > gravityOf({ status: 'inconclusive' }));
    return isOpen ? [] : [good];
  });
}

const fromGood: ReadonlyArray<RuleResult['status']> = ['pass', 'not-applicable', 'inconclusive', 'warn', 'fail'];

function gravityOf({ status }: Pick<RuleResult, 'status'>): number {
  return fromGood.indexOf(status);
}

function describeUnseen(unseen: readonly ListedFile[]): string {
  const names = new Set(unseen.map(({ path }) => path));
  const [first] = names;
  return `${names.size} listed ${names.size === 1 ? 'file is' : 'files are'} not found here, ${first} the first: --map SERVER=LOCAL says where the server's files lie`;
}

function withKnownGroups(rule: Rule, groups: readonly string[] | null): Rule {
  if (rule.id !== 'log/all-groups' || groups !== null) return rule;
  const reason = 'the server does not tell its replication groups to this caller';
  return { ...rule, check: () => ({ verdict: 'inconclusive', reason }) };
}

function scenarioOf(promised: readonly string[]): Scenario {
  return { id: WATCHED_ID, title: '', story: '', cluster: {}, steps: [], hazards: [], rules: promised };
}
