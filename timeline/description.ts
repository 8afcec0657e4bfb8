import { hasFailed, type LogLane, type StoreLane, type TimelineModel } from './model/timeline-model.ts';
import { count, formatNumber, formatTime } from './words.ts';

/** What one list names before it counts the rest. */
const MOST_NAMED = 10;

/** The picture in words, for whoever cannot see it: every lane, the backups, what was broken and what was lost. */
export function describeTimeline(model: TimelineModel): string {
  const { node, fromMs, toMs, violation, losses } = model.journal;
  const broken =
    violation === null
      ? 'No broken rule is marked.'
      : `Rule ${violation.rule} was broken${violation.run === null ? '' : ` in run ${violation.run}`} at ${formatTime(violation.atMs)}: ${violation.message}.`;
  const lost = losses.map(
    ({ context, type, events, firstToken, lastToken, fromMs: from, toMs: to }) =>
      `${count(events, 'event')} of ${context} (${type}), tokens ${formatNumber(firstToken)} to ${formatNumber(lastToken)}, written from ${formatTime(from)} to ${formatTime(to)}`,
  );
  return [
    `Node ${node} from ${formatTime(fromMs)} to ${formatTime(toMs)}, virtual time.`,
    broken,
    lost.length === 0 ? 'No loss is marked.' : `Lost after a restore: ${listed(lost)}.`,
    ...describeClient(model),
    describeBackups(model),
    ...model.logs.map(describeLog),
    ...model.stores.map(describeStore),
    ...(model.outages.length === 0
      ? []
      : [
          `The node is down from ${listed(model.outages.map((outage) => `${formatTime(outage.fromMs)} to ${formatTime(outage.toMs)}`))}.`,
        ]),
  ].join(' ');
}

function describeClient({ journal: { node: shown, runs, requests } }: TimelineModel): string[] {
  const failed = requests.filter(hasFailed).length;
  const told = runs.map(
    ({ run, node = shown, startMs, endMs, exitCode }) =>
      `run ${run}${node === shown ? '' : ` on ${node}`} from ${formatTime(startMs)} to ${formatTime(endMs)}, ${exitCode === null ? 'ended from outside' : `exit code ${exitCode}`}`,
  );
  return [
    ...(told.length === 0 ? [] : [`The client: ${listed(told)}.`]),
    `It made ${count(requests.length, 'request')}${failed === 0 ? '' : `, of which ${failed} failed`}.`,
  ];
}

function describeBackups({ backups }: TimelineModel): string {
  if (backups.length === 0) return 'Control database: no backup.';
  return `Control database: ${count(backups.length, 'backup')}, at ${listed(backups.map(({ atMs }) => formatTime(atMs)))}.`;
}

function describeLog({ course, needs }: LogLane): string {
  const { group, segments, applied, ceiling, floor } = course;
  const cleaned = segments.filter(({ cleanedMs }) => cleanedMs !== null).length;
  const range =
    ceiling.length === 0
      ? ''
      : `, at the end from index ${formatNumber(floor.at(-1)?.index ?? 0)} to ${formatNumber(ceiling.at(-1)?.index ?? 0)}`;
  const last = applied.at(-1);
  const until = last === undefined ? '' : `, applied up to ${formatNumber(last.index)}`;
  const gaps = needs.flatMap(({ missing }) =>
    missing === null
      ? []
      : [
          ` When it was listed at ${formatTime(missing.fromMs)}, entries ${formatNumber(missing.firstIndex)} to ${formatNumber(missing.lastIndex)}, which the control database backup needs, had been cleaned.`,
        ],
  );
  return `Log of ${group}: ${count(segments.length, 'segment')}, ${cleaned} cleaned${range}${until}.${gaps.join('')}`;
}

function describeStore({ context, type, segments, copies }: StoreLane): string {
  const closed = segments.filter(({ closedMs }) => closedMs !== null).length;
  const name = type === 'EVENT' ? 'Events' : 'Snapshots';
  const listings = copies.length === 0 ? 'never listed' : `listed ${count(copies.length, 'time')}`;
  return `${name} of ${context}: ${count(closed, 'closed segment')} and the open one, ${listings}.`;
}

function listed(items: readonly string[]): string {
  const named = items.slice(0, MOST_NAMED);
  return [...named, ...(items.length > MOST_NAMED ? [`and ${items.length - MOST_NAMED} more`] : [])].join('; ');
}
