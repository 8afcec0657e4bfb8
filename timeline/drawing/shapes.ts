import type { Element } from 'xast';
import { x } from 'xastscript';
import { legible } from '../words.ts';

/* The shapes that the picture is made of. Coordinates are pixels, with one decimal: more is bytes that nobody sees. */

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a shape looks like (see style.ts), and what is said where the pointer rests on it. */
export interface Look {
  readonly class: string;
  readonly tip?: string;
  /** A pattern instead of a plain fill. */
  readonly fill?: string;
}

export function box({ x: left, y, width, height }: Box, look: Look, radius = 0): Element {
  const corners: Record<string, number> = radius === 0 ? {} : { rx: radius };
  return shape('rect', { x: px(left), y: px(y), width: px(width), height: px(height), ...corners }, look);
}

export function line(x1: number, y1: number, x2: number, y2: number, look: Look): Element {
  return shape('path', { d: `M${px(x1)} ${px(y1)}L${px(x2)} ${px(y2)}` }, look);
}

export function path(d: string, look: Look): Element {
  return shape('path', { d }, look);
}

/** A sign drawn around the origin, put at a place. */
export function sign(d: string, x0: number, y0: number, look: Look): Element {
  return shape('path', { d, transform: `translate(${px(x0)} ${px(y0)})` }, look);
}

export function words(text: string, x0: number, y: number, look: Look): Element {
  return shape('text', { x: px(x0), y: px(y) }, look, legible(text));
}

export function group(look: { readonly class: string }, children: readonly Element[]): Element {
  return x('g', { class: look.class }, [...children]);
}

export function px(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

function shape(name: string, attributes: Record<string, string | number>, look: Look, text?: string): Element {
  const { class: className, tip, fill } = look;
  const all = { ...attributes, class: className, ...(fill === undefined ? {} : { fill: `url(#${fill})` }) };
  const title = tip === undefined ? [] : [x('title', legible(tip))];
  return x(name, all, text === undefined ? title : [text, ...title]);
}
