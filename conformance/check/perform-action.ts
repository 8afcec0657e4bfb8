import type { Simulator } from '../../server/index.ts';
import { parseDuration } from '../../server/quantities.ts';
import type { Action } from '../scenarios/scenario.ts';

/** What an action does to the cluster; `kill` is what ends the client that is at work. */
export async function performAction(action: Action, { clock, control }: Simulator, kill: () => void): Promise<void> {
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
    case 'clean-log':
      await control.cleanLog(action.node, action.group, parseDuration(action.olderThan ?? '0s'));
      return;
    case 'stop':
      return control.stop(action.node);
    case 'start':
      return control.start(action.node);
    case 'crash':
      return control.crash(action.node);
    case 'delay-replication':
      return control.delayReplication(action.node, parseDuration(action.by));
    case 'plan-faults':
      return control.planFaults(action.rules);
    case 'clear-faults':
      return control.planFaults([]);
    case 'kill-client':
      return kill();
  }
}
