import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VirtualClock, type Timer } from '../../../server/time-and-chance/clock.ts';

const START_MS = 1_000;

describe('the order of calls', () => {
  test('what is planned for one instant runs in the order in which it was planned', () => {
    const clock = new VirtualClock(START_MS);
    const ran: number[] = [];
    for (let call = 0; call < 100; call++) clock.at(START_MS + 10, () => ran.push(call));
    clock.runUntil(START_MS + 10);
    expect(ran).toEqual(Array.from({ length: 100 }, (_, call) => call));
  });

  test('an earlier instant runs first, whenever it was planned', () => {
    const clock = new VirtualClock(START_MS);
    const ran: string[] = [];
    clock.after(20, () => ran.push('late'));
    clock.after(10, () => ran.push('early'));
    clock.runUntil(START_MS + 30);
    expect(ran).toEqual(['early', 'late']);
  });

  test('a call planned for the past runs now, behind all that is planned for now already', () => {
    const clock = new VirtualClock(START_MS);
    const ran: string[] = [];
    clock.after(0, () => ran.push('planned for now'));
    const timer = clock.at(START_MS - 500, () => ran.push(`planned for the past, at ${clock.nowMs}`));
    expect(timer.atMs).toBe(START_MS);
    clock.runUntil(START_MS);
    expect(ran).toEqual(['planned for now', `planned for the past, at ${START_MS}`]);
  });

  test('each call sees the instant for which it was planned', () => {
    const clock = new VirtualClock(START_MS);
    const seen: number[] = [];
    for (const delayMs of [30, 10, 20]) clock.after(delayMs, () => seen.push(clock.nowMs));
    clock.runUntil(START_MS + 100);
    expect(seen).toEqual([START_MS + 10, START_MS + 20, START_MS + 30]);
    expect(clock.nowMs).toBe(START_MS + 100);
  });
});

describe('planning from inside a call', () => {
  test('a call may plan for the same instant, which still belongs to this run', () => {
    const clock = new VirtualClock(START_MS);
    const ran: string[] = [];
    clock.after(5, () => {
      ran.push('first');
      clock.after(0, () => ran.push('planned by the first'));
    });
    clock.after(5, () => ran.push('second'));
    clock.runUntil(START_MS + 5);
    expect(ran).toEqual(['first', 'second', 'planned by the first']);
  });

  test('a call that plans itself anew ticks as often as the time allows', () => {
    const clock = new VirtualClock(START_MS);
    const ticks: number[] = [];
    const tick = (): void => {
      ticks.push(clock.nowMs - START_MS);
      clock.after(100, tick);
    };
    clock.after(100, tick);
    clock.runUntil(START_MS + 350);
    expect(ticks).toEqual([100, 200, 300]);
    clock.runUntil(START_MS + 400);
    expect(ticks).toEqual([100, 200, 300, 400]);
  });

  test('a call that fails is not run again, and the others still are', () => {
    const clock = new VirtualClock(START_MS);
    const ran: string[] = [];
    clock.after(1, () => {
      throw new Error('trouble');
    });
    clock.after(1, () => ran.push('next'));
    expect(() => clock.runUntil(START_MS + 1)).toThrow('trouble');
    expect(clock.runUntil(START_MS + 1)).toBe(true);
    expect(ran).toEqual(['next']);
  });
});

describe('cancelling', () => {
  test('a cancelled call never happens, its neighbours do', () => {
    const clock = new VirtualClock(START_MS);
    const ran: string[] = [];
    clock.after(5, () => ran.push('before'));
    const timer = clock.after(5, () => ran.push('cancelled'));
    clock.after(5, () => ran.push('behind'));
    timer.cancel();
    timer.cancel();
    clock.runUntil(START_MS + 5);
    expect(ran).toEqual(['before', 'behind']);
  });

  test('a call may cancel one of the same instant', () => {
    const clock = new VirtualClock(START_MS);
    const ran: string[] = [];
    const timers: Timer[] = [];
    clock.after(5, () => timers[0]?.cancel());
    timers.push(clock.after(5, () => ran.push('cancelled')));
    clock.runUntil(START_MS + 5);
    expect(ran).toEqual([]);
  });

  test('cancelling a call that has run changes nothing', () => {
    const clock = new VirtualClock(START_MS);
    const ran: string[] = [];
    const timer = clock.after(5, () => ran.push('ran'));
    clock.runUntil(START_MS + 5);
    timer.cancel();
    clock.after(1, () => ran.push('later'));
    clock.runUntil(START_MS + 10);
    expect(ran).toEqual(['ran', 'later']);
  });
});

describe('running with a limit', () => {
  test('it stops at the limit, stays at the instant of the last call, and goes on from there', () => {
    const clock = new VirtualClock(START_MS);
    const ran: number[] = [];
    for (let delayMs = 1; delayMs <= 5; delayMs++) clock.after(delayMs, () => ran.push(delayMs));
    expect(clock.runUntil(START_MS + 10, 2)).toBe(false);
    expect([ran, clock.nowMs]).toEqual([[1, 2], START_MS + 2]);
    expect(clock.runUntil(START_MS + 10, 2)).toBe(false);
    expect([ran, clock.nowMs]).toEqual([[1, 2, 3, 4], START_MS + 4]);
    expect(clock.runUntil(START_MS + 10, 2)).toBe(true);
    expect([ran, clock.nowMs]).toEqual([[1, 2, 3, 4, 5], START_MS + 10]);
  });

  // It said "calls are left" whenever the limit was used up, and with a limit of 0 it never came to an end.
  test('it has reached the time when the limit was just enough, and when nothing is due', () => {
    const clock = new VirtualClock(START_MS);
    clock.after(1, () => {});
    clock.after(2, () => {}).cancel();
    expect(clock.runUntil(START_MS + 10, 1)).toBe(true);
    expect(clock.nowMs).toBe(START_MS + 10);
    expect(clock.runUntil(START_MS + 20, 0)).toBe(true);
    expect(clock.nowMs).toBe(START_MS + 20);
  });

  test('an endless chain at one instant is cut by the limit, and no time passes', () => {
    const clock = new VirtualClock(START_MS);
    const again = (): void => void clock.after(0, again);
    again();
    expect(clock.runUntil(START_MS + 1, 1000)).toBe(false);
    expect(clock.nowMs).toBe(START_MS);
  });
});

test('the clock never goes back', () => {
  const clock = new VirtualClock(START_MS);
  clock.runUntil(START_MS + 50);
  expect(clock.runUntil(START_MS)).toBe(true);
  expect(clock.nowMs).toBe(START_MS + 50);
});

/** The clock as one would write it in a minute: an array, sorted before each call. */
class SimpleClock {
  nowMs = START_MS;
  #planned: Array<{ readonly atMs: number; readonly order: number; readonly run: () => void }> = [];
  #order = 0;

  at(atMs: number, run: () => void): Timer {
    const due = { atMs: Math.max(atMs, this.nowMs), order: this.#order++, run };
    this.#planned.push(due);
    const cancel = (): void => {
      this.#planned = this.#planned.filter((one) => one !== due);
    };
    return { atMs: due.atMs, cancel };
  }

  runUntil(untilMs: number, maxCalls: number): boolean {
    for (let calls = 0; ; calls++) {
      this.#planned.sort((one, other) => one.atMs - other.atMs || one.order - other.order);
      const [next] = this.#planned;
      if (next === undefined || next.atMs > untilMs) break;
      if (calls === maxCalls) return false;
      this.#planned.shift();
      this.nowMs = next.atMs;
      next.run();
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
    return true;
  }
}

type Step =
  | { readonly do: 'plan'; readonly delayMs: number; readonly thenDelayMs: number | null }
  | { readonly do: 'cancel'; readonly which: number }
  | { readonly do: 'run'; readonly forMs: number; readonly maxCalls: number };

/** What is seen from outside while the steps are taken. */
function story(clock: SimpleClock | VirtualClock, steps: readonly Step[]): string[] {
  const seen: string[] = [];
  const timers: Timer[] = [];
  for (const [name, step] of steps.entries()) {
    if (step.do === 'run') {
      seen.push(`${clock.runUntil(clock.nowMs + step.forMs, step.maxCalls)} at ${clock.nowMs}`);
    } else if (step.do === 'cancel') {
      timers[step.which % Math.max(timers.length, 1)]?.cancel();
    } else {
      const run = (): void => {
        seen.push(`${name} at ${clock.nowMs}`);
        if (step.thenDelayMs === null) return;
        timers.push(clock.at(clock.nowMs + step.thenDelayMs, () => seen.push(`behind ${name} at ${clock.nowMs}`)));
      };
      timers.push(clock.at(clock.nowMs + step.delayMs, run));
    }
  }
  return seen;
}

test('it tells the same story as a sorted array, whatever is planned, cancelled and run', () => {
  const delayMs = fc.integer({ min: -3, max: 12 });
  const steps = fc.array(
    fc.oneof(
      fc.record({ do: fc.constant('plan' as const), delayMs, thenDelayMs: fc.option(delayMs) }),
      fc.record({ do: fc.constant('cancel' as const), which: fc.nat(50) }),
      fc.record({ do: fc.constant('run' as const), forMs: delayMs, maxCalls: fc.integer({ min: 0, max: 10 }) }),
    ),
    { maxLength: 80, size: 'max' },
  );
  fc.assert(
    fc.property(steps, (taken) => {
      expect(story(new VirtualClock(START_MS), taken)).toEqual(story(new SimpleClock(), taken));
    }),
    { numRuns: 500 },
  );
});
