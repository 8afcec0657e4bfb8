import { expect, test } from 'vitest';
import { PlayingLine } from '../../../conformance/commands/playing-line.ts';

function terminal(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 40, written, write: (text: string) => written.push(text) };
}

test('a terminal shows what is being played and for how long, on a line that makes way', () => {
  let nowMs = 0;
  const screen = terminal(true);
  const line = new PlayingLine(screen, () => nowMs, true);
  line.begin('order/large-store');
  nowMs = 3200;
  line.refresh();
  expect(screen.written.at(-1)).toBe('\r\u001B[2Kplaying order/large-store 3s');
  line.begin('growth/thousand-files');
  expect(screen.written.at(-1)?.length).toBeLessThanOrEqual(40 + '\r\u001B[2K'.length);
  line.end('order/large-store', '1/2  ✓ pass');
  expect(screen.written.slice(-3)).toEqual([
    '\r\u001B[2K',
    '1/2  ✓ pass\n',
    '\r\u001B[2Kplaying growth/thousand-files 0s',
  ]);
});

test('a pipe gets the lines that stay, and nothing else', () => {
  const pipe = terminal(false);
  const line = new PlayingLine(pipe, () => 0, true);
  line.begin('a');
  line.refresh();
  line.end('a', '1/1  ✓ pass');
  line.clear();
  expect(pipe.written).toEqual(['1/1  ✓ pass\n']);
});
