import { describe, expect, test } from 'vitest';
import { drawTimeline, type TimelineJournal } from '../../timeline/index.ts';
import { elementsOf, parseXmlElement, type ParsedElement } from '../support/parsed-xml.ts';
import { dayMs, hourMs, timelineJournal } from '../support/timelines.ts';

function draw(values: Partial<TimelineJournal>): ParsedElement {
  return parseXmlElement(drawTimeline(timelineJournal(values)));
}

/** Shapes of a class, which is what they look like. */
function shapesOf(picture: ParsedElement, look: string): ParsedElement[] {
  return ['rect', 'path'].flatMap((name) =>
    elementsOf(picture, name).filter(({ attributes }) => attributes['class'] === look),
  );
}

describe('the present of a picture that reaches into the future', () => {
  test('is marked with its word, and what comes behind it is pale to the end', () => {
    const picture = draw({ toMs: dayMs + 2 * hourMs, nowMs: dayMs + hourMs });
    const texts = elementsOf(picture, 'text').map(({ text }) => text);
    expect(texts).toContain('now');
    const [line] = shapesOf(picture, 'now');
    const [future] = shapesOf(picture, 'future');
    const x = Number(future?.attributes['x']);
    expect(line?.attributes['d']).toMatch(new RegExp(`^M${x} `));
    const paper = elementsOf(picture, 'rect').find(({ attributes }) => attributes['class'] === 'paper');
    expect(x + Number(future?.attributes['width'])).toBe(Number(paper?.attributes['width']) - 16);
  });

  test.each([
    ['is not told', undefined],
    ['is the end', dayMs + hourMs],
    ['lies beyond it', dayMs + 3 * hourMs],
    ['lies before it', dayMs - hourMs],
  ])('shows nowhere where it %s', (_case, nowMs) => {
    const picture = draw(nowMs === undefined ? {} : { nowMs });
    expect([...shapesOf(picture, 'now'), ...shapesOf(picture, 'future')]).toEqual([]);
  });
});
