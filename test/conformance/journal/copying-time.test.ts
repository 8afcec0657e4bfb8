import { describe, expect, test } from 'vitest';
import type { Copying } from '../../../conformance/journal/evidence.ts';
import { copiedByMs, describeCopying, wasCopiedBefore } from '../../../conformance/journal/inference/copying-time.ts';
import { firstMs, request } from '../../support/evidence.ts';

function copying(values: Partial<Copying> = {}): Copying {
  return { place: 1, tookMs: 61_000, afterMs: 61_100, shownBy: { kind: 'end' }, seenAtRequest: null, ...values };
}

describe('the time of copying', () => {
  test('is that of the answer where nothing of it was copied, and later by what the run took else', () => {
    expect(copiedByMs(request({ atMs: firstMs }))).toBe(firstMs);
    expect(copiedByMs(request({ atMs: firstMs, copying: copying() }))).toBe(firstMs + 61_100);
  });

  test('is compared by the order of copying, not by that of the answers', () => {
    const events = request({ ordinal: 2, copying: copying({ place: 2 }) });
    const log = request({ ordinal: 3, copying: copying({ place: 1 }) });
    expect([wasCopiedBefore(events, log), wasCopiedBefore(log, events)]).toEqual([false, true]);
  });

  test('comes before an empty list that was asked for when the copies lay there', () => {
    const events = request({ ordinal: 2, copying: copying({ seenAtRequest: 3 }) });
    expect(wasCopiedBefore(events, request({ ordinal: 3 }))).toBe(true);
    expect(wasCopiedBefore(events, request({ ordinal: 2 }))).toBe(false);
    expect(wasCopiedBefore(request({ ordinal: 2 }), request({ ordinal: 3 }))).toBe(false);
  });

  test.each([
    [{ kind: 'file', name: 'a.events', folder: 'TMPDIR' }, 5, 'known by a.events in TMPDIR when request 5 came in'],
    [{ kind: 'growth', folder: 'BACKUP_DIR' }, null, 'known by what BACKUP_DIR had grown by when the run had ended'],
    [{ kind: 'reading' }, null, "known by the order in which the server's files were read"],
    [{ kind: 'end' }, null, 'which has to be done by the end of the run'],
  ] as const)('is told with what shows it: %j', (shownBy, seenAtRequest, text) => {
    expect(describeCopying(copying({ shownBy, seenAtRequest }))).toBe(`1m 01s of copying, ${text}`);
  });
});
