import { AxonError, type Simulator } from '../../../server/index.ts';
import { parseDuration } from '../../../server/quantities.ts';
import type { Action } from '../../scenarios/scenario.ts';
import type { StoreOnNode } from './out-of-reach.ts';

/** What can be done beside the cluster's own calls. */
export interface Stagehand {
  /** Ends the client that is at work, if there is one, at once. */
  kill(): void;
  /** Asks it to end. */
  askToEnd(): void;
  /** Takes the newest closed segment of a store out of reach. */
  hideSegment(store: StoreOnNode): void;
  showSegments(): void;
}

/** Brings about what an action says. Fails with `step-refused` where the cluster does not do it: an append without a majority. */
export async function performAction(action: Action, simulator: Simulator, stagehand: Stagehand): Promise<void> {
  try {
    await perform(action, simulator, stagehand);
  } catch (error) {
    if (!(error instanceof AxonError) || error.kind === 'interrupted') throw error;
    throw new AxonError('step-refused', `the cluster refuses ${action.kind}: ${error.message}`, { cause: error });
  }
}

async function perform(action: Action, simulator: Simulator, stagehand: Stagehand): Promise<void> {
  const { clock, control } = simulator;
  switch (action.kind) {
    case 'advance':
      return clock.advance(parseDuration(action.by));
    case 'append': {
      const { context = 'default', kind: _kind, ...request } = action;
      await control.append(context, request);
      return;
    }
    case 'roll':
      await control.roll(action.context ?? 'default', action.type ?? 'EVENT');
      return;
    case 'transform': {
      const [firstToken, lastToken] = [BigInt(action.firstToken), BigInt(action.lastToken)];
      await control.transform(action.context ?? 'default', { firstToken, lastToken });
      return;
    }
    case 'compact':
      await control.compact(action.context ?? 'default');
      return;
    case 'migrate-to-dcb':
      await control.migrateToDcb(action.context);
      return;
    case 'clean-log':
      await control.cleanLog(action.node, action.group, parseDuration(action.olderThan ?? '0s'));
      return;
    // What a surprise was to bring about may not have come, with a client that asks for nothing.
    case 'stop':
      return isRunning(simulator, action.node) ? control.stop(action.node) : undefined;
    case 'start':
      return isRunning(simulator, action.node) ? undefined : control.start(action.node);
    case 'crash':
      return isRunning(simulator, action.node) ? control.crash(action.node) : undefined;
    case 'delay-replication':
      return control.delayReplication(action.node, parseDuration(action.by));
    case 'stall-apply':
      return control.stallApply(action.node, parseDuration(action.for));
    case 'plan-faults':
      return control.planFaults(action.rules);
    case 'clear-faults':
      return control.planFaults([]);
    case 'hide-segment':
      return stagehand.hideSegment(action);
    case 'show-segments':
      return stagehand.showSegments();
    case 'kill-client':
      return action.signal === undefined ? stagehand.kill() : stagehand.askToEnd();
  }
}

function isRunning(simulator: Simulator, node: string): boolean {
  return simulator.state().nodes.some(({ name, state }) => name === node && state === 'running');
}
