import type { Evidence } from '../journal/evidence.ts';
import { redactionOf } from '../journal/redaction.ts';
import { formatTime } from '../journal/naming.ts';
import type { ReportedLoss, ScenarioResult } from '../verdict/report.ts';

/** Of a scenario that was not played, or not to its end. */
export const nothingLeft: Pick<ScenarioResult, 'runs' | 'loss' | 'artefacts' | 'wallClock'> = {
  runs: [],
  loss: [],
  artefacts: null,
  wallClock: { totalMs: 0, clientMs: 0 },
};

/** What a result says of the evidence beside its rules: the runs, and what a restore of the last backup loses. Pure. */
export function describeLeft(evidence: Evidence): Pick<ScenarioResult, 'runs' | 'loss' | 'notes'> {
  const notes = describeNotes(evidence);
  return { runs: describeRuns(evidence), loss: describeLoss(evidence), ...(notes.length === 0 ? {} : { notes }) };
}

function describeRuns(evidence: Evidence): ScenarioResult['runs'] {
  return evidence.runs.map(({ run, result, requests, startMs, endMs, stderrTail }) => ({
    run,
    exitCode: result.exitCode,
    signal: result.signal,
    hasTimedOut: result.hasTimedOut,
    requests: requests.length,
    virtualStart: new Date(startMs).toISOString(),
    virtualEnd: new Date(endMs).toISOString(),
    ...(stderrTail === undefined ? {} : { stderrTail }),
  }));
}

/** Of the last run that claimed to be good: a failed run promises nothing. */
function describeLoss(evidence: Evidence): ReportedLoss[] {
  const good = evidence.runs.findLast(({ result }) => result.exitCode === 0);
  const sums = new Map<string, ReportedLoss>();
  const { losses = [], stranded = [] } = good?.restoration ?? {};
  for (const { context, type, events, virtualMs } of [...losses, ...stranded]) {
    const before = sums.get(`${type}/${context}`) ?? { context, type, events: 0, virtualTime: 0 };
    sums.set(`${type}/${context}`, {
      context,
      type,
      events: before.events + events,
      virtualTime: before.virtualTime + virtualMs / 1000,
    });
  }
  return [...sums.values()];
}

/** A client that asks the control API could have moved the clock, or read what is planned, on a server of its own. */
function describeNotes(evidence: Evidence): string[] {
  const redact = redactionOf(evidence);
  return evidence.runs.flatMap(({ run, refusedControl }) => {
    const first = refusedControl?.first[0];
    if (refusedControl === undefined || first === undefined) return [];
    const call = `${first.method} ${redact(first.path)} on ${first.node} at ${formatTime(first.atMs)}`;
    const others = refusedControl.count - 1;
    const more = others === 0 ? '' : `, and ${others} more ${others === 1 ? 'call' : 'calls'}`;
    return [`run ${run} called the control API, which is the kit's own, and was answered 403: ${call}${more}`];
  });
}
