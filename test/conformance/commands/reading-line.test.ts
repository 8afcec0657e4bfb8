import { expect, test } from 'vitest';
import { CLEAR } from '../../../conformance/commands/playing-line.ts';
import { ProgressLine } from '../../../conformance/commands/progress-line.ts';
import { formatReading, showReading } from '../../../conformance/commands/reading-line.ts';

const GIBIBYTE = 1024 ** 3;

test('how far reading has come is told, and once that can be guessed how long it still takes', () => {
  expect(formatReading(0, 50 * GIBIBYTE, 0)).toBe('read 0 of 51,200 MiB');
  expect(formatReading(GIBIBYTE, 50 * GIBIBYTE, 2000)).toBe('read 1,024 of 51,200 MiB');
  expect(formatReading(10 * GIBIBYTE, 50 * GIBIBYTE, 20_000)).toBe('read 10,240 of 51,200 MiB, about 1m 20s to go');
  expect(formatReading(51 * GIBIBYTE, 50 * GIBIBYTE, 20_000)).toBe('read 51,200 of 51,200 MiB, about 0s to go');
});

test('a terminal gets it ten times a second at most and no wider than it is, anything else nothing', () => {
  const written: string[] = [];
  let nowMs = 0;
  const terminal = { isTTY: true, columns: 12, write: (text: string) => written.push(text) };
  const show = showReading(new ProgressLine(terminal), () => nowMs);
  for (; nowMs < 250; nowMs += 10) show(nowMs * 1024 ** 2, GIBIBYTE);
  expect(written.map((text) => text.slice(CLEAR.length))).toEqual(['read 0 of 1', 'read 100 of', 'read 200 of']);
  const file = { isTTY: false, write: (text: string) => written.push(text) };
  showReading(new ProgressLine(file), () => 0)(1, 2);
  expect(written).toHaveLength(3);
});
