import type { Simulator } from '../../../server/index.ts';
import type { Evidence } from '../../journal/evidence.ts';
import { absentContextsIn, accessIn, factsOf, namesIn } from './cluster-facts.ts';
import { serverRootOf } from './cluster-options.ts';
import type { ScenarioRunOptions } from './scenario-run-options.ts';

/** All that a scenario has left: what was seen of it, and what is known of its cluster. */
export function evidenceOf(
  simulator: Simulator,
  options: Pick<ScenarioRunOptions, 'scenario' | 'capabilities' | 'serverVersion' | 'edition' | 'serverRoot'>,
  seen: Pick<Evidence, 'runs' | 'events' | 'samples'>,
): Evidence {
  const { scenario, capabilities } = options;
  return {
    ...namesIn(simulator),
    absentContexts: absentContextsIn(simulator),
    ...factsOf(options),
    ...(serverRootOf(options) === null ? {} : { isPathMapped: true as const }),
    ...accessIn(scenario),
    capabilities,
    ...seen,
  };
}
