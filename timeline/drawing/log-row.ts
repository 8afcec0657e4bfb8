import { scaleLinear } from 'd3-scale';
import type { Element } from 'xast';
import { mergeClose, mergeMarks } from '../merging.ts';
import { stepAt, valueAt, type LogCourse } from '../model/log-course.ts';
import type { LogLane } from '../model/timeline-model.ts';
import type { TimelineRequest } from '../timeline-journal.ts';
import { count, formatNumber, formatTime, widthOf } from '../words.ts';
import { describeCopies } from './copy-bars.ts';
import { areaPath, linePath, outlineOfGrowth, outlineOfSteps, type CourseScales } from './course-outline.ts';
import { drawNeed } from './log-need.ts';
import { placeSpan, type Row, type Scene } from './scene.ts';
import { box, line, path, sign, words } from './shapes.ts';

const TALL = 104;
const LOW = 46;
const MARGIN = 10;
const HOUR_MS = 3_600_000;

/** Rows of pixels that a segment needs, for the lines between segments to be drawn. */
const LEAST_SEGMENT_PX = 4;

export const cutSign = 'M-5 -8H5L0 0Z';

/**
 * A log over time: its indexes upwards, from the first that is still there to the last. It grows at the top; cleaning
 * cuts it from below. Across it lie the commit and the applied index, and what a client took of it.
 */
export function logRow(scene: Scene, lane: LogLane): Row {
  const { course } = lane;
  const cleaned = course.segments.filter(({ cleanedMs }) => cleanedMs !== null).length;
  const kept = course.segments.length - cleaned;
  const height = course.segments.length > 1 ? TALL : LOW;
  return {
    height,
    name: `log of ${course.group}`,
    detail:
      cleaned === 0
        ? `${formatNumber(kept - 1)} closed, 1 open`
        : `${formatNumber(kept)} kept, ${formatNumber(cleaned)} cleaned`,
    isAboutLogs: true,
    draw: (y) => drawLog(scene, lane, y + MARGIN, y + height - MARGIN),
  };
}

function drawLog(scene: Scene, { course, copies, needs }: LogLane, topY: number, bottomY: number): Element[] {
  const { axis } = scene;
  const lowest = stepAt(course.floor, interestingMs(scene)) ?? course.floor[0]?.index;
  const highest = valueAt(course.ceiling, axis.toMs);
  if (lowest === undefined || highest === null) {
    const area = { x: axis.fromX, y: topY, width: axis.toX - axis.fromX, height: bottomY - topY };
    return [
      box(area, { class: 'edged', fill: scene.patternFor('open'), tip: `log of ${course.group}: no index is known` }),
    ];
  }
  const scale = scaleLinear([lowest - 1, Math.max(highest, lowest)], [bottomY, topY]).clamp(true);
  const scales: CourseScales = { axis, topY, yOf: scale };
  const namesX = axis.fromX - 6;
  return [
    words(formatNumber(Math.round(highest)), namesX, topY + 8, { class: 'tick end' }),
    ...(bottomY - topY < 40 ? [] : [words(formatNumber(lowest), namesX, bottomY, { class: 'tick end' })]),
    ...drawAreas(scene, course, scales, bottomY),
    ...drawSegmentLines(scene, course, scales),
    ...drawTaken(scene, course, copies, scales),
    ...drawIndexes(course, scales),
    ...needs.flatMap((need) => drawNeed(scene, need, scales)),
    ...drawCleanings(scene, course, scales, bottomY),
  ];
}

/**
 * From when on the log is shown whole: the first run, less what cleaning needs to leave its trace. What the log held and
 * lost before lies below the picture; else a day of growth would press the rest flat.
 */
function interestingMs({ axis, model }: Scene): number {
  const [first] = model.journal.runs;
  return first === undefined ? axis.fromMs : Math.max(axis.fromMs, first.startMs - HOUR_MS);
}

function drawAreas(scene: Scene, course: LogCourse, scales: CourseScales, bottomY: number): Element[] {
  const { axis } = scene;
  const floor = outlineOfSteps(course.floor.map(below), scales);
  const open = outlineOfSteps(course.open.map(below), scales);
  const ceiling = outlineOfGrowth(course.ceiling, scales);
  const isCleaned = (floor.at(-1)?.[1] ?? bottomY) < bottomY - 1;
  return [
    ...(isCleaned
      ? [
          path(
            areaPath(floor, [
              [axis.fromX, bottomY],
              [axis.toX, bottomY],
            ]),
            {
              class: 'gone',
              fill: scene.patternFor('cleaned'),
              tip: 'cleaned: the node has deleted this part of the log',
            },
          ),
        ]
      : []),
    path(areaPath(open, floor), { class: 'soft', tip: 'closed segments of the log' }),
    path(areaPath(ceiling, open), {
      class: 'open-area',
      fill: scene.patternFor('open'),
      tip: 'the open segment of the log',
    }),
    path(linePath(floor), { class: 'edge' }),
    path(linePath(ceiling), { class: 'ceiling' }),
  ];
}

/** What was copied of the log: all of it, from its first index to its last, as it was listed. */
function drawTaken(
  { axis, model }: Scene,
  course: LogCourse,
  copies: readonly TimelineRequest[],
  { yOf, topY }: CourseScales,
): Element[] {
  const placed = copies.flatMap((item) => {
    const place = placeSpan(axis, item.atMs, item.copiedUntilMs);
    return place === null ? [] : [{ fromX: place.fromX, toX: Math.max(place.toX, place.fromX + 3), item }];
  });
  return mergeClose(placed, 1).flatMap(({ fromX, toX, items }) => {
    const [listing] = items;
    if (listing === undefined) return [];
    const upper = yOf(valueAt(course.ceiling, listing.atMs) ?? Infinity);
    const lower = yOf((stepAt(course.floor, listing.atMs) ?? 1) - 1);
    const area = { x: fromX, y: Math.max(topY, upper), width: toX - fromX, height: Math.max(3, lower - upper) };
    const isOwn = listing.node === model.journal.node;
    return [box(area, { class: isOwn ? 'taken' : 'elsewhere', tip: describeCopies(items) })];
  });
}

/** Lines between the segments, from the opening of each to its deletion, where there is room for them. */
function drawSegmentLines({ axis }: Scene, { segments }: LogCourse, { yOf }: CourseScales): Element[] {
  const shown = segments.filter(({ first, cleanedMs }) => first !== null && (cleanedMs ?? Infinity) > axis.fromMs);
  const [lowY, highY] = [yOf(shown[0]?.first ?? 0), yOf(shown.at(-1)?.first ?? 0)];
  if (shown.length < 2 || (lowY - highY) / (shown.length - 1) < LEAST_SEGMENT_PX) return [];
  return shown.flatMap(({ first, openedMs, cleanedMs }) => {
    const place = placeSpan(axis, openedMs ?? axis.fromMs, cleanedMs ?? axis.toMs);
    const y = yOf((first ?? 0) - 1);
    return place === null || openedMs === null ? [] : [line(place.fromX, y, place.toX, y, { class: 'edge' })];
  });
}

function drawIndexes({ commit, applied }: LogCourse, scales: CourseScales): Element[] {
  const linesOf = (points: LogCourse['commit'], name: 'commit' | 'applied'): Element[] => {
    const last = points.at(-1);
    if (last === undefined) return [];
    const tip = `${name} index, ${formatNumber(last.index)} at ${formatTime(last.atMs)}`;
    return [path(linePath(outlineOfGrowth(points, scales, last.atMs)), { class: name, tip })];
  };
  return [...linesOf(commit, 'commit'), ...linesOf(applied, 'applied')];
}

function drawCleanings({ axis }: Scene, { cleanings }: LogCourse, scales: CourseScales, bottomY: number): Element[] {
  const { yOf, topY } = scales;
  const placed = cleanings.flatMap((item) => {
    const place = placeSpan(axis, item.atMs, item.atMs);
    return place === null ? [] : [{ ...place, item }];
  });
  const marks = mergeMarks(placed, 12);
  return marks.flatMap(({ fromX, toX, items }, place) => {
    const segments = items.reduce((sum, item) => sum + item.segments, 0);
    const [first] = items;
    const last = items.at(-1);
    if (first === undefined || last === undefined) return [];
    const times = items.length === 1 ? formatTime(first.atMs) : `${formatTime(first.atMs)} to ${formatTime(last.atMs)}`;
    const middle = (fromX + toX) / 2;
    const y = Math.max(topY + 2, yOf(last.index - 1));
    const label = `${formatNumber(segments)} cleaned`;
    const hasRoom = middle + 10 + widthOf(label, 11) < (marks[place + 1]?.fromX ?? axis.toX);
    return [
      sign(cutSign, middle, y, {
        class: 'cut',
        tip: `${count(segments, 'segment')} cleaned, ${times}; the log begins at ${formatNumber(last.index)}`,
      }),
      ...(hasRoom ? [words(label, middle + 8, y + 13 <= bottomY ? y + 13 : y - 3, { class: 'small halo' })] : []),
    ];
  });
}

/** A segment begins above the last entry of the one before. */
function below({ atMs, index }: { readonly atMs: number; readonly index: number }): { atMs: number; index: number } {
  return { atMs, index: index - 1 };
}
