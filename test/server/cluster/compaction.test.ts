import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CLEANING_INTERVAL_MS,
  LOG_RETENTION_MS,
  segmentsToClean,
  type CleaningCandidate,
} from '../../../server/cluster/member/compaction.ts';

const nowMs = Date.UTC(2024, 0, 1, 12);
const HOUR_MS = 60 * 60 * 1000;

/** Closed segments of ten entries each, last written long ago unless told otherwise. */
function segment(firstIndex: number, ageMs = 24 * HOUR_MS): CleaningCandidate {
  return { firstIndex, modifiedAtMs: nowMs - ageMs };
}

function cleaned(closed: readonly CleaningCandidate[], appliedIndex: number, retentionMs = HOUR_MS): number[] {
  return segmentsToClean(closed, appliedIndex, nowMs, retentionMs).map(({ firstIndex }) => firstIndex);
}

describe('which log segments a cleaning deletes', () => {
  test('cleaning runs hourly and keeps an hour, as the server does unless it is configured', () => {
    expect([CLEANING_INTERVAL_MS, LOG_RETENTION_MS]).toEqual([HOUR_MS, HOUR_MS]);
  });

  test('where nothing is closed nothing is deleted', () => {
    expect(cleaned([], 500)).toEqual([]);
  });

  test.each([
    [0, []],
    [10, []],
    [11, [1]],
    [20, [1]],
    [21, [1, 11]],
    [30, [1, 11]],
    // Applied far into the open segment: the newest closed one stays all the same.
    [500, [1, 11]],
  ])('with entry %i applied, what lies below the segment that holds it goes', (appliedIndex, expected) => {
    expect(cleaned([segment(1), segment(11), segment(21)], appliedIndex)).toEqual(expected);
  });

  test('a log that begins behind the applied index is left alone', () => {
    expect(cleaned([segment(101), segment(111)], 50)).toEqual([]);
  });

  test.each([
    [HOUR_MS + 1, [1]],
    [HOUR_MS, [1]],
    [HOUR_MS - 1, []],
  ])('last written %i ms ago, with an hour to keep', (ageMs, expected) => {
    expect(cleaned([segment(1, ageMs), segment(11)], 20)).toEqual(expected);
  });

  test('with nothing to keep, what was written just now goes too', () => {
    expect(cleaned([segment(1, 0), segment(11, 0)], 20, 0)).toEqual([1]);
  });

  test('a file from the future, as a restore can leave it, stays', () => {
    expect(cleaned([segment(1, -1), segment(11)], 20, 0)).toEqual([]);
  });

  test('each segment is judged by its own time, so a fresh copy of an old one stays while the next one goes', () => {
    expect(cleaned([segment(1, 0), segment(11), segment(21)], 30)).toEqual([11]);
  });

  test('what is deleted was applied, was old enough, and is not deleted again', () => {
    const closed = fc
      .array(fc.record({ length: fc.integer({ min: 1, max: 9 }), ageMs: fc.integer({ min: -5, max: 5 }) }))
      .map((segments) => {
        let firstIndex = 1;
        return segments.map(({ length, ageMs }) => {
          const candidate = segment(firstIndex, ageMs);
          firstIndex += length;
          return candidate;
        });
      });
    fc.assert(
      fc.property(closed, fc.nat(60), fc.integer({ min: -3, max: 3 }), (segments, appliedIndex, retentionMs) => {
        const gone = segmentsToClean(segments, appliedIndex, nowMs, retentionMs);
        const left = segments.filter((candidate) => !gone.includes(candidate));
        for (const { firstIndex, modifiedAtMs } of gone) {
          const next = segments.find((other) => other.firstIndex > firstIndex);
          expect(next?.firstIndex).toBeLessThanOrEqual(appliedIndex);
          expect(modifiedAtMs).toBeLessThanOrEqual(nowMs - retentionMs);
        }
        expect(segmentsToClean(left, appliedIndex, nowMs, retentionMs)).toEqual([]);
      }),
    );
  });
});
