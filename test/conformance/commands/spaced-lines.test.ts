import { describe, expect, test } from 'vitest';
import { SpacedLines } from '../../../conformance/commands/spaced-lines.ts';

function told(isTTY: boolean, moments: readonly number[]): string[] {
  const written: string[] = [];
  let nowMs = 0;
  const lines = new SpacedLines({ isTTY, write: (text) => written.push(text) }, () => nowMs);
  for (const moment of moments) {
    nowMs = moment;
    lines.tell(`after ${moment} ms`);
  }
  return written;
}

describe('progress where there is no terminal', () => {
  test('is a line a minute, and none in the first', () => {
    const moments = [0, 59_999, 60_000, 61_000, 119_999, 150_000, 200_000, 210_001];
    expect(told(false, moments)).toEqual(['after 60000 ms\n', 'after 150000 ms\n', 'after 210001 ms\n']);
  });

  test('is nothing on a terminal, which has a line of its own', () => {
    expect(told(true, [60_000, 600_000])).toEqual([]);
  });
});
