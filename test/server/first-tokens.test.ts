import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../server/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const first = 9_007_199_254_740_991n;

async function start(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator({
    port: 0,
    nodes: 2,
    speed: 0,
    rate: 0,
    segmentSizeBytes: 4096,
    contexts: ['default', 'orders'],
    firstTokens: { orders: String(first) },
    ...options,
  });
  onTestFinished(() => simulator.close());
  return simulator;
}

/* Real stores have tokens beyond what 32 bits, or a floating-point number, hold; here every store began at 0. */
describe('a store that begins at a token of its own', () => {
  test('names its segments by tokens from there on, on every node, and other contexts begin at 0', async () => {
    const simulator = await start();
    expect(await simulator.control.append('orders', { transactions: 40 })).toEqual({
      firstToken: first,
      lastToken: first + 39n,
    });
    await simulator.clock.advance(5000);
    for (const { eventsDir } of simulator.nodes) {
      expect(fs.readdirSync(path.join(eventsDir, 'orders'))).toContain(`0000${first}.events`);
      expect(fs.readdirSync(path.join(eventsDir, 'default'))).toContain('00000000000000000000.events');
    }
    const { firstToken, atMs: _atMs, ...rest } = simulator.ledger.of('orders', 'EVENT').at(39);
    expect([firstToken, rest.eventCount]).toEqual([first + 39n, 1]);
  });

  test('is told of with all its digits, by the server and by the control API', async () => {
    const simulator = await start();
    const [{ url } = { url: '' }] = simulator.nodes;
    const append = { method: 'POST', body: '{"transactions":40}' };
    const appended = await (await fetch(`${url}/_sim/contexts/orders/append`, append)).text();
    expect(appended).toContain(`"firstToken":${first},"lastToken":${first + 39n}`);
    await simulator.clock.advance(5000);
    const state = await (await fetch(`${url}/_sim/state`)).text();
    expect(state).toContain(`"nextToken":${first + 40n}`);
    const listing = await (await fetch(`${url}/v1/backup/eventstore?type=EVENT&targetContext=orders`)).text();
    const last = /"lastClosedSegment":(?<digits>\d+)/.exec(listing)?.groups?.['digits'] ?? '';
    expect(listing).toContain(`0000${last}.events`);
    const above = `type=EVENT&targetContext=orders&lastClosedSegmentBackedUp=${last}`;
    expect(await (await fetch(`${url}/v1/backup/eventstore?${above}`)).text()).not.toContain(`0000${last}.events`);
  });

  test('goes on where it was when it is started again', async () => {
    const dataDir = path.join(temporaryFolder(), 'data');
    const before = await start({ dataDir });
    await before.control.append('orders', { transactions: 10 });
    await before.close();
    const after = await start({ dataDir });
    expect(await after.control.append('orders')).toMatchObject({ firstToken: first + 10n });
  });
});
