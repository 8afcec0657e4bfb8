import type { Element } from 'xast';
import { mergeClose, mergeNarrow, type Merged, type Placed } from '../merging.ts';
import type { SegmentSpan } from '../model/segment-span.ts';
import type { StoreLane } from '../model/timeline-model.ts';
import type { TimelineLoss } from '../timeline-journal.ts';
import { count, formatNumber, formatTime, widthOf } from '../words.ts';
import { copyBars } from './copy-bars.ts';
import { placeSpan, type Row, type Scene } from './scene.ts';
import { box, words } from './shapes.ts';

const STRIP = { top: 8, height: 18 };
const COPIES = { top: 30, height: 7 };
const HEIGHT = 46;

/** What a segment needs to be drawn alone. */
const LEAST_PX = 7;
const LEAST_LOSS_PX = 6;

/** Event or snapshot segments one after the other, each for the time in which it was written; below, who copied when. */
export function storeRow(scene: Scene, lane: StoreLane): Row {
  const closed = lane.segments.filter(({ closedMs }) => closedMs !== null).length;
  return {
    height: HEIGHT,
    name: `${lane.type === 'EVENT' ? 'events' : 'snapshots'} of ${lane.context}`,
    detail: `${formatNumber(closed)} closed, 1 open`,
    isAboutLogs: false,
    draw: (y) => [
      ...drawSegments(scene, lane.segments, y + STRIP.top),
      ...drawLosses(scene, lane.losses, y),
      ...copyBars(scene, lane.copies, y + COPIES.top, COPIES.height),
    ],
  };
}

function drawSegments(scene: Scene, segments: readonly SegmentSpan[], y: number): Element[] {
  const placed = segments.flatMap((segment): Array<Placed<SegmentSpan>> => {
    const place = placeSpan(scene.axis, segment.openedMs ?? -Infinity, segment.fullMs ?? Infinity);
    return place === null ? [] : [{ ...place, item: segment }];
  });
  const full = placed.filter(({ item }) => item.fullMs !== null);
  const open = placed.filter(({ item }) => item.fullMs === null);
  return [...mergeNarrow(full, LEAST_PX), ...open.map(({ item, ...place }) => ({ ...place, items: [item] }))].flatMap(
    (tile) => drawTile(scene, tile, y),
  );
}

function drawTile(scene: Scene, { fromX, toX, items }: Merged<SegmentSpan>, y: number): Element[] {
  const [first] = items;
  if (first === undefined) return [];
  const isOpen = first.fullMs === null;
  // An open segment that has just begun is seen all the same.
  const left = isOpen ? Math.min(fromX, scene.axis.toX - 5) : fromX;
  const area = { x: left, y, width: Math.max(1, toX - left), height: STRIP.height };
  const look = isOpen
    ? { class: 'edged', fill: scene.patternFor('open') }
    : items.length > 1
      ? { class: 'edged', fill: scene.patternFor('merged') }
      : { class: 'closed' };
  const label = items.length > 1 ? count(items.length, 'segment') : isOpen ? 'open' : formatNumber(first.first ?? 0);
  const short = items.length > 1 ? `×${formatNumber(items.length)}` : label;
  const fitting = [label, short].find((text) => widthOf(text, 11) + 8 <= area.width);
  const isNamed = items.length > 1 || isOpen || first.first !== null;
  return [
    box(area, { ...look, tip: describeTile(items) }),
    ...(fitting === undefined || !isNamed
      ? []
      : [words(fitting, (left + toX) / 2, y + 13, { class: 'small middle halo' })]),
  ];
}

function describeTile(items: readonly SegmentSpan[]): string {
  const first = items[0];
  const last = items.at(-1);
  if (first === undefined || last === undefined) return '';
  const name = ({ first: token }: SegmentSpan): string => (token === null ? 'an earlier one' : formatNumber(token));
  if (items.length > 1) return `${count(items.length, 'segment')}, from ${name(first)} to ${name(last)}`;
  const since = first.openedMs === null ? 'before' : formatTime(first.openedMs);
  if (first.fullMs === null) return `segment ${name(first)}, open since ${since}`;
  const closed = first.closedMs === null ? ', not closed yet' : `, closed ${formatTime(first.closedMs)}`;
  return `segment ${name(first)}, open since ${since}, full ${formatTime(first.fullMs)}${closed}`;
}

/** Shaded over the segments in which the lost events were written, with a few words beside it. */
function drawLosses(scene: Scene, losses: readonly TimelineLoss[], y: number): Element[] {
  const { axis } = scene;
  const placed = losses.flatMap((item) => {
    const place = placeSpan(axis, item.fromMs, item.toMs);
    if (place === null) return [];
    const toX = Math.min(axis.toX, Math.max(place.toX, place.fromX + LEAST_LOSS_PX));
    return [{ fromX: Math.min(place.fromX, toX - LEAST_LOSS_PX), toX, item }];
  });
  return mergeClose(placed, 1).flatMap(({ fromX, toX, items }) => {
    const lost = `lost: ${count(
      items.reduce((sum, { events }) => sum + events, 0),
      items[0]?.type === 'SNAPSHOT' ? 'snapshot' : 'event',
    )}`;
    const needs = widthOf(lost, 12) + 8;
    const isRight = toX + needs <= axis.toX;
    const isLeft = !isRight && fromX - needs >= axis.fromX;
    const textX = isRight ? toX + 5 : isLeft ? fromX - 5 : Math.max(fromX, axis.fromX) + 5;
    const area = { x: fromX, y: y + STRIP.top - 4, width: toX - fromX, height: STRIP.height + 8 };
    const look = { class: 'wrong-edge', fill: scene.patternFor('lost'), tip: `${lost}, ${describeLosses(items)}` };
    return [box(area, look), words(lost, textX, y + STRIP.top + 13, { class: `wrong halo${isLeft ? ' end' : ''}` })];
  });
}

function describeLosses(losses: readonly TimelineLoss[]): string {
  const firstToken = Math.min(...losses.map((loss) => loss.firstToken));
  const lastToken = Math.max(...losses.map((loss) => loss.lastToken));
  const fromMs = Math.min(...losses.map((loss) => loss.fromMs));
  const toMs = Math.max(...losses.map((loss) => loss.toMs));
  const pieces = losses.length === 1 ? '' : ` in ${count(losses.length, 'piece')}`;
  const tokens = `tokens ${formatNumber(firstToken)} to ${formatNumber(lastToken)}`;
  return `${tokens}${pieces}, written from ${formatTime(fromMs)} to ${formatTime(toMs)}`;
}
