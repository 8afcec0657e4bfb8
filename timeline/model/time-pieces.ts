import type { TimelineJournal } from '../timeline-journal.ts';
import type { TimeSpan } from './windows.ts';

/** A stretch of the axis, drawn at one scale. */
export interface TimePiece extends TimeSpan {
  /** Numbers of the runs in it; none for the time between runs. */
  readonly runs: readonly number[];
  /** Its part of the width; all parts together are 1. */
  readonly share: number;
}

/** Runs that take less than this of the time are drawn larger than the time between them. */
const SMALL_SHARE = 0.5;
/** What runs that are drawn larger get of the width, together. */
const SHARE_OF_RUNS = 0.64;
/** Of more stretches than this, none can be drawn large. */
const MOST_STRETCHES = 16;
/** What every piece gets at least, where there are few of them. */
const LEAST_SHARE = 0.035;

/**
 * Cuts the time of the picture into pieces. A run takes seconds or minutes, the time between runs hours: at one scale a
 * run would be a hair. So runs get the larger part of the width, unless they take it anyway. Each piece is at a scale of
 * its own, longer ones at a smaller one, so that no piece gets lost.
 */
export function timePiecesOf({ fromMs, toMs: untilMs, runs }: TimelineJournal): TimePiece[] {
  const toMs = Math.max(untilMs, fromMs + 1000);
  const stretches = stretchesOf(runs, fromMs, toMs);
  const runsMs = stretches.reduce((sum, stretch) => sum + lengthOf(stretch), 0);
  const isLinear =
    stretches.length === 0 || stretches.length > MOST_STRETCHES || runsMs >= SMALL_SHARE * (toMs - fromMs);
  if (isLinear) return [{ fromMs, toMs, runs: runs.map(({ run }) => run), share: 1 }];
  const pieces: Stretch[] = [];
  let atMs = fromMs;
  for (const stretch of stretches) {
    if (stretch.fromMs > atMs) pieces.push({ fromMs: atMs, toMs: stretch.fromMs, runs: [] });
    pieces.push(stretch);
    atMs = stretch.toMs;
  }
  if (atMs < toMs) pieces.push({ fromMs: atMs, toMs, runs: [] });
  return shareOut(pieces);
}

type Stretch = TimeSpan & { readonly runs: readonly number[] };

/** The runs with a little time around each; those that touch are one. */
function stretchesOf(runs: TimelineJournal['runs'], fromMs: number, toMs: number): Stretch[] {
  const stretches: Stretch[] = [];
  for (const { run, startMs, endMs } of runs.toSorted((a, b) => a.startMs - b.startMs)) {
    const marginMs = Math.max(50, (endMs - startMs) * 0.05);
    const stretch = {
      fromMs: Math.max(fromMs, startMs - marginMs),
      toMs: Math.min(toMs, endMs + marginMs),
      runs: [run],
    };
    if (stretch.toMs <= stretch.fromMs) continue;
    const last = stretches.at(-1);
    if (last === undefined || stretch.fromMs > last.toMs) stretches.push(stretch);
    else {
      const joined = { ...last, toMs: Math.max(last.toMs, stretch.toMs), runs: [...last.runs, run] };
      stretches.splice(-1, 1, joined);
    }
  }
  return stretches;
}

/** Within runs, and within the time between, by the root of the length: the longest is largest, and the rest still seen. */
function shareOut(stretches: readonly Stretch[]): TimePiece[] {
  const weightOf = (stretch: Stretch): number => Math.sqrt(lengthOf(stretch));
  const totalOf = (isRun: boolean): number =>
    stretches.filter(({ runs }) => runs.length > 0 === isRun).reduce((sum, stretch) => sum + weightOf(stretch), 0);
  const least = Math.min(LEAST_SHARE, 0.5 / stretches.length);
  const left = 1 - least * stretches.length;
  const totals = { run: totalOf(true), between: totalOf(false) };
  const shareOfRuns = totals.between === 0 ? 1 : SHARE_OF_RUNS;
  return stretches.map((stretch) => {
    const part =
      stretch.runs.length > 0
        ? (shareOfRuns * weightOf(stretch)) / totals.run
        : ((1 - shareOfRuns) * weightOf(stretch)) / totals.between;
    return { ...stretch, share: least + left * part };
  });
}

function lengthOf({ fromMs, toMs }: TimeSpan): number {
  return toMs - fromMs;
}
