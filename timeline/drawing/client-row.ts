import type { Element } from 'xast';
import { mergeMarks, mergeNarrow, type Merged } from '../merging.ts';
import { hasFailed } from '../model/timeline-model.ts';
import type { TimelineRequest, TimelineRun } from '../timeline-journal.ts';
import { count, fit, formatSpan, formatTime } from '../words.ts';
import { placeSpan, type Row, type Scene } from './scene.ts';
import { box, sign, words } from './shapes.ts';

const RUN = { top: 6, height: 18, step: 20 };
/** Runs side by side beyond this many share the last line. */
const MOST_LINES = 3;
const LEAST_RUN_PX = 4;
const MARKS_HEIGHT = 20;
const MARK_PX = 11;

/** Shapes of the requests, by what they are about; those that failed have a cross. */
export const requestSigns: Readonly<Record<TimelineRequest['about'], string>> = {
  'control-db-backup': 'M0 -6L6 0L0 6L-6 0Z',
  log: 'M0 -5.5L5.5 4.5H-5.5Z',
  segments: 'M-4.5 -4.5H4.5V4.5H-4.5Z',
  other: 'M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0',
};

export const failedSign = 'M-4.5 -4.5L4.5 4.5M4.5 -4.5L-4.5 4.5';

/** The runs of the client as bars, and below them its requests as marks. */
export function clientRow(scene: Scene): Row {
  const { runs, requests } = scene.model.journal;
  const lines = linesOf(runs);
  const failed = requests.filter(hasFailed).length;
  const barsHeight = RUN.top + Math.max(1, Math.min(MOST_LINES, lines.length)) * RUN.step;
  return {
    height: barsHeight + MARKS_HEIGHT,
    name: 'client',
    detail: `${count(requests.length, 'request')}${failed === 0 ? '' : `, ${failed} failed`}`,
    isAboutLogs: false,
    draw: (y) => [
      ...lines.flatMap((line, place) =>
        drawRuns(scene, line, y + RUN.top + Math.min(place, MOST_LINES - 1) * RUN.step),
      ),
      ...drawRequests(scene, requests, y + barsHeight + 8),
    ],
  };
}

/** One line, and one more for each run that goes on beside others. */
function linesOf(runs: readonly TimelineRun[]): TimelineRun[][] {
  const lines: TimelineRun[][] = [];
  for (const run of runs) {
    const line = lines.find((others) => (others.at(-1)?.endMs ?? -Infinity) <= run.startMs);
    if (line === undefined) lines.push([run]);
    else line.push(run);
  }
  return lines;
}

function drawRuns({ axis, model }: Scene, runs: readonly TimelineRun[], y: number): Element[] {
  const placed = runs.flatMap((item) => {
    const place = placeSpan(axis, item.startMs, item.endMs);
    return place === null ? [] : [{ ...place, item }];
  });
  return mergeNarrow(placed, LEAST_RUN_PX, LEAST_RUN_PX).flatMap(({ fromX, toX, items }) => {
    const width = Math.max(3, toX - fromX);
    const texts = describeRuns(items, model.journal.node);
    const label = texts.find((text) => fit(text, 11, width - 8) === text);
    return [
      box({ x: fromX, y, width, height: RUN.height }, { class: 'run', tip: texts[0] ?? '' }, 3),
      ...(label === undefined ? [] : [words(label, fromX + 6, y + 13, { class: 'small' })]),
    ];
  });
}

/** From the longest text to the shortest. */
function describeRuns(runs: readonly TimelineRun[], shownNode: string): string[] {
  const [first] = runs;
  if (first === undefined) return [];
  const { run, node = shownNode, startMs, endMs, exitCode } = first;
  if (runs.length > 1)
    return [`${count(runs.length, 'run')} from ${formatTime(startMs)} on`, count(runs.length, 'run')];
  const ending = exitCode === null ? 'ended from outside' : `exit ${exitCode}`;
  const name = node === shownNode ? `run ${run}` : `run ${run} on ${node}`;
  const long = `${name}, ${formatSpan(endMs - startMs)}, ${ending}`;
  return [`${long}: ${formatTime(startMs)} to ${formatTime(endMs)}`, long, `${name}, ${ending}`, name, `run ${run}`];
}

function drawRequests({ axis }: Scene, requests: readonly TimelineRequest[], y: number): Element[] {
  const placed = requests.flatMap((item) => {
    const place = placeSpan(axis, item.atMs, item.atMs);
    return place === null ? [] : [{ ...place, item }];
  });
  return mergeMarks(placed, MARK_PX).flatMap((mark) => drawMark(mark, y));
}

function drawMark({ fromX, items }: Merged<TimelineRequest>, y: number): Element[] {
  const kinds = ['control-db-backup', 'log', 'segments', 'other'] as const;
  const about = kinds.find((kind) => items.some((item) => item.about === kind)) ?? 'other';
  const tip = describe(items);
  const mark = sign(requestSigns[about], fromX, y, { class: 'mark', tip });
  return items.some(hasFailed) ? [mark, sign(failedSign, fromX, y, { class: 'wrong-mark', tip })] : [mark];
}

function describe(items: readonly TimelineRequest[]): string {
  const [first] = items;
  if (first === undefined) return '';
  const { method, path, node, status, atMs, subject } = first;
  const about = subject === null ? '' : ` (${subject})`;
  const answered = status === 0 ? 'no answer' : `status ${status}`;
  if (items.length === 1) return `${method} ${path}${about} of ${node} at ${formatTime(atMs)}: ${answered}`;
  const failed = items.filter(hasFailed).length;
  return `${count(items.length, 'request')} from ${formatTime(atMs)} on, ${failed} failed; the first is ${method} ${path}${about}`;
}
