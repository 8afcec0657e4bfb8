import type { Element } from 'xast';
import { x } from 'xastscript';

/** Patterns by the name of what they stand for; ids are unique in a page where the prefix is. */
export type Pattern = 'open' | 'merged' | 'cleaned' | 'lost' | 'down';

export function patternId(prefix: string, pattern: Pattern): string {
  return `${prefix}-${pattern}`;
}

interface Tile {
  readonly size: number;
  readonly turned: boolean;
  readonly ground: string | null;
  /** Outline of what is on the ground, and how it looks. */
  readonly d: string;
  readonly figure: string;
}

const tiles: Readonly<Record<Pattern, Tile>> = {
  open: { size: 6, turned: true, ground: 'faint', d: 'M0 0V6', figure: 'edge' },
  merged: { size: 3, turned: false, ground: 'soft', d: 'M.5 0V3', figure: 'edge' },
  cleaned: { size: 6, turned: false, ground: null, d: 'M2 3a1 1 0 1 0 2 0a1 1 0 1 0-2 0', figure: 'dot' },
  lost: { size: 7, turned: true, ground: 'wrong-soft', d: 'M0 0V7M0 0H7', figure: 'wrong-hatch' },
  down: { size: 8, turned: true, ground: null, d: 'M0 0V8', figure: 'hatch' },
};

export function definePatterns(prefix: string): Element {
  return x(
    'defs',
    Object.entries(tiles).map(([name, tile]) => definePattern(patternId(prefix, name as Pattern), tile)),
  );
}

function definePattern(id: string, { size, turned, ground, d, figure }: Tile): Element {
  return x(
    'pattern',
    {
      id,
      width: size,
      height: size,
      patternUnits: 'userSpaceOnUse',
      ...(turned ? { patternTransform: 'rotate(45)' } : {}),
    },
    [
      ...(ground === null ? [] : [x('rect', { width: size, height: size, class: ground })]),
      x('path', { d, class: figure }),
    ],
  );
}
