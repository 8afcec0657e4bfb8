import { expect, test } from 'vitest';
import { timelineStyle } from '../../timeline/index.ts';
import { contrastOf, palettesOf } from '../support/contrast.ts';

const palettes = palettesOf(timelineStyle);

/** What text is written in, and on what. */
const texts = [
  ['ink', ['paper', 'stretch', 'window', 'segment', 'client-soft', 'wrong-soft']],
  ['muted', ['paper', 'stretch']],
  ['wrong', ['paper', 'wrong-soft']],
] as const;

/** Lines and marks, and what they lie on. */
const marks = [
  ['segment-edge', ['paper', 'stretch', 'segment']],
  ['client', ['paper', 'stretch', 'client-soft']],
  ['applied', ['paper', 'window']],
  ['window-edge', ['paper', 'window']],
  ['wrong', ['paper', 'stretch']],
] as const;

test.each(['light', 'dark'] as const)('text and marks of a timeline are read well in %s', (scheme) => {
  const colourOf = (name: string): string => palettes[scheme].get(`timeline-${name}`) ?? '';
  const weak = [...texts.map((each) => [...each, 4.5] as const), ...marks.map((each) => [...each, 3] as const)].flatMap(
    ([name, grounds, least]) =>
      grounds.flatMap((ground) => {
        const contrast = contrastOf(colourOf(name), colourOf(ground));
        return contrast >= least ? [] : [`${name} on ${ground}: ${contrast.toFixed(2)}`];
      }),
  );
  expect(weak).toEqual([]);
});
