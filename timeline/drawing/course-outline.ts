import { line } from 'd3-shape';
import { stepAt, valueAt, type LogPoint } from '../model/log-course.ts';
import type { TimeAxis } from './time-axis.ts';

/** A point of the picture, in pixels. */
export type Corner = readonly [x: number, y: number];

/** Differences below this are not drawn: what only rises over so many pixels then has no more corners than twice that. */
const FINENESS_PX = 0.5;

/** Where a log's index lies on the picture. */
export interface CourseScales {
  readonly axis: TimeAxis;
  /** The highest that anything of the log lies. */
  readonly topY: number;
  readonly yOf: (index: number) => number;
}

/** The outline of steps within the picture, from its left edge to its right. */
export function outlineOfSteps(steps: readonly LogPoint[], { axis, yOf }: CourseScales): Corner[] {
  const first = stepAt(steps, axis.fromMs) ?? steps.find(({ atMs }) => atMs >= axis.fromMs)?.index;
  if (first === undefined) return [];
  const corners: Corner[] = [[axis.fromX, yOf(first)]];
  for (const { atMs, index } of steps) {
    const before = corners.at(-1);
    if (atMs <= axis.fromMs || atMs > axis.toMs || before === undefined) continue;
    const y = yOf(index);
    if (Math.abs(y - before[1]) < FINENESS_PX) continue;
    corners.push([axis.xOf(atMs), before[1]], [axis.xOf(atMs), y]);
  }
  const last = corners.at(-1);
  return last === undefined ? [] : [...corners, [axis.toX, last[1]]];
}

/** The outline of what grows evenly from point to point: from the first one in the picture, to the end or to `untilMs`. */
export function outlineOfGrowth(
  points: readonly LogPoint[],
  { axis, yOf }: CourseScales,
  untilMs = axis.toMs,
): Corner[] {
  const [earliest] = points;
  if (earliest === undefined || earliest.atMs > axis.toMs) return [];
  const startMs = Math.max(axis.fromMs, earliest.atMs);
  const endMs = Math.min(axis.toMs, untilMs);
  const at = (atMs: number): LogPoint => ({ atMs, index: valueAt(points, atMs) ?? earliest.index });
  const isInside = ({ atMs }: { readonly atMs: number }): boolean => atMs > startMs && atMs < endMs;
  const bends = [
    at(startMs),
    ...points.filter(isInside),
    // Where the scale of time changes, a straight growth gets a bend.
    ...axis.pieces
      .map(({ toMs }) => ({ atMs: toMs }))
      .filter(isInside)
      .map(({ atMs }) => at(atMs)),
    at(endMs),
  ].toSorted((a, b) => a.atMs - b.atMs);
  const corners: Corner[] = [];
  for (const [place, { atMs, index }] of bends.entries()) {
    const before = corners.at(-1);
    const corner: Corner = [axis.xOf(atMs), yOf(index)];
    const isFar = before === undefined || Math.abs(corner[1] - before[1]) >= FINENESS_PX;
    if (isFar || corner[0] - before[0] >= 24 || place === bends.length - 1) corners.push(corner);
  }
  return corners;
}

const asLine = line<Corner>().digits(1);

/** As the data of an SVG path. */
export function linePath(corners: readonly Corner[]): string {
  return asLine(corners) ?? '';
}

/** The area between two outlines. */
export function areaPath(upper: readonly Corner[], lower: readonly Corner[]): string {
  return `${linePath([...upper, ...lower.toReversed()])}Z`;
}
