import type { StoreLane } from '../model/timeline-model.ts';
import { formatNumber } from '../words.ts';
import { copyBars } from './copy-bars.ts';
import { drawLosses } from './losses.ts';
import type { Row, Scene } from './scene.ts';
import { drawSegments } from './segment-tiles.ts';

const STRIP = { top: 8, height: 18 };
const COPIES = { top: 30, height: 7 };
const HEIGHT = 46;

/** The event or snapshot segments of a context; over them what is lost, and below, who copied when. */
export function storeRow(scene: Scene, lane: StoreLane): Row {
  const closed = lane.segments.filter(({ closedMs }) => closedMs !== null).length;
  return {
    height: HEIGHT,
    name: `${lane.type === 'EVENT' ? 'events' : 'snapshots'} of ${lane.context}`,
    detail: `${formatNumber(closed)} closed, 1 open`,
    isAboutLogs: false,
    draw: (y) => {
      const strip = { y: y + STRIP.top, height: STRIP.height };
      return [
        ...drawSegments(scene, lane.segments, strip),
        ...drawLosses(scene, lane.losses, strip),
        ...copyBars(scene, lane.copies, y + COPIES.top, COPIES.height),
      ];
    },
  };
}
