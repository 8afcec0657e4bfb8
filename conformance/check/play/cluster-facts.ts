import {
  behaviourOf,
  resolveContextPath,
  type Edition,
  type Role,
  type ServerVersion,
  type Simulator,
} from '../../../server/index.ts';
import { parsePathMap } from '../../journal/path-map.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import type { Evidence, LogPosition } from '../../journal/evidence.ts';

/* What is known of a cluster by who runs it, whatever a client has found out. */

/** What the nodes of a cluster behave as. */
export interface ServerUnderTest {
  readonly serverVersion: ServerVersion;
  readonly edition: Edition;
}

/** What there is to back up. A group need not be named like a context. */
export interface ClusterNames {
  /** Plain ones, whose files are pulled. */
  readonly contexts: readonly string[];
  /** `_admin` among them. */
  readonly groups: readonly string[];
}

/** A server that is no member of a cluster has contexts, and no groups that hold them. */
export function namesIn({ groups, dcbContexts, state }: Simulator): ClusterNames {
  const stored = state().nodes.flatMap((node) => Object.keys(node.contexts));
  const contexts = groups.length === 0 ? [...new Set(stored)] : groups.flatMap((group) => group.contexts);
  return {
    contexts: contexts.filter((context) => !dcbContexts.includes(context)),
    groups: groups.map(({ name }) => name),
  };
}

/** What the server calls the folders of its stores, absolute, and as they really lie. */
export function serverPathsIn({ nodes }: Pick<Simulator, 'nodes'>): readonly string[] {
  return nodes.flatMap(({ dataDir, eventsDir, snapshotsDir, logDir, controlDbDir, pathMap = '' }) => {
    const named = parsePathMap(pathMap).map(({ server }) => server);
    return [dataDir, eventsDir, ...(snapshotsDir === undefined ? [] : [snapshotsDir]), logDir, controlDbDir, ...named];
  });
}

/** Contexts of which a node has no event store, by its name: the node is in no group that holds them, or stores nothing. */
export function absentContextsIn({ nodes, groups }: Simulator): ReadonlyMap<string, readonly string[]> {
  return new Map(
    nodes.map(({ name, roles }) => [
      name,
      groups.flatMap((group) => (storesEvents(roles[group.name]) ? [] : group.contexts)),
    ]),
  );
}

/** Contexts with a dynamic consistency boundary that a node has. */
export function dcbContextsOn(simulator: Simulator, node: string): { readonly dcbContexts?: readonly string[] } {
  const absent = absentContextsIn(simulator).get(node) ?? [];
  return unlessNone(simulator.dcbContexts.filter((context) => !absent.includes(context)));
}

/** Those of the cluster. */
export function dcbContextsIn({ dcbContexts }: Simulator): { readonly dcbContexts?: readonly string[] } {
  return unlessNone(dcbContexts);
}

function unlessNone(dcbContexts: readonly string[]): { readonly dcbContexts?: readonly string[] } {
  return dcbContexts.length === 0 ? {} : { dcbContexts };
}

function storesEvents(role: Role | undefined): boolean {
  return role !== undefined && role !== 'MESSAGING_ONLY';
}

/** Where each node stands in each of its logs, at this moment. */
export function logPositionsIn(simulator: Simulator): LogPosition[] {
  return simulator.state().nodes.flatMap(({ name, groups }) =>
    Object.entries(groups).map(([group, { lastIndex, commitIndex }]) => ({
      node: name,
      group,
      lastIndex,
      commitIndex,
    })),
  );
}

/** What is known of a release, whatever it is asked. */
export function factsOf({
  serverVersion,
  edition,
  tmpdir,
}: ServerUnderTest & { readonly tmpdir?: string }): Pick<Evidence, 'lists' | 'asksForLog' | 'isTmpdirElsewhere'> {
  const { hasEventStoreListing, hasLogListing, logListing, logStep } = behaviourOf(serverVersion, edition);
  const lists = {
    openSegments: hasEventStoreListing,
    currentLog: hasLogListing && logListing !== 'closed descending, each with its index',
    log: hasLogListing,
  };
  return { lists, isTmpdirElsewhere: tmpdir !== undefined, asksForLog: hasLogListing && logStep === 'asked for' };
}

/** How a scenario's cluster is to be asked, whatever is asked for. */
export function accessIn(scenario: Scenario): Pick<Evidence, 'basePath' | 'hasAccessControl' | 'secrets'> {
  const { contextPath = '', token } = scenario.cluster;
  return {
    basePath: resolveContextPath(contextPath),
    hasAccessControl: token !== undefined,
    secrets: secretsIn(scenario),
  };
}

/** The tokens that a scenario's cluster knows, and the wrong ones that a client is given. */
export function secretsIn({ cluster, steps }: Scenario): readonly string[] {
  const given = steps.flatMap((step) => (step.kind === 'run' && step.token !== undefined ? [step.token] : []));
  const known = [cluster.token ?? [], (cluster.tokens ?? []).map(({ token }) => token)].flat();
  return [...new Set([...known, ...given])];
}
