import type { FastifyInstance } from 'fastify';
import { ADMIN_GROUP, GRPC_PORT, hasEventStore, INTERNAL_GRPC_PORT } from '../cluster/topology.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { sendJson } from './error-bodies.ts';

const BEHIND_ENTRIES = 100;

/** What a client finds out about a node before it backs it up (dossier "backup endpoints", section 7). */
export function registerPublicRoutes(app: FastifyInstance, simulation: Simulation, nodeName: string): void {
  const tags = ['Public Rest Controller'];
  app.get('/v1/public/me', { schema: { tags, summary: 'Describe this node' } }, (_request, reply) => {
    return sendJson(reply, JSON.stringify(describeNode(simulation, nodeName)));
  });
  app.get('/v1/public/context', { schema: { tags, summary: 'List the contexts' } }, (_request, reply) => {
    return sendJson(reply, JSON.stringify(describeContexts(simulation)));
  });
  const health = { tags: ['Health'], summary: 'Health of this node and of its replication groups' };
  app.get('/actuator/health', { schema: health }, (_request, reply) => {
    return sendJson(reply, JSON.stringify(describeHealth(simulation, nodeName)));
  });
}

function describeNode(simulation: Simulation, nodeName: string): object {
  const { nodeNames, groups } = simulation.cluster.topology;
  const place = nodeNames.indexOf(nodeName);
  const mine = groups.filter(({ members }) => members.some((member) => member.nodeName === nodeName));
  const stored = mine.filter(({ members }) =>
    members.some((member) => member.nodeName === nodeName && hasEventStore(member.role)),
  );
  const url = new URL(simulation.urls.get(nodeName) ?? 'http://localhost');
  return {
    authentication: simulation.options.token !== null,
    clustered: true,
    ssl: false,
    adminNode: mine.some(({ name }) => name === ADMIN_GROUP),
    developmentMode: false,
    contextNames: mine.flatMap(({ name, contexts }) => (name === ADMIN_GROUP ? [name] : contexts)).toSorted(),
    storageContextNames: stored.flatMap(({ contexts }) => contexts).toSorted(),
    name: nodeName,
    hostName: url.hostname,
    internalHostName: nodeName,
    httpPort: Number(url.port),
    grpcPort: GRPC_PORT + place,
    grpcInternalPort: INTERNAL_GRPC_PORT + place,
    pluginsEnabled: false,
    initialized: true,
  };
}

function describeContexts(simulation: Simulation): object[] {
  const { groups } = simulation.cluster.topology;
  const contexts = groups.flatMap((group) =>
    (group.name === ADMIN_GROUP ? [ADMIN_GROUP] : group.contexts).map((context) => ({
      context,
      metaData: {},
      replicationGroup: group.name,
      changePending: false,
      pendingSince: 0,
      leader: simulation.cluster.group(group.name).leader?.nodeName ?? null,
      roles: group.members.map(({ nodeName, role }) => ({ node: nodeName, role })),
    })),
  );
  return contexts.toSorted((a, b) => (a.context < b.context ? -1 : 1));
}

/** WARN answers 200, as UP does. */
function describeHealth(simulation: Simulation, nodeName: string): object {
  const raft: Record<string, string> = {};
  let isWarning = false;
  for (const [group, member] of simulation.cluster.node(nodeName).members) {
    const leader = simulation.cluster.group(group).leader?.nodeName ?? null;
    if (leader !== null) raft[`${group}.leader`] = leader;
    if (member.commitIndex - member.appliedIndex > BEHIND_ENTRIES) raft[`${group}.status`] = 'BEHIND';
    if (member.applyError !== null) raft[`${group}.apply`] = 'STOPPED';
    if (leader === null || member.applyError !== null) isWarning = true;
  }
  const status = isWarning ? 'WARN' : 'UP';
  return { status, components: { db: { status: 'UP' }, raft: { status, details: raft } } };
}
