import { dcbContextsIn, type Role } from '../../server/index.ts';
import type { Action, Need, Scenario, Step } from './scenario.ts';

/** What a situation needs by what it is made of, whether it says so or not. */
export function impliedNeeds({ cluster, steps }: Scenario): readonly Need[] {
  const { contexts = ['default'], groups, nodes = 3, nodeSegmentSizeBytes = {}, indexFormats = {} } = cluster;
  const first = typeof nodes === 'number' ? 'node-1' : nodes[0];
  const actions = steps.flatMap(actionsIn);
  const names = [...contexts, ...actions.flatMap((action) => ('context' in action ? (action.context ?? []) : []))];
  const places = [...actions, ...steps].flatMap((each) => ('node' in each ? (each.node ?? []) : []));
  const isOfGroups = groups !== undefined || names.some((name) => name !== 'default');
  const isOfNodes = [...places, ...Object.keys(nodeSegmentSizeBytes)].some((node) => node !== first);
  return [
    ...(isOfGroups ? [oneContext] : []),
    ...(isOfNodes ? [oneNode] : []),
    ...(steps.some(isAboutLog) ? [log] : []),
    ...(dcbContextsIn(groups).length > 0 ? [dcb] : []),
    ...(actions.some(({ kind }) => kind === 'migrate-to-dcb') ? [dcbMigration] : []),
    ...(cluster.serverRoot === undefined && steps.some(isUnmounted) ? [pathMap] : []),
    ...(hasRole(groups, 'ANALYTICS') ? [analytics] : []),
    ...(hasRole(groups, 'LEARNER') ? [learners] : []),
    ...(JSON.stringify(indexFormats).includes('JUMP_SKIP_INDEX') ? [jumpSkip] : []),
  ];
}

const oneContext: Need = {
  isMetBy: ({ isClustered }) => isClustered,
  otherwise: 'has the context default alone, and no replication groups',
};

const oneNode: Need = { isMetBy: ({ isClustered }) => isClustered, otherwise: 'is one node alone' };

const log: Need = { isMetBy: ({ hasLogListing }) => hasLogListing, otherwise: 'has no replication log' };

export const dcb: Need = {
  isMetBy: ({ hasDcb }) => hasDcb,
  otherwise: 'has no contexts with a dynamic consistency boundary',
};

export const dcbMigration: Need = {
  isMetBy: ({ migratesToDcb }) => migratesToDcb,
  otherwise: 'makes no plain context one with a dynamic consistency boundary',
};

/** Where names are as they stand there is no mount to be without. */
function isUnmounted(step: Step): boolean {
  return step.kind === 'run' && (step.unmounted ?? []).length > 0;
}

export const pathMap: Need = {
  isMetBy: (_behaviour, { isPathMapped = false }) => isPathMapped,
  otherwise: 'names its files as they lie, unless `--server-root` is given',
};

const analytics: Need = {
  isMetBy: ({ hasAnalyticsRole }) => hasAnalyticsRole,
  otherwise: 'has no nodes for analytics',
};

const learners: Need = { isMetBy: ({ hasLearners }) => hasLearners, otherwise: 'has no nodes that learn' };

function hasRole(groups: Scenario['cluster']['groups'], wanted: Role): boolean {
  return (groups ?? []).some(({ members }) => members?.some(({ role }) => role === wanted) === true);
}

const jumpSkip: Need = { isMetBy: ({ hasJumpSkip }) => hasJumpSkip, otherwise: 'has no jump-skip indexes' };

const LOG_LISTING = '/v1/backup/log/filenames';

function actionsIn(step: Step): readonly Action[] {
  if (step.kind !== 'run') return [step];
  return (step.surprises ?? []).flatMap(({ happens }) =>
    happens.filter((happening): happening is Action => happening.kind !== 'run-beside'),
  );
}

/** Something is to befall the listing of a log, or to come with it. */
function isAboutLog(step: Step): boolean {
  const moments = step.kind === 'run' ? (step.surprises ?? []).map(({ at }) => at) : [];
  const faults = actionsIn(step).flatMap((action) => (action.kind === 'plan-faults' ? action.rules : []));
  return (
    moments.some(({ path, query }) => path === LOG_LISTING || query?.['context'] === '_admin') ||
    faults.some(({ match }) => match.path === LOG_LISTING)
  );
}
