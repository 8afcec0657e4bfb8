import type { FastifyInstance } from 'fastify';
import { roleTraits } from '../../cluster/terms/roles.ts';
import {
  ADMIN_GROUP,
  contextsStoredOn,
  GRPC_PORT,
  hostOf,
  INTERNAL_GRPC_PORT,
  isMember,
  type ReplicationGroupPlan,
} from '../../cluster/terms/topology.ts';
import type { Simulation } from '../../simulation/simulation.ts';
import { sendJson } from '../answers/error-bodies.ts';
import { registerHealth } from './health-route.ts';

/** What a client finds out about a node before it backs it up (docs/backup-endpoints.md, section 7). */
export function registerPublicRoutes(app: FastifyInstance, simulation: Simulation, nodeName: string): void {
  const tags = ['Public Rest Controller'];
  app.get('/v1/public/me', { schema: { tags, summary: 'Describe this node' } }, (request, reply) => {
    return sendJson(
      request,
      reply,
      JSON.stringify(describeNode(simulation, nodeName, request.calledPort)),
      simulation.behaviour,
    );
  });
  if (simulation.behaviour.hasContextListing) {
    app.get('/v1/public/context', { schema: { tags, summary: 'List the contexts' } }, (request, reply) => {
      return sendJson(request, reply, JSON.stringify(describeContexts(simulation, nodeName)), simulation.behaviour);
    });
  }
  if (simulation.behaviour.hasReplicationGroups) {
    const groups = { tags, summary: 'List the replication groups with their members and contexts' };
    app.get('/v1/public/replicationgroups', { schema: groups }, (request, reply) => {
      return sendJson(request, reply, JSON.stringify(describeGroups(simulation, nodeName)), simulation.behaviour);
    });
  }
  const mine = { tags, summary: 'List the contexts whose events this node stores' };
  app.get('/v1/public/mycontexts', { schema: mine }, (request, reply) => {
    return sendJson(request, reply, JSON.stringify(storedContexts(simulation, nodeName)), simulation.behaviour);
  });
  registerHealth(app, simulation, nodeName);
}

function describeNode(simulation: Simulation, nodeName: string, calledPort: number): object {
  const { nodeNames, groups } = simulation.cluster.topology;
  const place = nodeNames.indexOf(nodeName);
  const mine = groups.filter((group) => isMember(group, nodeName));
  const { isClustered, tellsPlugins, tellsInitialized } = simulation.behaviour;
  const url = new URL(simulation.urls.get(nodeName) ?? 'http://localhost');
  return {
    authentication: simulation.hasAccessControl,
    clustered: isClustered,
    ssl: false,
    adminNode: isAdminNode(simulation, nodeName),
    developmentMode: false,
    contextNames: isClustered ? mine.flatMap(contextsIn).toSorted() : storedContexts(simulation, nodeName),
    storageContextNames: storedContexts(simulation, nodeName),
    name: nodeName,
    hostName: url.hostname,
    internalHostName: isClustered ? hostOf(nodeName) : null,
    // Of the two that a node may have, the one that the caller knows.
    httpPort: calledPort === 0 ? Number(url.port) : calledPort,
    grpcPort: GRPC_PORT + place,
    grpcInternalPort: isClustered ? INTERNAL_GRPC_PORT + place : 0,
    ...(tellsPlugins ? { pluginsEnabled: !isClustered } : {}),
    ...(tellsInitialized ? { initialized: true } : {}),
  };
}

/** Contexts that can be backed up here. */
function storedContexts(simulation: Simulation, nodeName: string): string[] {
  return contextsStoredOn(simulation.cluster.topology, nodeName).toSorted();
}

/** Read from the tables of `_admin`, which are empty on a node that takes no part in it. */
function describeContexts(simulation: Simulation, nodeName: string): object[] {
  if (!isAdminNode(simulation, nodeName)) return [];
  const contexts = simulation.cluster.topology.groups.flatMap((group) =>
    contextsIn(group).map((context) => ({
      context,
      metaData: {},
      replicationGroup: group.name,
      changePending: false,
      pendingSince: 0,
      leader: leaderOf(simulation, group),
      roles: rolesIn(group),
    })),
  );
  return contexts.toSorted((a, b) => (a.context < b.context ? -1 : 1));
}

/** From the same tables. What a group tells of its contexts is their names alone: the rest stands in the group itself. */
function describeGroups(simulation: Simulation, nodeName: string): object[] {
  if (!isAdminNode(simulation, nodeName)) return [];
  const groups = simulation.cluster.topology.groups.map((group) => ({
    name: group.name,
    leader: leaderOf(simulation, group),
    roles: rolesIn(group),
    changePending: false,
    pendingSince: 0,
    contexts: contextsIn(group).map((context) => ({
      context,
      metaData: {},
      replicationGroup: group.name,
      changePending: false,
      pendingSince: 0,
      leader: null,
      roles: null,
    })),
  }));
  return groups.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function isAdminNode({ cluster }: Simulation, nodeName: string): boolean {
  return cluster.topology.groups.some((group) => group.name === ADMIN_GROUP && isMember(group, nodeName));
}

/** `_admin` is a context, too, though one without an event store. */
function contextsIn({ name, contexts }: ReplicationGroupPlan): readonly string[] {
  return name === ADMIN_GROUP ? [name] : contexts;
}

function rolesIn({ members }: ReplicationGroupPlan): object[] {
  const shown = members.filter(({ role }) => roleTraits[role].isShown);
  const roles = shown.map(({ nodeName, role }) => ({ node: nodeName, role }));
  return roles.toSorted((a, b) => (a.node < b.node ? -1 : 1));
}

function leaderOf({ cluster }: Simulation, { name }: ReplicationGroupPlan): string | null {
  return cluster.group(name).leader?.nodeName ?? null;
}
