import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { timePiecesOf } from '../../../timeline/model/time-pieces.ts';
import { dayMs, hourMs, minuteMs, secondMs, timelineJournal, timelineRun } from '../../support/timelines.ts';

describe('the pieces of the axis', () => {
  test('without runs all time is at one scale', () => {
    expect(timePiecesOf(timelineJournal())).toEqual([{ fromMs: dayMs, toMs: dayMs + hourMs, runs: [], share: 1 }]);
  });

  test('a short run gets more of the width than the hours around it', () => {
    const startMs = dayMs + 30 * minuteMs;
    const pieces = timePiecesOf(timelineJournal({ runs: [timelineRun({ startMs, endMs: startMs + secondMs })] }));
    expect(pieces.map(({ runs }) => runs)).toEqual([[], [1], []]);
    expect(pieces[1]?.share).toBeGreaterThan(0.5);
  });

  test('a run that takes most of the time anyway is at the same scale as the rest', () => {
    const runs = [timelineRun({ startMs: dayMs, endMs: dayMs + 40 * minuteMs })];
    expect(timePiecesOf(timelineJournal({ runs }))).toHaveLength(1);
  });

  test('runs side by side share a piece', () => {
    const startMs = dayMs + 30 * minuteMs;
    const runs = [
      timelineRun({ run: 1, startMs, endMs: startMs + 10 * secondMs }),
      timelineRun({ run: 2, startMs: startMs + 5 * secondMs, endMs: startMs + 15 * secondMs }),
    ];
    expect(timePiecesOf(timelineJournal({ runs })).map((piece) => piece.runs)).toEqual([[], [1, 2], []]);
  });

  test('they cover the picture without a gap, each with a width, in all widths together', () => {
    const run = fc
      .tuple(fc.integer({ min: -minuteMs, max: 2 * hourMs }), fc.integer({ min: 0, max: hourMs }))
      .map(([start, length]) => timelineRun({ startMs: dayMs + start, endMs: dayMs + start + length }));
    fc.assert(
      fc.property(fc.array(run, { maxLength: 12 }), fc.integer({ min: 0, max: 2 * hourMs }), (runs, lengthMs) => {
        const pieces = timePiecesOf(timelineJournal({ runs, toMs: dayMs + lengthMs }));
        expect(pieces[0]?.fromMs).toBe(dayMs);
        expect(pieces.at(-1)?.toMs).toBe(dayMs + Math.max(1000, lengthMs));
        for (const [place, piece] of pieces.entries()) {
          expect(piece.toMs).toBeGreaterThan(piece.fromMs);
          expect(piece.share).toBeGreaterThan(0);
          if (place > 0) expect(piece.fromMs).toBe(pieces[place - 1]?.toMs);
        }
        expect(pieces.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
      }),
    );
  });
});
