import type { Element } from 'xast';
import { mergeClose } from '../merging.ts';
import type { TimelineLoss } from '../timeline-journal.ts';
import { count, formatNumber, formatTime, widthOf } from '../words.ts';
import { placeSpan, type Scene } from './scene.ts';
import type { Strip } from './segment-tiles.ts';
import { box, words } from './shapes.ts';

const LEAST_LOSS_PX = 6;

/** Shaded over the time in which the lost events were written, with a few words beside it. */
export function drawLosses(scene: Scene, losses: readonly TimelineLoss[], strip: Strip): Element[] {
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
    const area = { x: fromX, y: strip.y - 4, width: toX - fromX, height: strip.height + 8 };
    const look = { class: 'wrong-edge', fill: scene.patternFor('lost'), tip: `${lost}, ${describeLosses(items)}` };
    return [box(area, look), words(lost, textX, strip.y + 13, { class: `wrong halo${isLeft ? ' end' : ''}` })];
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
