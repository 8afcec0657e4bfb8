import type { Evidence } from '../../journal/evidence.ts';
import { redactionOf } from '../../journal/recording/redaction.ts';
import { formatTime } from '../../journal/naming.ts';
import type { RestoreChoice } from '../../journal/restoration.ts';
import { keptFrom } from '../../journal/inference/restore-shortfall.ts';
import { claimedRunsOf } from '../../journal/inference/run-ending.ts';
import { reasonForLeavingOut } from '../../oracle/backup/unfinished.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import type { ReportedLoss, ReportedPlace, ScenarioResult } from '../../verdict/report.ts';
import { describeWhatHadNoEffect } from './had-no-effect.ts';
import { describeWhatNeverCame } from './never-came-about.ts';

/** Of a scenario that was not played, or not to its end. */
export const nothingLeft: Pick<ScenarioResult, 'runs' | 'loss' | 'artefacts' | 'wallClock'> = {
  runs: [],
  loss: [],
  artefacts: null,
  wallClock: { totalMs: 0, clientMs: 0 },
};

/** What a result says of the evidence beside its rules: the runs, and what a restore of the last backup loses; of `scenario`, what never came about or changed nothing. Pure. */
export function describeLeft(
  evidence: Evidence,
  scenario: Scenario | null = null,
): Pick<ScenarioResult, 'runs' | 'restored' | 'loss' | 'notes'> {
  const ofScenario =
    scenario === null
      ? []
      : [...describeWhatNeverCame(scenario, evidence), ...describeWhatHadNoEffect(scenario, evidence)];
  const notes = [...describeNotes(evidence), ...ofScenario];
  return {
    runs: describeRuns(evidence),
    ...describeRestored(evidence),
    loss: describeLoss(evidence),
    ...(notes.length === 0 ? {} : { notes }),
  };
}

/** A client names its folders, and may put a token into a name. */
function describeRestored(evidence: Evidence): Pick<ScenarioResult, 'restored'> {
  const told = evidence.runs.findLast(({ result }) => result.exitCode === 0) ?? evidence.runs.at(-1);
  if (told === undefined) return {};
  const redact = redactionOf(evidence);
  const placesOf = (from: RestoreChoice['logs'][number]['from']): ReportedPlace[] =>
    from.map(({ place, segments }) => ({ place: redact(place), segments }));
  const { why, controlDb, logs, stores } = told.restoration.choice;
  return {
    restored: {
      run: told.run,
      why: redact(why),
      controlDb: controlDb === null ? null : redact(controlDb),
      logs: logs.map(({ group, from }) => ({ group, from: placesOf(from) })),
      stores: stores.map(({ context, type, from }) => ({ context, type, from: placesOf(from) })),
    },
  };
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

/** What a reader should know, and no rule is about. */
function describeNotes(evidence: Evidence): string[] {
  return [...describeRefused(evidence), ...describeKept(evidence), ...describeUnread(evidence)];
}

/** What was not looked at of a backup that is said to be good and is none: its client may have meant it otherwise. */
function describeUnread(evidence: Evidence): string[] {
  const redact = redactionOf(evidence);
  const run = claimedRunsOf(evidence).findLast(({ restoration }) => restoration.problems.length > 0);
  if (run === undefined) return [];
  const { files, unfinished = new Map<string, number>() } = run.after;
  const strangers = files.filter(({ what }) => what.kind === 'other').length;
  const isForeign = strangers > 0 && strangers === files.length;
  return [
    ...[...unfinished].map(
      ([part, count]) =>
        `of what run ${run.run} has left, ${redact(part)} does not count (files: ${count}), since ${reasonForLeavingOut(part)}`,
    ),
    ...(isForeign
      ? [
          `run ${run.run} has left files of no kind that a server has (${strangers}): a store that needs its own tool to be read is read by --restore COMMAND`,
        ]
      : []),
  ];
}

/** A list is all that most clients go by, so it is no failure; and a backup with a hole all the same. */
function describeKept(evidence: Evidence): string[] {
  return claimedRunsOf(evidence).flatMap((run) =>
    keptFrom(run).map(
      ({ context, type, segment }) =>
        `run ${run.run} was not told of segment ${segment} of ${context} (${type}), which was about to close, and its backup has a gap there: ` +
        'who lists again when all is copied finds it, the next run at the latest',
    ),
  );
}

/** A client that asks the control API could have moved the clock, or read what is planned, on a server of its own. */
function describeRefused(evidence: Evidence): string[] {
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
