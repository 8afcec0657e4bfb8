import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BenchReport } from './bench.ts';
import { benches } from './catalog.ts';
import { createFigure } from './figure.ts';
import { describeMachine } from './machine.ts';
import { inTurn } from './measure.ts';
import { formatFigure, formatPerformancePage } from './performance-page.ts';

const docs = path.resolve(import.meta.dirname, '../../docs');
const report = JSON.parse(fs.readFileSync(path.join(docs, 'performance.json'), 'utf8')) as BenchReport;

// `npm run docs` is this very test, told to write what it finds.
test('docs/performance.md is what docs/performance.json gives; where it is not, `npm run docs` writes it', async () => {
  const page = formatPerformancePage(report);
  await expect(page, 'docs/performance.md is not current: npm run docs').toMatchFileSnapshot(
    path.join(docs, 'performance.md'),
  );
});

test('what was measured is all that the bench measures, under the words that it has for it now', () => {
  const words = ({ name, title, about }: BenchReport['benches'][number]): object => ({ name, title, about });
  expect(report.benches.map(words)).toEqual(benches.map(({ name, title, about }) => ({ name, title, about })));
});

describe('a machine', () => {
  test('is described without a name of its own, and without a path', () => {
    const fields = ['cores', 'load', 'memoryGiB', 'node', 'processor', 'system'];
    expect(Object.keys(report.machine).toSorted()).toEqual(fields);
    expect(Object.keys(describeMachine(0)).toSorted()).toEqual(fields);
    expect(JSON.stringify(report)).not.toMatch(/(?<![\w.])\/(tmp|home|root|work|dev|Users)\b/);
  });
});

describe('a figure', () => {
  const measured = { name: 'this', values: [2, 30, 4] };
  const baseline = { name: 'that', values: [1, 10, 2] };
  const atMost = { bound: 'at most', limit: 2 } as const;

  test('is the median, and its ratio that of the two within a run: a run on a slow machine says the same', () => {
    const figure = createFigure({ what: 'x', unit: 'ms', measured, baseline, promised: { of: 'ratio', ...atMost } });
    expect(figure.measured).toEqual({ name: 'this', unit: 'ms', median: 4, lowest: 2, highest: 30 });
    expect(figure.ratio).toEqual({ median: 2, lowest: 2, highest: 3 });
    expect(figure.isKept).toBe(true);
    expect(formatFigure(figure)).toBe(
      'kept    x: 4 ms (2–30); that 2 ms (1–10); ratio 2 (2–3) (promised: ratio 2 at most); 3 runs',
    );
  });

  test('breaks a promise of its value or of its ratio, whichever was made', () => {
    const broken = createFigure({ what: 'x', unit: 'ms', measured, baseline, promised: { of: 'value', ...atMost } });
    expect([broken.isKept, formatFigure(broken).slice(0, 6)]).toEqual([false, 'BROKEN']);
    const least = { of: 'ratio', bound: 'at least', limit: 2.1 } as const;
    expect(createFigure({ what: 'x', unit: 'ms', measured, baseline, promised: least }).isKept).toBe(false);
  });

  test('refuses runs without their baseline', () => {
    const lacking = { name: 'that', values: [1] };
    expect(() => createFigure({ what: 'x', unit: 'ms', measured, baseline: lacking })).toThrow('x: 3 runs beside 1');
  });
});

test('things are measured in turn, every other time in the opposite order, and the first runs do not count', async () => {
  const order: string[] = [];
  let value = 0;
  const measure = (name: string) => async (): Promise<number> => {
    order.push(name);
    return value++;
  };
  const values = await inTurn([measure('a'), measure('b')], { runs: 2, warmUp: 1 });
  expect(order).toEqual(['b', 'a', 'a', 'b', 'b', 'a']);
  expect(values).toEqual([
    [2, 5],
    [3, 4],
  ]);
});
