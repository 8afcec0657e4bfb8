import { describe, expect, onTestFinished, test } from 'vitest';
import { startSimulator, type MemberState, type Simulator } from '../../server/index.ts';

async function start(): Promise<Simulator> {
  const simulator = await startSimulator({ port: 0, speed: 0, rate: 0, logSegmentSizeBytes: 4096 });
  onTestFinished(() => simulator.close());
  await simulator.control.append('default', { transactions: 10 });
  return simulator;
}

/** A node that does not lead, and how it stands. */
function follower(simulator: Simulator): {
  readonly name: string;
  readonly url: string;
  readonly group: () => MemberState;
} {
  const state = () => simulator.state().nodes;
  const found = state().find(({ groups }) => groups['default']?.isLeader === false);
  if (found === undefined) throw new Error('every node leads');
  const group = (): MemberState => {
    const member = state().find(({ name }) => name === found.name)?.groups['default'];
    if (member === undefined) throw new Error('it takes no part');
    return member;
  };
  return { name: found.name, url: found.url ?? '', group };
}

/* A server writes its log ahead of its event store, sometimes for long; here both had always gone together. */
describe('a node that applies nothing for a while', () => {
  test('goes on with its log, which no cleaning takes, and catches up when the time is over', async () => {
    const simulator = await start();
    const { name, group } = follower(simulator);
    await simulator.clock.advance(2000);
    const { appliedIndex } = group();
    await simulator.control.stallApply(name, 3 * 3_600_000);
    await simulator.control.append('default', { transactions: 100 });
    await simulator.clock.advance(2 * 3_600_000);
    expect(group()).toMatchObject({ appliedIndex, commitIndex: appliedIndex + 100, applyError: null });
    expect(group().firstIndex).toBeLessThanOrEqual(appliedIndex + 1);
    await simulator.clock.advance(3_600_000);
    expect(group()).toMatchObject({ appliedIndex: appliedIndex + 100 });
    const tokens = simulator.state().nodes.map(({ contexts }) => contexts['default']?.EVENT.nextToken);
    expect(tokens).toEqual([110, 110, 110]);
  });

  test('is asked for under /_sim, and ended there', async () => {
    const simulator = await start();
    const { name, url, group } = follower(simulator);
    await simulator.clock.advance(2000);
    const stall = (duration: string): Promise<Response> =>
      fetch(`${url}/_sim/nodes/${name}/apply-stall`, { method: 'POST', body: JSON.stringify({ for: duration }) });
    expect(await (await stall('1h')).json()).toEqual({ node: name, state: 'running' });
    const { appliedIndex } = group();
    await simulator.control.append('default', { transactions: 5 });
    await simulator.clock.advance(2000);
    expect(group().appliedIndex).toBe(appliedIndex);
    await stall('0s');
    await simulator.clock.advance(1);
    expect(group().appliedIndex).toBe(appliedIndex + 5);
    expect((await stall('for ever')).status).toBe(400);
  });
});
