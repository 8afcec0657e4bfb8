import type { Element } from 'xast';
import type { LogNeed, MissingEntries } from '../model/log-needs.ts';
import { count, formatNumber, widthOf } from '../words.ts';
import type { CourseScales } from './course-outline.ts';
import { placeSpan, type Scene } from './scene.ts';
import { box, line, words } from './shapes.ts';

/** The line below which a log must not be cut until it is copied; and what was missing of it then. */
export function drawNeed(scene: Scene, need: LogNeed, scales: CourseScales): Element[] {
  const { axis, yOf, topY } = scales;
  const place = placeSpan(axis, need.fromMs, need.toMs);
  if (place === null) return [];
  const y = yOf(need.appliedIndex);
  const label = `applied in the backup: ${formatNumber(need.appliedIndex)}`;
  const hasRoom = place.toX - place.fromX > widthOf(label, 11) + 10;
  return [
    line(place.fromX, y, place.toX, y, { class: 'needed', tip: label }),
    ...(hasRoom ? [words(label, place.fromX + 8, y + (y < topY + 16 ? 13 : -5), { class: 'small halo' })] : []),
    ...(need.missing === null ? [] : drawMissing(scene, need.missing, scales)),
  ];
}

function drawMissing(scene: Scene, missing: MissingEntries, { axis, yOf }: CourseScales): Element[] {
  const place = placeSpan(axis, missing.fromMs, missing.toMs);
  if (place === null) return [];
  const width = Math.max(8, place.toX - place.fromX);
  const [upper, lower] = [yOf(missing.lastIndex), yOf(missing.firstIndex - 1)];
  const entries = count(missing.lastIndex - missing.firstIndex + 1, 'entry', 'entries');
  const range = `${formatNumber(missing.firstIndex)} to ${formatNumber(missing.lastIndex)}`;
  const label = `${entries} missing`;
  const isLeft = place.fromX + width + widthOf(label, 12) + 8 > axis.toX;
  const area = { x: place.fromX, y: upper, width, height: Math.max(4, lower - upper) };
  return [
    box(area, {
      class: 'wrong-edge',
      fill: scene.patternFor('lost'),
      tip: `${label}: ${range}, cleaned before they were listed`,
    }),
    words(label, isLeft ? place.fromX - 6 : place.fromX + width + 5, (upper + lower) / 2 + 4, {
      class: `wrong halo${isLeft ? ' end' : ''}`,
    }),
  ];
}
