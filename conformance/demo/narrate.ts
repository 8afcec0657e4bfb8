import type { ClusterEvent } from '../../server/index.ts';
import type { Evidence, RequestRecord, RunRecord } from '../journal/evidence.ts';
import { describeAnswer } from '../journal/naming.ts';
import { describeEnding } from '../journal/inference/run-ending.ts';

/** Something that happened, as one tells it. */
export interface Moment {
  /** Virtual milliseconds since 1970. */
  readonly atMs: number;
  readonly who: 'client' | 'cluster';
  readonly text: string;
}

/** The story of what a client did and what the cluster did meanwhile, from the first run on, in order of time. */
export function narrate(evidence: Evidence): Moment[] {
  const [first] = evidence.runs;
  const last = evidence.runs.at(-1);
  if (first === undefined || last === undefined) return [];
  const events = evidence.events.filter(({ atMs }) => atMs >= first.startMs && atMs < last.endMs);
  const told = [...evidence.runs.flatMap(narrateRun), ...narrateCleaning(first.node, events)];
  const quiet = events.filter(
    (event) => event.kind === 'configuration-changed' || (event.kind === 'segment-closed' && event.node === first.node),
  );
  return withQuietEvents(
    told.toSorted((a, b) => a.atMs - b.atMs),
    quiet,
  );
}

function narrateRun(run: RunRecord): Moment[] {
  return [
    { atMs: run.startMs, who: 'client', text: `run ${run.run} begins` },
    ...run.requests.flatMap(narrateRequest),
    { atMs: run.endMs, who: 'client', text: `run ${run.run} ${describeEnding(run)}${claimOf(run)}` },
  ];
}

function claimOf({ result }: RunRecord): string {
  return result.exitCode === 0 ? ', which says: this backup is good' : '';
}

function narrateRequest(request: RequestRecord): Moment[] {
  const text = describeRequest(request);
  return text === null ? [] : [{ atMs: request.atMs, who: 'client', text }];
}

function describeRequest(request: RequestRecord): string | null {
  const { answer, node } = request;
  switch (answer.kind) {
    case 'control-db-backup':
      return `asks ${node} for the control database, and copies ${answer.file.name}`;
    case 'log': {
      const names = answer.files.map(({ name }) => Number.parseInt(name, 10)).toSorted((a, b) => a - b);
      return `asks ${node} for the log of ${answer.group}, and copies ${count(names.length, 'file')} from entry ${names[0] ?? 0} on`;
    }
    case 'segments': {
      const what = answer.type === 'EVENT' ? 'events' : 'snapshots';
      const since = answer.cursor === null || answer.cursor < 0n ? '' : ` after segment ${answer.cursor}`;
      const open = answer.files.some(({ isOpen }) => isOpen)
        ? `, the open segment ${answer.openSegment} among them`
        : '';
      return `asks ${node} for ${what} of ${answer.context}${since}, and copies ${count(answer.files.length, 'file')}${open}`;
    }
    case 'failure':
      return `${request.method} ${request.path} gets ${describeAnswer(request)}`;
    case 'other':
      return null;
  }
}

function narrateCleaning(node: string, events: readonly ClusterEvent[]): Moment[] {
  return events.flatMap((event): Moment[] => {
    const { atMs } = event;
    switch (event.kind) {
      case 'log-cleaned':
        return event.node === node
          ? [
              {
                atMs,
                who: 'cluster',
                text: `${node} cleans the log of ${event.group}: ${count(event.removed.length, 'file')} gone, it begins with entry ${event.firstIndex} now`,
              },
            ]
          : [];
      case 'node-stopped':
      case 'node-crashed':
      case 'node-started':
        return [{ atMs, who: 'cluster', text: `${event.node} ${event.kind.slice('node-'.length)}` }];
      default:
        return [];
    }
  });
}

/** Segments close and the configuration changes all the time: that is counted, and told with the next moment. */
function withQuietEvents(moments: readonly Moment[], events: readonly ClusterEvent[]): Moment[] {
  let told = 0;
  return moments.flatMap((moment) => {
    const passed = events.filter(({ atMs }) => atMs <= moment.atMs);
    const fresh = passed.slice(told);
    told = passed.length;
    const closed = fresh.filter(({ kind }) => kind === 'segment-closed').length;
    const changed = fresh.length - closed;
    const parts = [
      ...(closed === 0 ? [] : [`${count(closed, 'segment')} closed`]),
      ...(changed === 0 ? [] : [`the configuration changed ${changed === 1 ? 'once' : count(changed, 'time')}`]),
    ];
    if (parts.length === 0) return [moment];
    return [{ atMs: moment.atMs, who: 'cluster' as const, text: `(meanwhile ${parts.join(', ')})` }, moment];
  });
}

function count(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`;
}
