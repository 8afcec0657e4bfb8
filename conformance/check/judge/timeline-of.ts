import { copiedByMs } from '../../journal/inference/copying-time.ts';
import type { Evidence, RequestRecord, RunRecord } from '../../journal/evidence.ts';
import { redactionOf } from '../../journal/recording/redaction.ts';
import type { RuleResult } from '../../verdict/report.ts';
import type { TimelineJournal, TimelineLoss, TimelineRequest, TimelineViolation } from '../../../timeline/index.ts';

/** What is shown before the first run, at most: enough to see how the cluster grows, and cleans its logs every hour. */
const BEFORE_FIRST_RUN_MS = 4 * 3_600_000;

/** Of the last run's time, what is left free behind the end. */
const MARGIN = 0.04;

/**
 * What a scenario's picture is drawn from. It shows the node of the run in which a rule was first broken, or else of the
 * last run, and ends with the scenario. Rules are those whose breaking is to be marked. Pure.
 */
export function timelineOf(evidence: Evidence, rules: readonly RuleResult[]): TimelineJournal {
  const redact = redactionOf(evidence);
  const violation = firstViolation(evidence, rules);
  const losses = lossesOf(evidence);
  const shownRun = evidence.runs.find(({ run }) => run === violation?.run) ?? evidence.runs.at(-1);
  const node = shownRun?.node ?? 'node-1';
  const samples = evidence.samples.filter((sample) => sample.node === node);
  return {
    ...spanOf(evidence, losses),
    node,
    contexts: evidence.contexts.filter(
      (context) => isStored(evidence, node, context) || losses.some((loss) => loss.context === context),
    ),
    groups: evidence.groups.filter((group) => samples.length === 0 || samples.some((sample) => sample.group === group)),
    events: evidence.events.map((event) => ('segment' in event ? { ...event, segment: Number(event.segment) } : event)),
    samples,
    runs: evidence.runs.map((run) => ({
      run: run.run,
      node: run.node,
      startMs: run.startMs,
      endMs: run.endMs,
      exitCode: run.result.exitCode,
    })),
    requests: evidence.runs.flatMap((run) =>
      run.requests.map((request) => describeRequest(request, copiedByMs(request), redact)),
    ),
    violation: violation === null ? null : { ...violation, message: redact(violation.message) },
    losses,
  };
}

function spanOf({ runs, events }: Evidence, losses: readonly TimelineLoss[]): { fromMs: number; toMs: number } {
  const beginMs = Math.min(events[0]?.atMs ?? Infinity, runs[0]?.startMs ?? Infinity);
  const endMs = Math.max(events.at(-1)?.atMs ?? -Infinity, runs.at(-1)?.endMs ?? -Infinity);
  if (beginMs > endMs) return { fromMs: 0, toMs: 0 };
  // What is lost has to be on the picture, however old it is.
  const wantedMs = Math.min((runs[0]?.startMs ?? beginMs) - BEFORE_FIRST_RUN_MS, ...losses.map(({ fromMs }) => fromMs));
  const fromMs = Math.max(beginMs, wantedMs);
  const last = runs.at(-1);
  const marginMs = last === undefined ? 0 : (last.endMs - last.startMs) * MARGIN;
  return { fromMs, toMs: Math.ceil(endMs + marginMs) };
}

function isStored({ absentContexts }: Evidence, node: string, context: string): boolean {
  return absentContexts.get(node)?.includes(context) !== true;
}

/** The earliest finding of what failed; where nothing did, of what is warned of. */
function firstViolation(evidence: Evidence, rules: readonly RuleResult[]): TimelineViolation | null {
  for (const status of ['fail', 'warn'] as const) {
    const found = rules
      .filter((rule) => rule.status === status)
      .flatMap((rule) =>
        rule.evidence.flatMap(({ run, atMs, subject, actual }): TimelineViolation[] => {
          // What belongs to a run but to no moment of it is known when the run is over.
          const knownMs = atMs ?? evidence.runs.find((each) => each.run === run)?.endMs;
          return knownMs === undefined ? [] : [{ atMs: knownMs, rule: rule.id, run, message: `${subject}: ${actual}` }];
        }),
      );
    const [first, ...others] = found;
    if (first !== undefined)
      return others.reduce((earliest, next) => (next.atMs < earliest.atMs ? next : earliest), first);
  }
  return null;
}

/** After the last run that claimed to be good, as the report counts them. */
function lossesOf({ runs }: Evidence): TimelineLoss[] {
  const good: RunRecord | undefined = runs.findLast(({ result }) => result.exitCode === 0);
  const { losses = [], stranded = [] } = good?.restoration ?? {};
  return [...losses, ...stranded].map(({ context, type, events, firstToken, lastToken, fromMs, virtualMs }) => ({
    context,
    type,
    events,
    firstToken: Number(firstToken),
    lastToken: Number(lastToken),
    fromMs,
    toMs: fromMs + virtualMs,
  }));
}

function describeRequest(
  { atMs, run, node, method, path, query, status, answer }: RequestRecord,
  copiedUntilMs: number,
  redact: (text: string) => string,
): TimelineRequest {
  const named = query['targetContext'] ?? query['context'];
  const common = { atMs, copiedUntilMs, run, node, method, path: redact(path), status };
  const about = answer.kind === 'failure' ? answer.about : answer.kind;
  const subject = typeof named === 'string' ? redact(named) : null;
  switch (answer.kind) {
    case 'segments':
      return { ...common, about, subject: answer.context, type: answer.type, files: answer.files.length };
    case 'log':
      return { ...common, about, subject: answer.group, files: answer.files.length };
    case 'control-db-backup':
      return { ...common, about, subject: null, files: 1 };
    case 'failure':
    case 'other':
      return { ...common, about, subject, files: 0 };
  }
}
