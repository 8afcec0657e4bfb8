import { describe, expect, test } from 'vitest';
import type { ClusterState } from '../../../server/http/live/cluster-state.ts';
import { describeFacts } from '../../../server/page/cluster-facts.ts';
import { SpeedMeter } from '../../../server/page/speed-meter.ts';

function state(values: Partial<ClusterState> = {}): ClusterState {
  return {
    now: '2024-01-01T00:00:00.000Z',
    seed: 1,
    speed: 60,
    serverVersion: 'documented',
    accessControl: false,
    workload: { rate: 1, pausedFor: null },
    disk: { usedBytes: 1_048_576, limitBytes: 10_485_760 },
    groups: {},
    nodes: [],
    ...values,
  };
}

describe('the head of the page', () => {
  test('says how things stand where all is well', () => {
    const facts = describeFacts(state(), 59);
    expect(Object.values(facts).filter(({ isTrouble }) => isTrouble)).toEqual([]);
    expect(facts['speed']?.text).toBe('60× real time');
    expect(facts['version']?.text).toBe('the documented server');
  });

  test.each([
    ['speed', state(), 12.4, 'reaches 12× of 60× real time'],
    ['speed', state(), 0, 'reaches 0× of 60× real time'],
    [
      'workload',
      state({ workload: { rate: 1, pausedFor: 'the data folder holds 2147483648 bytes' } }),
      60,
      'paused: the data folder holds 2,147,483,648 bytes',
    ],
    ['disk', state({ disk: { usedBytes: 10_485_760, limitBytes: 10_485_760 } }), 60, 'full: 10.0 MiB of 10.0 MiB'],
    ['disk', state({ disk: { usedBytes: 9_990_000, limitBytes: 10_485_760 } }), 60, 'nearly full: 9.5 MiB of 10.0 MiB'],
  ] as const)('raises an alarm about %s', (name, values, reached, text) => {
    expect(describeFacts(values, reached)[name]).toEqual({ text, isTrouble: true });
  });

  test('does not know a speed before it has looked for a while, and does not call a standstill slow', () => {
    expect(describeFacts(state(), null)['speed']).toEqual({ text: '60× real time', isTrouble: false });
    expect(describeFacts(state({ speed: 0 }), 0)['speed']).toEqual({ text: 'stands still', isTrouble: false });
  });
});

describe('the speed that is really reached', () => {
  const told = (samples: ReadonlyArray<readonly [virtualMs: number, realMs: number]>): SpeedMeter => {
    const meter = new SpeedMeter();
    for (const [virtualMs, realMs] of samples) meter.note(virtualMs, realMs);
    return meter;
  };

  test('is what has passed of the one time over the other, and unknown at first', () => {
    const meter = told([
      [0, 0],
      [60_000, 1000],
    ]);
    expect(meter.speedAt(1000)).toBeNull();
    meter.note(240_000, 4000);
    expect(meter.speedAt(4000)).toBe(60);
  });

  test('falls while the clock says nothing', () => {
    const meter = told([
      [0, 0],
      [240_000, 4000],
    ]);
    expect(meter.speedAt(8000)).toBe(30);
  });

  test('is that of the last ten seconds', () => {
    const meter = new SpeedMeter();
    for (let second = 0; second <= 60; second++) meter.note(Math.min(second, 30) * 60_000, second * 1000);
    expect(meter.speedAt(60_000)).toBe(0);
  });

  test('begins anew where time goes back', () => {
    const meter = told([
      [500_000, 0],
      [0, 4000],
    ]);
    expect(meter.speedAt(5000)).toBeNull();
  });
});
