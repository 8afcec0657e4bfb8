import { behaviourOf } from '../../../server/index.ts';
import { asPlayedOn } from '../../scenarios/as-played.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import type { ScenarioRun, ScenarioRunOptions } from './scenario-run-options.ts';
import { Stage } from './stage.ts';

/** Plays one scenario from start to end on a cluster of its own. */
export async function playScenario(options: ScenarioRunOptions): Promise<ScenarioRun> {
  const { serverVersion, edition } = options;
  const scenario = asPlayedOn(belowPath(options), behaviourOf(serverVersion, edition));
  const stage = await Stage.open({ ...options, scenario });
  try {
    for (const step of scenario.steps) {
      if (stage.isOver) break;
      await stage.take(step);
    }
    return stage.finish();
  } finally {
    await stage.close();
  }
}

/** What is said of all clusters goes before what the scenario says of its own. */
function belowPath({ scenario, contextPath }: ScenarioRunOptions): Scenario {
  return contextPath === undefined ? scenario : { ...scenario, cluster: { ...scenario.cluster, contextPath } };
}
