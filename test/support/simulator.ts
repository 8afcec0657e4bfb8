import { onTestFinished } from 'vitest';
import {
  startSimulator,
  type EventType,
  type Node,
  type Simulator,
  type SimulatorOptions,
} from '../../server/index.ts';

/** One node in which nothing moves by itself, with small segments. It is closed when the test has finished. */
export async function stillSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const defaults = { port: 0, nodes: 1, speed: 0, rate: 0, segmentSizeBytes: 2048 };
  const simulator = await startSimulator({ ...defaults, ...options });
  onTestFinished(() => simulator.close());
  return simulator;
}

/** The node at a place in the order of the nodes, the first unless told otherwise. */
export function nodeOf(simulator: Simulator, place = 0): Node {
  const node = simulator.nodes[place];
  if (node === undefined) throw new Error(`There is no node at place ${place}`);
  return node;
}

export function urlOf(simulator: Simulator, place = 0): string {
  return nodeOf(simulator, place).url;
}

/** Fills a handful of segments and waits until they close: the numbers of those, ascending, and of the open one. */
export async function growSegments(
  simulator: Simulator,
  { context = 'default', type = 'EVENT' as EventType, transactions = 40 } = {},
): Promise<{ readonly closed: readonly number[]; readonly open: number }> {
  const { name } = nodeOf(simulator);
  const closed: number[] = [];
  const endEvents = simulator.onEvent((event) => {
    if (event.kind !== 'segment-closed' || event.node !== name) return;
    if (event.context === context && event.type === type) closed.push(Number(event.segment));
  });
  await simulator.control.append(context, { transactions, type });
  await simulator.clock.advance(60_000);
  endEvents();
  return { closed, open: Number(simulator.state().nodes[0]?.contexts[context]?.[type].openSegment ?? -1) };
}
