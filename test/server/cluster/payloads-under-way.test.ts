import { expect, test } from 'vitest';
import { PayloadsUnderWay } from '../../../server/cluster/group/payloads-under-way.ts';
import type { LogPayload } from '../../../server/cluster/terms/log-payload.ts';

const payload: LogPayload = { kind: 'none' };

function keeping(...indexes: readonly number[]): PayloadsUnderWay {
  const payloads = new PayloadsUnderWay();
  for (const index of indexes) payloads.keep(index, payload);
  return payloads;
}

test('what everybody has applied is forgotten, and what comes behind it is kept', () => {
  const payloads = keeping(3, 4, 5);
  payloads.forget(4, 4);
  expect([3, 4, 5].map((index) => payloads.at(index))).toEqual([null, null, payload]);
});

test('what lies too far behind is forgotten, though somebody has yet to apply it', () => {
  const payloads = keeping(1, 10_000);
  payloads.forget(0, 10_000);
  expect([1, 10_000].map((index) => payloads.at(index))).toEqual([null, payload]);
});

test('an applied index beyond all logs takes no longer than another', () => {
  // Out of a control database with an altered row: each number up to it was counted.
  const payloads = keeping(1, 2);
  payloads.forget(Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER - 1);
  expect([1, 2].map((index) => payloads.at(index))).toEqual([null, null]);
});
