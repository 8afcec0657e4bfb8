import type { Element } from 'xast';
import { mergeClose, type Merged } from '../merging.ts';
import type { TimelineModel } from '../model/timeline-model.ts';
import type { TimeSpan } from '../model/windows.ts';
import { patternId, type Pattern } from './patterns.ts';
import type { TimeAxis } from './time-axis.ts';

/** What every part of the picture needs to draw itself. */
export interface Scene {
  readonly model: TimelineModel;
  readonly axis: TimeAxis;
  readonly widthPx: number;
  /** Width of the names on the left. */
  readonly namesPx: number;
  readonly patternFor: (pattern: Pattern) => string;
}

/** A row of the picture; `y` is where it begins. */
export interface Row {
  readonly height: number;
  readonly name: string;
  readonly detail: string;
  /** True for rows that the half hour after a backup is about. */
  readonly isAboutLogs: boolean;
  readonly draw: (y: number) => readonly Element[];
}

export function sceneOf(model: TimelineModel, axis: TimeAxis, widthPx: number, namesPx: number, prefix: string): Scene {
  return { model, axis, widthPx, namesPx, patternFor: (pattern) => patternId(prefix, pattern) };
}

/** The part of a stretch of time that the picture shows, in pixels; null where it shows none of it. */
export function placeSpan(
  axis: TimeAxis,
  fromMs: number,
  toMs: number,
): { readonly fromX: number; readonly toX: number } | null {
  if (toMs < axis.fromMs || fromMs > axis.toMs) return null;
  return { fromX: axis.xOf(Math.max(fromMs, axis.fromMs)), toX: axis.xOf(Math.min(toMs, axis.toMs)) };
}

/** Stretches of time on the picture; those that touch are one, so that there are never more than fit. */
export function placeSpans(axis: TimeAxis, spans: readonly TimeSpan[], leastPx: number): Array<Merged<TimeSpan>> {
  const placed = spans.flatMap((item) => {
    const place = placeSpan(axis, item.fromMs, item.toMs);
    if (place === null) return [];
    const toX = Math.min(axis.toX, Math.max(place.toX, place.fromX + leastPx));
    return [{ fromX: Math.min(place.fromX, toX - leastPx), toX, item }];
  });
  return mergeClose(placed, 1);
}
