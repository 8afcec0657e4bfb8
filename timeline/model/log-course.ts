import type { LogSample, TimelineEvent } from '../timeline-journal.ts';
import { segmentsOfLog, type SegmentSpan } from './segment-span.ts';

/** An index of the log at a moment. */
export interface LogPoint {
  readonly atMs: number;
  readonly index: number;
}

/** How the log of one group on one node grew at its end and was cut at its beginning. Points ascend in time and index. */
export interface LogCourse {
  readonly group: string;
  readonly segments: readonly SegmentSpan[];
  /** From that moment on, the log begins at that index. */
  readonly floor: readonly LogPoint[];
  /** From that moment on, the segment that begins at that index is the open one. */
  readonly open: readonly LogPoint[];
  /** Where the log ended; it grows evenly from one point to the next. */
  readonly ceiling: readonly LogPoint[];
  readonly commit: readonly LogPoint[];
  readonly applied: readonly LogPoint[];
  readonly cleanings: ReadonlyArray<LogPoint & { readonly segments: number }>;
}

/**
 * Puts a log's course together from what the cluster announced and from samples of where it stood. What was there before
 * anything was announced is taken to begin with the journal.
 */
export function courseOfLog(
  events: readonly TimelineEvent[],
  allSamples: readonly LogSample[],
  node: string,
  group: string,
  fromMs: number,
): LogCourse {
  const samples = allSamples.filter((sample) => sample.group === group);
  const beginMs = Math.min(fromMs, events[0]?.atMs ?? fromMs, samples[0]?.atMs ?? fromMs);
  const segments = segmentsOfLog(events, node, group, samples[0]?.firstIndex ?? null);
  const cleanings = events.flatMap((event) =>
    event.kind === 'log-cleaned' && event.node === node && event.group === group && event.firstIndex !== undefined
      ? [{ atMs: event.atMs, index: event.firstIndex, segments: event.removed?.length ?? 0 }]
      : [],
  );
  const opened = segments.flatMap(({ first, openedMs }) =>
    first === null ? [] : [{ atMs: openedMs ?? beginMs, index: first }],
  );
  const [earliest] = opened;
  const ceiling = ascending([
    ...opened.map(({ atMs, index }) => ({ atMs, index: index - 1 })),
    ...samples.map(({ atMs, lastIndex }) => ({ atMs, index: lastIndex })),
  ]);
  return {
    group,
    segments,
    floor: ascending([
      ...(earliest === undefined ? [] : [{ atMs: beginMs, index: earliest.index }]),
      ...cleanings.map(({ atMs, index }) => ({ atMs, index })),
      ...samples.map(({ atMs, firstIndex }) => ({ atMs, index: firstIndex })),
    ]),
    open: ascending(opened),
    ceiling,
    commit: followed(ceiling, samples, ({ commitIndex }) => commitIndex),
    applied: followed(ceiling, samples, ({ appliedIndex }) => appliedIndex),
    cleanings,
  };
}

/**
 * An index that follows the end of the log, from the first sample to the last. Between two samples it stays as far behind
 * as it was: in hours without a sample a log grows, and what is applied grows with it.
 */
function followed(
  ceiling: readonly LogPoint[],
  samples: readonly LogSample[],
  indexOf: (sample: LogSample) => number,
): LogPoint[] {
  const points: LogPoint[] = [];
  let place = 0;
  for (const [number, sample] of samples.entries()) {
    points.push({ atMs: sample.atMs, index: indexOf(sample) });
    const next = samples[number + 1];
    if (next === undefined) break;
    const lag = sample.lastIndex - indexOf(sample);
    for (; place < ceiling.length; place++) {
      const end = ceiling[place];
      if (end === undefined || end.atMs >= next.atMs) break;
      // Much can happen at one moment: what the log got after the sample stands behind it.
      const isLater = end.atMs > sample.atMs || end.index > sample.lastIndex;
      if (isLater) points.push({ atMs: end.atMs, index: Math.min(end.index - lag, indexOf(next)) });
    }
  }
  return ascending(points);
}

/** The index that steps have reached at a moment, or null before the first. */
export function stepAt(steps: readonly LogPoint[], atMs: number): number | null {
  return steps.findLast((step) => step.atMs <= atMs)?.index ?? null;
}

/** The index at a moment where it grows evenly between points; null where there are none. */
export function valueAt(points: readonly LogPoint[], atMs: number): number | null {
  const next = points.findIndex((point) => point.atMs > atMs);
  const before = next === -1 ? points.at(-1) : points[next - 1];
  const after = next === -1 ? undefined : points[next];
  if (before === undefined) return after?.index ?? null;
  if (after === undefined) return before.index;
  return before.index + ((after.index - before.index) * (atMs - before.atMs)) / (after.atMs - before.atMs);
}

/** By time, and never falling: a log whose points fall has been told of in the wrong order. */
function ascending(points: readonly LogPoint[]): LogPoint[] {
  let highest = -Infinity;
  return points
    .toSorted((a, b) => a.atMs - b.atMs || a.index - b.index)
    .map(({ atMs, index }) => {
      highest = Math.max(highest, index);
      return { atMs, index: highest };
    });
}
