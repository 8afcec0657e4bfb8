import type { Element } from 'xast';
import type { TimelineViolation } from '../timeline-journal.ts';
import { fit, formatTime, formatTimeOfDay, widthOf } from '../words.ts';
import type { Scene } from './scene.ts';
import { box, line, sign, words } from './shapes.ts';
import { failedSign } from './client-row.ts';

export const FLAG_HEIGHT = 42;

/** A line through all lanes at the first moment at which a rule was broken, with a flag that says which and how. */
export function drawViolation(scene: Scene, violation: TimelineViolation, topY: number, bottomY: number): Element[] {
  const { axis } = scene;
  const { atMs, rule, run, message } = violation;
  const x = axis.xOf(atMs);
  const widest = axis.toX - axis.fromX;
  const where = `${rule}, ${run === null ? '' : `run ${run}, `}${formatTimeOfDay(atMs)}`;
  const head = fit(where, 13, widest - 34);
  const told = fit(message, 12, widest - 16);
  const width = Math.min(widest, Math.max(widthOf(head, 13) + 34, widthOf(told, 12) + 16));
  const left = Math.max(axis.fromX, Math.min(x - 12, axis.toX - width));
  const tip = `${rule} broken at ${formatTime(atMs)}: ${message}`;
  return [
    line(x, topY + FLAG_HEIGHT - 6, x, bottomY, { class: 'wrong-line', tip }),
    box({ x: left, y: topY, width, height: FLAG_HEIGHT - 6 }, { class: 'wrong-box', tip }, 3),
    sign(failedSign, left + 13, topY + 11, { class: 'wrong-mark' }),
    words(head, left + 25, topY + 15, { class: 'wrong' }),
    words(told, left + 8, topY + 30, { class: 'small' }),
  ];
}
