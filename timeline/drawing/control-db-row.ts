import type { Element } from 'xast';
import { mergeMarks } from '../merging.ts';
import type { PlannedCleaning } from '../model/windows.ts';
import { count, fit, formatTime, formatTimeOfDay, widthOf } from '../words.ts';
import { requestSigns } from './client-row.ts';
import { placeSpan, placeSpans, type Row, type Scene } from './scene.ts';
import { box, line, sign, words } from './shapes.ts';

const HEIGHT = 50;
const LINE = { first: 6, second: 27, height: 16 };

/** Backups of the control database with the half hour for the logs behind each; below, when the logs are cleaned next. */
export function controlDbRow(scene: Scene): Row {
  const { backups, plannedCleanings } = scene.model;
  return {
    height: HEIGHT,
    name: 'control database',
    detail: count(backups.length, 'backup'),
    isAboutLogs: true,
    draw: (y) => [
      ...drawWindows(scene, y + LINE.first),
      ...plannedCleanings
        .slice(-MOST_PLANS)
        .flatMap((plan, place, shown) => drawPlan(scene, plan, place === shown.length - 1, y + LINE.second)),
      ...drawBackups(scene, y + LINE.first + LINE.height / 2),
    ],
  };
}

/** Of a picture with more plans, the latest are shown. */
const MOST_PLANS = 40;

function drawWindows({ axis, model }: Scene, y: number): Element[] {
  return placeSpans(axis, model.logWindows, 2).flatMap(({ fromX, toX, items }) => {
    const fromMs = items[0]?.fromMs ?? 0;
    const toMs = items.at(-1)?.toMs ?? 0;
    const until = `until ${formatTimeOfDay(toMs)}`;
    const tip = `the 30 minutes in which the logs have to be copied, ${formatTime(fromMs)} to ${formatTime(toMs)}`;
    const texts = [`30 minutes for the logs, ${until}`, '30 min for the logs', '30 min'];
    return [
      box({ x: fromX, y, width: toX - fromX, height: LINE.height }, { class: 'window', tip }),
      ...labelBeside(texts, { fromX, toX }, 12, axis.toX, y),
    ];
  });
}

function drawPlan({ axis }: Scene, plan: PlannedCleaning, isLast: boolean, y: number): Element[] {
  const { fromMs, untilMs, dueMs, wasPostponed } = plan;
  const place = placeSpan(axis, fromMs, Math.max(untilMs, Math.min(dueMs, axis.toMs)));
  if (place === null || place.toX - place.fromX < 3) return [];
  const endX = wasPostponed ? axis.xOf(untilMs) : place.toX;
  const isBeyond = !wasPostponed && dueMs > axis.toMs;
  const middle = y + LINE.height / 2;
  const due = formatTimeOfDay(dueMs);
  const tip = `next cleaning of the logs: ${formatTime(dueMs)}${wasPostponed ? `, postponed at ${formatTime(untilMs)}` : ''}`;
  const texts = wasPostponed
    ? [`cleaning at ${due}, postponed`, 'postponed']
    : [`no cleaning before ${due}${isBeyond ? ' →' : ''}`, `next cleaning ${due}`, `cleaning ${due}`, due];
  return [
    box(
      { x: place.fromX, y: y + 2, width: Math.max(1, endX - place.fromX), height: LINE.height - 4 },
      { class: 'plan', tip },
      2,
    ),
    ...(wasPostponed || isBeyond ? [] : [line(endX, y - 1, endX, middle + 9, { class: 'plan' })]),
    ...labelBeside(texts, { fromX: place.fromX, toX: endX }, 6, isLast ? axis.toX : endX, y),
  ];
}

/** The longest of the texts that fits into the box, or else the shortest beside it, or none. */
function labelBeside(
  texts: readonly string[],
  place: { readonly fromX: number; readonly toX: number },
  indent: number,
  endX: number,
  y: number,
): Element[] {
  const inside = texts.find((text) => fit(text, 11, place.toX - place.fromX - indent - 4) === text);
  if (inside !== undefined) return [words(inside, place.fromX + indent, y + 12, { class: 'small' })];
  const shortest = texts.at(-1) ?? '';
  const hasRoom = place.toX + 6 + widthOf(shortest, 11) <= endX;
  return hasRoom ? [words(shortest, place.toX + 5, y + 12, { class: 'small halo' })] : [];
}

function drawBackups({ axis, model }: Scene, y: number): Element[] {
  const placed = model.backups.flatMap((item) => {
    const place = placeSpan(axis, item.atMs, item.atMs);
    return place === null ? [] : [{ ...place, item }];
  });
  return mergeMarks(placed, 11).map(({ fromX, items }) => {
    const times = items.map(({ atMs }) => formatTime(atMs));
    const tip =
      items.length === 1
        ? `control database backup at ${times[0] ?? ''}`
        : `${count(items.length, 'control database backup')} from ${times[0] ?? ''} on`;
    return sign(requestSigns['control-db-backup'], fromX, y, { class: 'mark', tip });
  });
}
