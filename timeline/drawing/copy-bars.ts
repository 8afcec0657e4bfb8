import type { Element } from 'xast';
import { mergeClose, type Merged } from '../merging.ts';
import type { TimelineRequest } from '../timeline-journal.ts';
import { count, formatNumber, formatSpan, formatTime, widthOf } from '../words.ts';
import { placeSpan, type Scene } from './scene.ts';
import { box, words } from './shapes.ts';

/** Bars closer than this are one. */
const GAP_PX = 2;

/** From each listing until its files were copied, as bars; those of another node are hollow. */
export function copyBars(scene: Scene, copies: readonly TimelineRequest[], y: number, height: number): Element[] {
  const { axis, model } = scene;
  const placed = copies.flatMap((item) => {
    const place = placeSpan(axis, item.atMs, item.copiedUntilMs);
    return place === null ? [] : [{ fromX: place.fromX, toX: Math.max(place.toX, place.fromX + 2), item }];
  });
  const own = placed.filter(({ item }) => item.node === model.journal.node);
  const others = placed.filter(({ item }) => item.node !== model.journal.node);
  const bars = mergeClose(own, GAP_PX);
  return [
    ...mergeClose(others, GAP_PX).map((bar) => drawBar(bar, y, height, 'elsewhere')),
    ...bars.map((bar) => drawBar(bar, y, height, 'copy')),
    ...bars.flatMap((bar, place) => {
      const label = labelOf(bar);
      const nextX = bars[place + 1]?.fromX ?? axis.toX;
      return bar.toX + 6 + widthOf(label, 11) <= nextX
        ? [words(label, bar.toX + 5, y + height, { class: 'muted halo' })]
        : [];
    }),
  ];
}

function drawBar({ fromX, toX, items }: Merged<TimelineRequest>, y: number, height: number, look: string): Element {
  return box({ x: fromX, y, width: toX - fromX, height }, { class: look, tip: describeCopies(items) }, 2);
}

function labelOf({ items }: Merged<TimelineRequest>): string {
  const files = items.reduce((sum, item) => sum + item.files, 0);
  return items.length === 1 ? count(files, 'file') : `${formatNumber(items.length)} listings, ${count(files, 'file')}`;
}

export function describeCopies(items: readonly TimelineRequest[]): string {
  const [first] = items;
  if (first === undefined) return '';
  const files = items.reduce((sum, item) => sum + item.files, 0);
  const until = Math.max(...items.map(({ copiedUntilMs }) => copiedUntilMs));
  const what = items.length === 1 ? `${first.method} ${first.path}` : count(items.length, 'request');
  const copied = files === 0 ? 'no files' : `${count(files, 'file')}, copied within ${formatSpan(until - first.atMs)}`;
  return `${what} of ${first.node} at ${formatTime(first.atMs)}: ${copied}`;
}
