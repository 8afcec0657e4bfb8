import {
  readAppend,
  readFaultRules,
  readLimitedMilliseconds,
  readMilliseconds,
  readRoll,
  readTransform,
} from '../http/control/control-requests.ts';
import type { Control, Simulator } from './simulator.ts';
import type { Simulation } from '../simulation/simulation.ts';

/** The clock in process. */
export function clockOf(simulation: Simulation): Simulator['clock'] {
  return {
    get nowMs() {
      return simulation.nowMs;
    },
    advance: async (byMs) => simulation.advance(readLimitedMilliseconds(byMs, 'byMs')),
  };
}

/** The control API in process: it takes and refuses what the one under /_sim does. */
export function controlOf(simulation: Simulation): Control {
  return {
    append: async (context, request = {}) => simulation.append(context, readAppend(request)),
    roll: async (context, type) => simulation.roll(context, readRoll({ type }).type),
    transform: async (context, tokens) => {
      const { firstToken, lastToken } = readTransform(tokens);
      return simulation.transform(context, firstToken, lastToken);
    },
    compact: (context) => simulation.compact(context),
    migrateToDcb: (context) => simulation.migrateToDcb(context),
    cleanLog: async (node, group, olderThanMs = 0) =>
      simulation.cleanLog(node, group, readMilliseconds(olderThanMs, 'olderThanMs')),
    stop: (node) => simulation.stopNode(node),
    start: (node) => simulation.startNode(node),
    crash: (node) => simulation.crashNode(node),
    delayReplication: async (node, lagMs) =>
      simulation.hamper(node, 'delayReplication', readLimitedMilliseconds(lagMs, 'lagMs')),
    stallApply: async (node, forMs) => simulation.hamper(node, 'stallApply', readLimitedMilliseconds(forMs, 'forMs')),
    planFaults: (rules) => simulation.planFaults(readFaultRules(rules)),
    reset: () => simulation.reset(),
  };
}
