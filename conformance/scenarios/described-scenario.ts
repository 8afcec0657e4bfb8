import { needNames, needs } from './needs.ts';
import type { ScenarioFile } from './scenario-file-schema.ts';
import type { Scenario } from './scenario.ts';

/** A scenario as its file would have it: what `parseScenarioFile` reads as the same again. */
export function describeScenario(scenario: Scenario): ScenarioFile {
  const { id, title, story, cluster, oddities, pace, tmpdir, needs: needed, steps, hazards: reached, rules } = scenario;
  // The types differ in `readonly` alone.
  return {
    id,
    title,
    story,
    cluster,
    ...(oddities === undefined ? {} : { oddities }),
    ...(pace === undefined ? {} : { pace }),
    ...(tmpdir === undefined ? {} : { tmpdir }),
    ...(needed === undefined || needed.length === 0
      ? {}
      : { needs: needNames.filter((name) => needed.includes(needs[name])) }),
    steps,
    hazards: reached.map((hazard) => hazard.id),
    rules,
  } as ScenarioFile;
}
