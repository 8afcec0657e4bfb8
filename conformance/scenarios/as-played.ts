import type { Behaviour } from '../../server/index.ts';
import type { Action, Happening, Scenario, Step } from './scenario.ts';

const CONTROL_DB_PATH = '/v1/backup/createControlDbBackup';
const ROOT_CONTROL_DB_PATH = '/createControlDbBackup';

/**
 * A scenario as a server plays it that is no member of a cluster: one node, what happens to the POST happens to the path that
 * it has there, and no log is cleaned. Every other server plays it as it stands. Pure.
 */
export function asPlayedOn(scenario: Scenario, { isClustered, hasControlDbPath }: Behaviour): Scenario {
  const placed = hasControlDbPath ? scenario : { ...scenario, steps: scenario.steps.map(atRootPath) };
  if (isClustered) return placed;
  const { nodes = 1 } = scenario.cluster;
  const alone = typeof nodes === 'number' ? 1 : nodes.slice(0, 1);
  return { ...placed, cluster: { ...scenario.cluster, nodes: alone }, steps: placed.steps.filter(isOfOneNode) };
}

function isOfOneNode({ kind }: Step): boolean {
  return kind !== 'clean-log';
}

function atRootPath(step: Step): Step {
  if (step.kind !== 'run') return actionAtRootPath(step);
  if (step.surprises === undefined) return step;
  const surprises = step.surprises.map(({ at, happens }) => ({
    at: { ...at, path: rootPathFor(at.path) },
    happens: happens.map((each): Happening => (each.kind === 'run-beside' ? each : actionAtRootPath(each))),
  }));
  return { ...step, surprises };
}

function actionAtRootPath(action: Action): Action {
  if (action.kind !== 'plan-faults') return action;
  const rules = action.rules.map((rule) =>
    rule.match.path === undefined ? rule : { ...rule, match: { ...rule.match, path: rootPathFor(rule.match.path) } },
  );
  return { ...action, rules };
}

function rootPathFor(path: string): string {
  return path === CONTROL_DB_PATH ? ROOT_CONTROL_DB_PATH : path;
}
