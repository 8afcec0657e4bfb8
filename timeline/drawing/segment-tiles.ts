import type { Element } from 'xast';
import { mergeNarrow, type Merged, type Placed } from '../merging.ts';
import type { SegmentSpan } from '../model/segment-span.ts';
import { count, formatNumber, formatTime, widthOf } from '../words.ts';
import { placeSpan, type Scene } from './scene.ts';
import { box, words } from './shapes.ts';

/** A band of the picture that segments lie in. */
export interface Strip {
  readonly y: number;
  readonly height: number;
}

/** What a segment needs to be drawn alone. */
const LEAST_PX = 7;

type Tile = Merged<SegmentSpan>;

/** Segments one after the other, each for the time in which it was written. */
export function drawSegments(scene: Scene, segments: readonly SegmentSpan[], strip: Strip): Element[] {
  const placed = segments.flatMap((segment): Array<Placed<SegmentSpan>> => {
    const place = placeSpan(scene.axis, segment.openedMs ?? -Infinity, segment.fullMs ?? Infinity);
    return place === null ? [] : [{ ...place, item: segment }];
  });
  const full = placed.filter(({ item }) => item.fullMs !== null);
  const tiles = mergeNarrow(full, LEAST_PX);
  const open = placed.filter(({ item }) => item.fullMs === null);
  return [
    ...open.flatMap(({ item, fromX, toX }) => drawOpen(scene, item, Math.min(fromX, scene.axis.toX - 5), toX, strip)),
    ...tiles.flatMap((tile, place) => {
      const nextX = tiles[place + 1]?.toX ?? scene.axis.toX;
      return tile.items.length > 1 ? drawMerged(scene, tile, nextX, strip) : drawClosed(tile, strip);
    }),
  ];
}

function drawOpen(scene: Scene, segment: SegmentSpan, fromX: number, toX: number, { y, height }: Strip): Element[] {
  const look = { class: 'edged', fill: scene.patternFor('open'), tip: describe([segment]) };
  return [box({ x: fromX, y, width: toX - fromX, height }, look), ...labelInside('open', fromX, toX, y)];
}

function drawClosed({ fromX, toX, items }: Tile, { y, height }: Strip): Element[] {
  const first = items[0]?.first ?? null;
  return [
    box({ x: fromX, y, width: Math.max(1, toX - fromX), height }, { class: 'closed', tip: describe(items) }),
    ...(first === null ? [] : labelInside(formatNumber(first), fromX, toX, y)),
  ];
}

/** Many segments that take no time at all are seen all the same: a cluster can be filled in one moment. */
function drawMerged({ axis, patternFor }: Scene, tile: Tile, nextX: number, { y, height }: Strip): Element[] {
  const { items } = tile;
  const toX = Math.min(axis.toX, Math.max(tile.toX, tile.fromX + LEAST_PX));
  const fromX = Math.min(tile.fromX, toX - LEAST_PX);
  const short = `×${formatNumber(items.length)}`;
  const label = [count(items.length, 'segment'), short].find((text) => widthOf(text, 11) + 8 <= toX - fromX);
  const hasRoomBeside = nextX - toX > 2 * widthOf(short, 11) + 60;
  return [
    box(
      { x: fromX, y, width: toX - fromX, height },
      { class: 'edged', fill: patternFor('merged'), tip: describe(items) },
    ),
    ...(label === undefined
      ? hasRoomBeside
        ? [words(short, toX + 5, y + 13, { class: 'small halo' })]
        : []
      : labelInside(label, fromX, toX, y)),
  ];
}

function labelInside(label: string, fromX: number, toX: number, y: number): Element[] {
  if (widthOf(label, 11) + 8 > toX - fromX) return [];
  return [words(label, (fromX + toX) / 2, y + 13, { class: 'small middle halo' })];
}

function describe(items: readonly SegmentSpan[]): string {
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
