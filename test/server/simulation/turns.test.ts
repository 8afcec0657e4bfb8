import { describe, expect, onTestFinished, test } from 'vitest';
import { resolveOptions } from '../../../server/config.ts';
import { EPOCH_MS, Simulation } from '../../../server/simulation/simulation.ts';
import { DataDir } from '../../../server/stores/data-dir.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const host = {
  yieldTurn: () => new Promise<void>((resolve) => setImmediate(resolve)),
  waitMs: async (): Promise<void> => undefined,
};

/** A busy cluster: a hundred days of it are minutes of work. */
async function busySimulation(): Promise<Simulation> {
  const options = resolveOptions({ nodes: 1, rate: 1, speed: 0, maxDiskBytes: 30 << 20 }, null);
  const simulation = await Simulation.open(new DataDir(temporaryFolder()), options, host, EPOCH_MS, null);
  // One that a test has closed already says so.
  onTestFinished(() => simulation.close().catch(() => undefined));
  return simulation;
}

/** Whether a promise is settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  const first = await Promise.race([promise.catch(() => undefined), Promise.resolve(pending)]);
  return first !== pending;
}

describe('time that passes for whoever waits for an answer', () => {
  // It was one change like any other, so that everything that came later waited for all of it.
  test('lets each change have its turn in between, however many wait', async () => {
    const simulation = await busySimulation();
    const leaving = new AbortController();
    const waiting = Array.from({ length: 30 }, () => simulation.letPass(100 * DAY_MS, leaving.signal));
    await host.yieldTurn();
    await simulation.append('default', { transactions: 1, eventsPerTransaction: 1, payloadBytes: 10, type: 'EVENT' });
    await simulation.roll('default', 'EVENT');
    expect(await isSettled(Promise.any(waiting))).toBe(false);
    leaving.abort();
    await Promise.all(waiting);
    expect(simulation.nowMs - EPOCH_MS).toBeLessThan(30 * 100 * DAY_MS);
  });

  test('passes as a whole where nobody comes in between, for one after the other', async () => {
    const simulation = await busySimulation();
    const { signal } = new AbortController();
    await Promise.all([simulation.letPass(5000, signal), simulation.letPass(1000, signal)]);
    expect(simulation.nowMs).toBe(EPOCH_MS + 6000);
  });

  test('passes no more once the simulation closes or begins anew', async () => {
    const simulation = await busySimulation();
    const waiting = simulation.letPass(100 * DAY_MS, simulation.life);
    await host.yieldTurn();
    await simulation.reset();
    await waiting;
    expect(simulation.nowMs).toBe(EPOCH_MS);
    const ended = expect(simulation.letPass(100 * DAY_MS, simulation.life)).rejects.toThrow('is shutting down');
    await host.yieldTurn();
    await simulation.close();
    await ended;
  });
});
