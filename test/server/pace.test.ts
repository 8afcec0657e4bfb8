import { describe, expect, test } from 'vitest';
import { Pace, PACE_MS } from '../../server/start/pace.ts';

/** A machine on which each virtual millisecond takes so many real ones; its time is moved by work and by waiting alone. */
function startMachine(speed: number, costMs: number) {
  const machine = { nowMs: 0, virtualMs: 0, pieces: [] as number[], waits: 0 };
  const pace = new Pace({
    speed,
    advance: async (byMs) => {
      machine.virtualMs += byMs;
      machine.nowMs += byMs * costMs;
      machine.pieces.push(byMs * costMs);
    },
    nowMs: () => machine.nowMs,
    waitMs: async (milliseconds) => {
      machine.nowMs += milliseconds;
      machine.waits++;
    },
  });
  /** The timer of the host: it fires when it is due, or as soon as the work lets it. */
  const live = async (realMs: number): Promise<void> => {
    for (let dueMs = PACE_MS; dueMs <= realMs; dueMs += PACE_MS) {
      machine.nowMs = Math.max(machine.nowMs, dueMs);
      if (machine.nowMs <= realMs) await pace.follow();
    }
  };
  return { machine, pace, live };
}

describe('virtual time that follows the real one', () => {
  test('keeps what was asked for where the machine can', async () => {
    const { machine: fast, live } = startMachine(600, 0.001);
    await live(10_000);
    expect(fast.virtualMs).toBeGreaterThan(0.98 * 600 * 10_000);
    expect(fast.virtualMs).toBeLessThanOrEqual(600 * 10_000);
  });

  test('goes on in even steps where it cannot: what is owed is not made up for, so no step grows with it', async () => {
    const { machine: slow, live } = startMachine(600, 0.01);
    await live(60_000);
    // All that the machine can do is 100 virtual milliseconds for each real one.
    expect(slow.virtualMs / slow.nowMs).toBeGreaterThan(80);
    expect(Math.max(...slow.pieces)).toBeLessThanOrEqual(200);
    expect(slow.waits).toBeGreaterThan(0.9 * slow.pieces.length);
  });

  test('a machine that is held up once finds its step again', async () => {
    const { machine: held, live } = startMachine(600, 0.001);
    await live(1000);
    held.nowMs += 5000;
    await live(20_000);
    expect(Math.max(...held.pieces)).toBeLessThanOrEqual(200);
  });

  test('nothing new begins once it is stopped', async () => {
    const { machine: stopped, pace, live } = startMachine(1, 0.001);
    await live(1000);
    const before = stopped.virtualMs;
    pace.stop();
    await live(2000);
    expect([before, stopped.virtualMs]).toEqual([1000, 1000]);
  });
});

test('a second call while the first is at work does nothing, and one after a failure tries again', async () => {
  let nowMs = 0;
  let calls = 0;
  let release = (): void => undefined;
  const pace = new Pace({
    speed: 1,
    advance: () => {
      calls++;
      if (calls === 1) return new Promise((resolve) => (release = resolve));
      if (calls === 2) return Promise.reject(new Error('the disk is full'));
      return Promise.resolve();
    },
    nowMs: () => nowMs,
    waitMs: () => Promise.resolve(),
  });
  nowMs = 100;
  const first = pace.follow();
  await pace.follow();
  expect(calls).toBe(1);
  release();
  await first;
  nowMs = 200;
  await expect(pace.follow()).rejects.toThrow('the disk is full');
  nowMs = 300;
  await pace.follow();
  expect(calls).toBe(3);
});
