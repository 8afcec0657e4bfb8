import type { ScenarioRun, ScenarioRunOptions } from './scenario-run-options.ts';
import { Stage } from './stage.ts';

/** Plays one scenario from start to end on a cluster of its own. */
export async function playScenario(options: ScenarioRunOptions): Promise<ScenarioRun> {
  const stage = await Stage.open(options);
  try {
    for (const step of options.scenario.steps) {
      if (stage.isOver) break;
      await stage.take(step);
    }
    return stage.finish();
  } finally {
    await stage.close();
  }
}
