import type { Element } from 'xast';
import { mergeMarks } from '../merging.ts';
import { formatSpan, widthOf } from '../words.ts';
import { placeSpans, type Scene } from './scene.ts';
import { box, line, path, words } from './shapes.ts';

/* What lies behind the lanes and runs through them: the axis, its pieces, the half hours, cleanings, outages. */

export const AXIS_HEIGHT = 44;

/** Runs that are drawn at a scale of their own, with what marks where one scale ends and the next begins. */
export function drawPieces({ axis }: Scene, topY: number, bottomY: number): Element[] {
  if (axis.pieces.length < 2) return [];
  const height = bottomY - topY;
  return [
    ...axis.pieces
      .filter(({ runs }) => runs.length > 0)
      .map(({ fromX, toX }) => box({ x: fromX, y: topY, width: toX - fromX, height }, { class: 'stretch' })),
    ...axis.pieces.slice(1).map(({ fromX }) => line(fromX, topY, fromX, bottomY, { class: 'break' })),
  ];
}

/** Ticks and their labels below the lanes, and how long each piece is where they are at different scales. */
export function drawAxis({ axis }: Scene, topY: number, bottomY: number): Element[] {
  const hasPieces = axis.pieces.length > 1;
  const ticks = axis.pieces.flatMap((piece) => piece.ticks);
  const grid = ticks.map(({ x }) => `M${x.toFixed(1)} ${topY}V${bottomY + 5}`).join('');
  return [
    ...(grid === '' ? [] : [path(grid, { class: 'grid' })]),
    line(axis.fromX, bottomY, axis.toX, bottomY, { class: 'axis' }),
    ...ticks.map(({ x, label }) => words(label, x, bottomY + 17, { class: 'tick middle' })),
    ...(hasPieces
      ? [
          path(
            axis.pieces
              .slice(1)
              .map(
                ({ fromX }) =>
                  `M${(fromX - 4).toFixed(1)} ${bottomY + 5}l4 -10M${fromX.toFixed(1)} ${bottomY + 5}l4 -10`,
              )
              .join(''),
            { class: 'axis' },
          ),
          ...axis.pieces.flatMap((piece) => {
            const { runs, fromMs, toMs } = piece;
            const name = `${runs.length === 1 ? 'run' : 'runs'} ${runs.join(', ')}`;
            const text = runs.length === 0 ? formatSpan(toMs - fromMs) : name;
            const label = widthOf(text, 11) + 6 <= piece.toX - piece.fromX ? text : undefined;
            return label === undefined
              ? []
              : [words(label, (piece.fromX + piece.toX) / 2, bottomY + 34, { class: 'muted middle' })];
          }),
        ]
      : []),
  ];
}

/** The half hours behind the backups, over the lanes that they are about. */
export function drawTints({ axis, model }: Scene, topY: number, bottomY: number): Element[] {
  return placeSpans(axis, model.logWindows, 2).flatMap(({ fromX, toX }) => {
    const edges = toX >= axis.toX ? [] : [line(toX, topY, toX, bottomY, { class: 'tint-edge' })];
    return [box({ x: fromX, y: topY, width: toX - fromX, height: bottomY - topY }, { class: 'tint' }), ...edges];
  });
}

/** The cleanings that were kept to, or are still to come, through the lanes of the logs. */
export function drawDueLines({ axis, model }: Scene, topY: number, bottomY: number): Element[] {
  const kept = model.plannedCleanings.filter(
    ({ wasPostponed, dueMs }) => !wasPostponed && dueMs >= axis.fromMs && dueMs < axis.toMs,
  );
  const placed = kept.map((item) => ({ fromX: axis.xOf(item.dueMs), toX: axis.xOf(item.dueMs), item }));
  return mergeMarks(placed, 24).map(({ fromX }) => line(fromX, topY, fromX, bottomY, { class: 'due' }));
}

export function drawOutages({ axis, model, patternFor }: Scene, topY: number, bottomY: number): Element[] {
  return placeSpans(axis, model.outages, 3).flatMap(({ fromX, toX, items }) => {
    const label = `${model.journal.node} is down`;
    const downMs = items.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
    const tip = `${label}${items.length === 1 ? '' : ` ${items.length} times`}, for ${formatSpan(downMs)}`;
    const area = { x: fromX, y: topY, width: toX - fromX, height: bottomY - topY };
    const hasRoom = widthOf(label, 11) + 8 <= area.width;
    return [
      box(area, { class: 'down', fill: patternFor('down'), tip }),
      ...(hasRoom ? [words(label, fromX + 5, topY + 13, { class: 'small halo' })] : []),
    ];
  });
}
