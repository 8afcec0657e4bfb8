import type { FastifyInstance } from 'fastify';
import { formatExactJson, toExactNumber } from '../../formats/exact-number.ts';
import type { Simulation } from '../../simulation/simulation.ts';
import { sendJson } from '../answers/error-bodies.ts';

const BEHIND_ENTRIES = 100;

/** What the server's health is made of. */
type Part = {
  readonly status: string;
  readonly details?: Readonly<Record<string, unknown>>;
};

/**
 * Health of a node (docs/backup-endpoints.md, section 7, and what was recorded). Sizes of the disk are stand-ins: a
 * simulator has no disk of its own. WARN answers 200, as UP does.
 */
export function registerHealth(app: FastifyInstance, simulation: Simulation, nodeName: string): void {
  const { behaviour } = simulation;
  const schema = { tags: ['Health'], summary: 'Health of this node and of its replication groups' };
  for (const url of ['/actuator/health', '/actuator/health/']) {
    app.get(url, { schema: url.endsWith('/') ? { hide: true } : schema }, (request, reply) => {
      return sendJson(
        request,
        reply,
        formatExactJson(describeHealth(simulation, nodeName)),
        behaviour,
        behaviour.healthType,
      );
    });
  }
  if (behaviour.hasReadiness) {
    app.get(
      '/actuator/health/readiness',
      { schema: { ...schema, summary: 'Whether this node is ready' } },
      (request, reply) => sendJson(request, reply, JSON.stringify({ status: 'UP' }), behaviour, behaviour.healthType),
    );
  }
  app.get<{ Params: { part: string } }>('/actuator/health/:part', { schema: { hide: true } }, (request, reply) => {
    const parts = behaviour.healthKey === 'components' ? partsOf(simulation, nodeName) : {};
    const { part } = request.params;
    const found = Object.hasOwn(parts, part) ? parts[part] : undefined;
    if (found === undefined) return reply.code(404).send();
    return sendJson(request, reply, formatExactJson(found), behaviour, behaviour.healthType);
  });
}

function describeHealth(simulation: Simulation, nodeName: string): object {
  const parts = partsOf(simulation, nodeName);
  const status = Object.values(parts).some((part) => part.status === 'WARN') ? 'WARN' : 'UP';
  const { healthKey } = simulation.behaviour;
  return healthKey === 'hidden' ? { status } : { status, [healthKey]: parts };
}

/** By their names, which is how the server orders them. */
function partsOf(simulation: Simulation, nodeName: string): Readonly<Record<string, Part>> {
  const { isClustered, tellsProbes } = simulation.behaviour;
  const up: Part = { status: 'UP' };
  const parts: Record<string, Part> = {
    command: up,
    db: { status: 'UP', details: { database: 'H2', validationQuery: 'isValid()' } },
    diskSpace: { status: 'UP', details: disksOf(simulation, nodeName) },
    ...(tellsProbes ? { livenessState: up } : {}),
    localEventStore: { status: 'UP', details: storesOf(simulation, nodeName) },
    ping: up,
    query: up,
    ...(isClustered ? { raft: raftOf(simulation, nodeName) } : {}),
    ...(tellsProbes ? { readinessState: up } : {}),
  };
  return parts;
}

function disksOf(simulation: Simulation, nodeName: string): Record<string, unknown> {
  const disk = { path: '/', free: 82_103_775_232, total: 270_553_174_016 };
  const { namesTypeOfStorage } = simulation.behaviour;
  const names = contextsAt(simulation, nodeName).flatMap(([context]) =>
    namesTypeOfStorage
      ? [`${context}-EVENT-event`, `${context}-SNAPSHOT-snapshot`]
      : [`${context}-event`, `${context}-snapshot`],
  );
  return { ...Object.fromEntries(names.map((name) => [name, disk])), threshold: 268_435_456 };
}

function storesOf(simulation: Simulation, nodeName: string): Record<string, unknown> {
  return Object.fromEntries(
    contextsAt(simulation, nodeName).flatMap(([context, stores]) => [
      [`${context}.lastEvent`, toExactNumber(stores.EVENT.store.nextToken - 1n)],
      [`${context}.lastSnapshot`, toExactNumber(stores.SNAPSHOT.store.nextToken - 1n)],
      [`${context}.waitingEventTransactions`, 0],
      [`${context}.waitingSnapshotTransactions`, 0],
    ]),
  );
}

function contextsAt({ cluster }: Simulation, nodeName: string) {
  return [...cluster.node(nodeName).members.values()].flatMap(({ contexts }) => [...contexts]);
}

function raftOf({ cluster }: Simulation, nodeName: string): Part {
  const details: Record<string, string> = {};
  let isWarning = false;
  for (const [group, member] of cluster.node(nodeName).members) {
    const leader = cluster.group(group).leader?.nodeName ?? null;
    if (leader !== null) details[`${group}.leader`] = leader;
    if (member.commitIndex - member.appliedIndex > BEHIND_ENTRIES) details[`${group}.status`] = 'BEHIND';
    if (member.applyError !== null) details[`${group}.apply`] = 'STOPPED';
    if (leader === null || member.applyError !== null) isWarning = true;
  }
  return { status: isWarning ? 'WARN' : 'UP', details };
}
