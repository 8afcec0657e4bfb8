import type { Element } from 'xast';
import { toXml } from 'xast-util-to-xml';
import { x } from 'xastscript';
import { describeTimeline } from './description.ts';
import { clientRow } from './drawing/client-row.ts';
import { controlDbRow } from './drawing/control-db-row.ts';
import { AXIS_HEIGHT, drawAxis, drawDueLines, drawOutages, drawPieces, drawTints } from './drawing/frame.ts';
import { drawLegend } from './drawing/legend.ts';
import { logRow } from './drawing/log-row.ts';
import { definePatterns } from './drawing/patterns.ts';
import { drawPresent } from './drawing/present.ts';
import { sceneOf, type Row, type Scene } from './drawing/scene.ts';
import { group, line, words } from './drawing/shapes.ts';
import { storeRow } from './drawing/store-row.ts';
import { timelineStyle } from './drawing/style.ts';
import { timeAxisOf } from './drawing/time-axis.ts';
import { drawViolation, FLAG_HEIGHT } from './drawing/violation.ts';
import { modelOf } from './model/timeline-model.ts';
import type { TimelineJournal } from './timeline-journal.ts';
import { fit, formatTime, legible } from './words.ts';

export interface TimelineOptions {
  /** Heading of the picture, and its name for screen readers; the node's name unless given. */
  readonly title?: string;
  /** 1280 unless given; no less than 480. */
  readonly widthPx?: number;
  /** Begins the ids in the picture. Of pictures that stand in one page, each needs another. */
  readonly idPrefix?: string;
  /** False where the page has `timelineStyle` once for all its pictures. */
  readonly hasStyle?: boolean;
}

const MARGIN = 16;
const HEADING_HEIGHT = 32;

/**
 * Draws what happened on a node, and what a client did about it, as one `<svg>` element: to be put into a page, or served
 * as `image/svg+xml`. The same journal gives the same text. Its size depends on its width, not on what happened.
 */
export function drawTimeline(journal: TimelineJournal, options: TimelineOptions = {}): string {
  const { title = `Timeline of ${journal.node}`, idPrefix = 'timeline', hasStyle = true } = options;
  const widthPx = Math.max(480, Math.round(options.widthPx ?? 1280));
  const model = modelOf(journal);
  const namesPx = widthPx < 800 ? 170 : 216;
  const axis = timeAxisOf(journal, namesPx, widthPx - MARGIN);
  const scene = sceneOf(model, axis, widthPx, namesPx, idPrefix);
  const { elements, height } = drawScene(scene, title);
  const ids = { title: `${idPrefix}-title`, text: `${idPrefix}-text` };
  return toXml(
    x(
      'svg',
      {
        xmlns: 'http://www.w3.org/2000/svg',
        class: 'axon-timeline',
        role: 'img',
        'aria-labelledby': ids.title,
        'aria-describedby': ids.text,
        viewBox: `0 0 ${widthPx} ${height}`,
        width: widthPx,
        height,
      },
      [
        x('title', { id: ids.title }, legible(title)),
        x('desc', { id: ids.text }, legible(describeTimeline(model))),
        ...(hasStyle ? [x('style', timelineStyle)] : []),
        definePatterns(idPrefix),
        ...elements,
      ],
    ),
    { closeEmptyElements: true, tightClose: true },
  );
}

function drawScene(scene: Scene, title: string): { readonly elements: readonly Element[]; readonly height: number } {
  const { model, axis, widthPx } = scene;
  const { violation } = model.journal;
  const flagY = HEADING_HEIGHT;
  const topY = flagY + (violation === null ? 0 : FLAG_HEIGHT);
  const rows = placeRows(scene, topY);
  const bottomY = rows.at(-1)?.endY ?? topY;
  const aboutLogs = rows.filter(({ row }) => row.isAboutLogs);
  const [logsY, logsEndY] = [aboutLogs[0]?.y ?? topY, aboutLogs.at(-1)?.endY ?? topY];
  const legend = drawLegend(scene, bottomY + AXIS_HEIGHT + 4);
  const height = Math.ceil(bottomY + AXIS_HEIGHT + legend.height + 8);
  const elements = [
    x('rect', { width: widthPx, height, class: 'paper' }),
    ...drawHeading(scene, title),
    ...drawPieces(scene, topY, bottomY),
    ...drawTints(scene, logsY, logsEndY),
    ...drawAxis(scene, topY, bottomY),
    ...drawOutages(scene, topY, bottomY),
    ...drawDueLines(scene, logsY, logsEndY),
    ...rows.flatMap(({ row, y, endY }) => [
      ...drawName(scene, row, y),
      line(MARGIN, endY, axis.toX, endY, { class: 'grid' }),
      group({ class: 'row' }, row.draw(y)),
    ]),
    ...drawPresent(scene, topY, rows[2]?.y ?? bottomY, bottomY),
    ...(violation === null ? [] : drawViolation(scene, violation, flagY, bottomY)),
    ...legend.elements,
  ];
  return { elements, height };
}

interface PlacedRow {
  readonly row: Row;
  readonly y: number;
  readonly endY: number;
}

function placeRows(scene: Scene, topY: number): PlacedRow[] {
  const { logs, stores } = scene.model;
  const rows = [
    clientRow(scene),
    controlDbRow(scene),
    ...logs.map((lane) => logRow(scene, lane)),
    ...stores.map((lane) => storeRow(scene, lane)),
  ];
  let y = topY;
  return rows.map((row) => {
    const placed = { row, y, endY: y + row.height };
    y = placed.endY;
    return placed;
  });
}

function drawHeading({ model, axis, widthPx }: Scene, title: string): Element[] {
  const { fromMs, toMs, node } = model.journal;
  const span = `${node}, ${formatTime(fromMs)} to ${formatTime(toMs)}, virtual time (UTC)`;
  const shown = fit(span, 11, widthPx * 0.45);
  return [
    words(fit(title, 15, widthPx * 0.5), MARGIN, 21, { class: 'heading' }),
    words(shown, axis.toX, 21, { class: 'muted end', tip: span }),
  ];
}

function drawName({ namesPx }: Scene, { name, detail }: Row, y: number): Element[] {
  const room = namesPx - MARGIN - 44;
  return [
    words(fit(name, 12, room), MARGIN, y + 20, { class: 'name', tip: name }),
    words(fit(detail, 11, room + 6), MARGIN, y + 35, { class: 'muted', tip: detail }),
  ];
}
