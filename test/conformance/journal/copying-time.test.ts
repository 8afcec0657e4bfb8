import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { copiedByMs, copiedByTimesOf } from '../../../conformance/journal/copying-time.ts';
import { evidence, firstMs, listedFile, logListing, logName, run } from '../../support/evidence.ts';

const sketch = fc.record({ waitMs: fc.integer({ min: 0, max: 5000 }), sizeBytes: fc.integer({ min: 0, max: 9000 }) });

test('the times of all requests together are those of each alone', () => {
  fc.assert(
    fc.property(fc.array(fc.array(sketch, { maxLength: 8 }), { maxLength: 3 }), (runs) => {
      let atMs = firstMs;
      const all = evidence({
        runs: runs.map((sketches, place) => {
          const startMs = atMs;
          const requests = sketches.map(({ waitMs, sizeBytes }) => {
            atMs += waitMs;
            return logListing('default', [listedFile(logName(1), { sizeBytes })], { atMs });
          });
          atMs += 1000;
          return run({ run: place + 1, startMs, endMs: atMs, requests });
        }),
      });
      const times = copiedByTimesOf(all);
      for (const each of all.runs) {
        for (const request of each.requests) {
          expect(times.get(request.ordinal)).toBe(copiedByMs(all, each, request));
        }
      }
    }),
  );
});
