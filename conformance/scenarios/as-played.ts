import type { Behaviour } from '../../server/index.ts';
import type { Action, Happening, Scenario, Step } from './scenario.ts';

const CONTROL_DB_PATH = '/v1/backup/createControlDbBackup';
const ROOT_CONTROL_DB_PATH = '/createControlDbBackup';
const EITHER_CONTROL_DB_PATH = '*/createControlDbBackup';

/**
 * A scenario as a server plays it: what happens to the POST happens to the paths that it has there, be it one or two; and where
 * it is no member of a cluster, there is one node, and no log is cleaned. Pure.
 */
export function asPlayedOn(scenario: Scenario, behaviour: Behaviour): Scenario {
  const { isClustered, hasControlDbPath, hasRootControlDbPath } = behaviour;
  const path = hasControlDbPath ? EITHER_CONTROL_DB_PATH : ROOT_CONTROL_DB_PATH;
  const placed = hasRootControlDbPath
    ? { ...scenario, steps: scenario.steps.map((step) => posting(step, path)) }
    : scenario;
  if (isClustered) return placed;
  const { nodes = 1 } = scenario.cluster;
  const alone = typeof nodes === 'number' ? 1 : nodes.slice(0, 1);
  return { ...placed, cluster: { ...scenario.cluster, nodes: alone }, steps: placed.steps.filter(isOfOneNode) };
}

/** A path as the author of a scenario wrote it, where a server has it at two places. Pure. */
export function asWritten(path: string): string {
  return path === EITHER_CONTROL_DB_PATH ? CONTROL_DB_PATH : path;
}

function isOfOneNode({ kind }: Step): boolean {
  return kind !== 'clean-log';
}

/** A step of which what is to happen to the POST happens to `path`. */
function posting(step: Step, path: string): Step {
  if (step.kind !== 'run') return actionPosting(step, path);
  if (step.surprises === undefined) return step;
  const surprises = step.surprises.map(({ at, happens }) => ({
    at: { ...at, path: placedAt(at.path, path) },
    happens: happens.map((each): Happening => (each.kind === 'run-beside' ? each : actionPosting(each, path))),
  }));
  return { ...step, surprises };
}

function actionPosting(action: Action, path: string): Action {
  if (action.kind !== 'plan-faults') return action;
  const rules = action.rules.map((rule) =>
    rule.match.path === undefined ? rule : { ...rule, match: { ...rule.match, path: placedAt(rule.match.path, path) } },
  );
  return { ...action, rules };
}

function placedAt(named: string, path: string): string {
  return named === CONTROL_DB_PATH ? path : named;
}
