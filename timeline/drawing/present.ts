import type { Element } from 'xast';
import type { Scene } from './scene.ts';
import { box, line, words } from './shapes.ts';

/**
 * The present of a picture that reaches into the future: what is planned stays as it is, and what would be there if
 * nothing happened any more, from `veiledY` down, is pale.
 */
export function drawPresent({ axis, model }: Scene, topY: number, veiledY: number, bottomY: number): Element[] {
  const { nowMs } = model.journal;
  if (nowMs === undefined || nowMs < axis.fromMs || nowMs >= axis.toMs) return [];
  const nowX = axis.xOf(nowMs);
  return [
    box({ x: nowX, y: veiledY, width: axis.toX - nowX, height: bottomY - veiledY }, { class: 'future' }),
    line(nowX, topY, nowX, bottomY, { class: 'now' }),
    ...(axis.toX - nowX < 32 ? [] : [words('now', nowX + 4, topY + 12, { class: 'small halo' })]),
  ];
}
