import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Type, type Static } from '../../schema-type.ts';
import { AxonError } from '../../errors.ts';
import { parseDuration } from '../../quantities.ts';
import { parseLimitedDuration } from '../../simulation/longest-duration.ts';
import { formatExactJson } from '../../formats/exact-number.ts';
import type { Simulation } from '../../simulation/simulation.ts';
import {
  Advance,
  Append,
  checkAppend,
  CleanLog,
  Compact,
  Delay,
  FaultRules,
  Migrate,
  Roll,
  Stall,
  Transform,
} from './control-requests.ts';
import { archiveFolder } from '../../stores/folder-archive.ts';
import { EventStreams, happeningOf } from '../live/event-stream.ts';
import { describeState, isoTime } from '../live/state.ts';
import { registerTimeline } from '../live/timeline-route.ts';

const tags = ['Control API'];

const ContextParameter = Type.Object({ context: Type.String() });
type ContextRoute = { Params: Static<typeof ContextParameter> };
const NodeParameter = Type.Object({ node: Type.String() });

const RequestsQuery = Type.Object({
  after: Type.String({ pattern: '^[0-9]{1,15}$', default: '0', description: 'entries with a higher seq alone' }),
  last: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$', description: 'the newest so many alone' })),
});

/** As many as the page shows, unless told otherwise. */
const HappeningsQuery = Type.Object({
  last: Type.String({ pattern: '^[1-9][0-9]{0,2}$', default: '200', description: 'the newest so many: 999 at most' }),
});

/** Everything under /_sim: moving the cluster through time and trouble. */
export function registerControlRoutes(app: FastifyInstance, simulation: Simulation): void {
  registerState(app, simulation);
  registerGrowth(app, simulation);
  registerTransformations(app, simulation);
  registerNodes(app, simulation);
  registerFaults(app, simulation);
  registerTimeline(app, simulation);
}

/** Tokens have 64 bits, of which JavaScript's numbers hold 53. */
function sendExact(reply: FastifyReply, value: object): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(formatExactJson(value));
}

function registerState(app: FastifyInstance, simulation: Simulation): void {
  app.get('/_sim/state', { schema: { tags, summary: 'Clock, nodes, stores and logs' } }, (_request, reply) =>
    sendExact(reply, describeState(simulation)),
  );

  const advance = {
    tags,
    summary: 'Move the clock; answers when everything that fell due has happened',
    body: Advance,
  };
  app.post<{ Body: Static<typeof Advance> }>('/_sim/clock/advance', { schema: advance }, async (request) => {
    await simulation.advance(parseLimitedDuration(request.body.by, 'by'));
    return { now: isoTime(simulation.nowMs) };
  });

  const requests = { tags, summary: 'The journal: requests to the public API', querystring: RequestsQuery };
  app.get<{ Querystring: Static<typeof RequestsQuery> }>('/_sim/requests', { schema: requests }, ({ query }, reply) => {
    const { journal } = simulation;
    const skipped = query.last === undefined ? 0 : journal.lastSeq - Number(query.last);
    const pieces = journal.jsonAfter(Math.max(Number(query.after), skipped));
    return reply.type('application/json; charset=utf-8').send(Readable.from(pieces, { objectMode: false }));
  });

  const happenings = { tags, summary: 'What has happened in the cluster lately', querystring: HappeningsQuery };
  app.get<{ Querystring: Static<typeof HappeningsQuery> }>(
    '/_sim/happenings',
    { schema: happenings },
    ({ query }, reply) => sendExact(reply, simulation.recorder.latestEvents(Number(query.last)).map(happeningOf)),
  );

  const streams = new EventStreams(simulation);
  app.addHook('preClose', async () => streams.end());
  const events = { tags, summary: 'Requests, cluster events, the clock and changed faults as server-sent events' };
  app.get('/_sim/events', { schema: events, exposeHeadRoute: false }, (request, reply) => streams.open(request, reply));

  app.post('/_sim/reset', { schema: { tags, summary: "Back to the seed's beginning" } }, async () => {
    await simulation.reset();
    return { now: isoTime(simulation.nowMs) };
  });
}

function registerGrowth(app: FastifyInstance, simulation: Simulation): void {
  const append = {
    tags,
    summary: 'Append through the replicated log',
    description:
      'Answers once all of it is committed and the other running nodes have followed. Other requests have their turn ' +
      'meanwhile; those that change something wait. Where the data folder reaches the limit of `--max-disk` the answer is ' +
      '507, and its message says how many transactions were appended, and with which tokens.',
    params: ContextParameter,
    body: Append,
  };
  app.post<ContextRoute & { Body: Static<typeof Append> }>(
    '/_sim/contexts/:context/append',
    { schema: append },
    async ({ params, body }, reply) => {
      const { firstToken, lastToken } = await simulation.append(params.context, checkAppend(body));
      return sendExact(reply, { firstToken, lastToken, now: isoTime(simulation.nowMs) });
    },
  );

  const roll = { tags, summary: 'Close the open segment now', params: ContextParameter, body: Roll };
  app.post<ContextRoute & { Body: Static<typeof Roll> }>(
    '/_sim/contexts/:context/roll',
    { schema: roll },
    async ({ params, body }, reply) => {
      const rolled = await simulation.roll(params.context, body.type);
      return sendExact(reply, { closed: Object.fromEntries(rolled) });
    },
  );
}

function registerTransformations(app: FastifyInstance, simulation: Simulation): void {
  const transform = {
    tags,
    summary: 'Delete events: their segments get a new version (2023.2 alone)',
    params: ContextParameter,
    body: Transform,
  };
  app.post<ContextRoute & { Body: Static<typeof Transform> }>(
    '/_sim/contexts/:context/transform',
    { schema: transform },
    async ({ params, body }) => {
      const [firstToken, lastToken] = [BigInt(body.firstToken), BigInt(body.lastToken)];
      const { version, segments } = await simulation.transform(params.context, firstToken, lastToken);
      return { version, segments: Object.fromEntries([...segments].map(([node, all]) => [node, all.map(Number)])) };
    },
  );

  const compact = {
    tags,
    summary: 'Delete the versions of segments that are not current (2023.2 alone)',
    params: ContextParameter,
    body: Compact,
  };
  app.post<ContextRoute>('/_sim/contexts/:context/compact', { schema: compact }, async ({ params }) => ({
    deletedFiles: Object.fromEntries(await simulation.compact(params.context)),
  }));

  const migrate = {
    tags,
    summary: 'Make a plain context one with a dynamic consistency boundary (2026.0 alone)',
    params: ContextParameter,
    body: Migrate,
  };
  app.post<ContextRoute>('/_sim/contexts/:context/migrate-to-dcb', { schema: migrate }, async ({ params }) => {
    await simulation.migrateToDcb(params.context);
    return { dcbContexts: simulation.cluster.dcb.names };
  });
}

function registerNodes(app: FastifyInstance, simulation: Simulation): void {
  const answer = (reply: FastifyReply, node: string): object => {
    reply.code(200);
    return { node, state: simulation.cluster.node(node).isRunning ? 'running' : 'stopped' };
  };
  type NodeRoute = { Params: Static<typeof NodeParameter> };

  const cleanLog = { tags, summary: "Clean a log by the server's own rule", params: NodeParameter, body: CleanLog };
  app.post<NodeRoute & { Body: Static<typeof CleanLog> }>(
    '/_sim/nodes/:node/clean-log',
    { schema: cleanLog },
    async ({ params, body }) => {
      const removed = await simulation.cleanLog(params.node, body.group, parseDuration(body.olderThan));
      return { removed };
    },
  );

  const stop = { tags, summary: 'Stop a node cleanly', params: NodeParameter };
  app.post<NodeRoute>('/_sim/nodes/:node/stop', { schema: stop }, async ({ params }, reply) => {
    await simulation.stopNode(params.node);
    return answer(reply, params.node);
  });

  const crash = { tags, summary: 'Kill a node; its last writes break off', params: NodeParameter };
  app.post<NodeRoute>('/_sim/nodes/:node/crash', { schema: crash }, async ({ params }, reply) => {
    await simulation.crashNode(params.node);
    return answer(reply, params.node);
  });

  const start = { tags, summary: 'Start a stopped node; it recovers and catches up', params: NodeParameter };
  app.post<NodeRoute>('/_sim/nodes/:node/start', { schema: start }, async ({ params }, reply) => {
    await simulation.startNode(params.node);
    return answer(reply, params.node);
  });

  const lag = {
    tags,
    summary: 'Slow down what a node gets from its leaders; 0s ends it',
    params: NodeParameter,
    body: Delay,
  };
  app.post<NodeRoute & { Body: Static<typeof Delay> }>(
    '/_sim/nodes/:node/lag',
    { schema: lag },
    async (request, reply) => {
      await simulation.hamper(request.params.node, 'delayReplication', parseLimitedDuration(request.body.by, 'by'));
      return answer(reply, request.params.node);
    },
  );

  const stall = {
    tags,
    summary: 'Have a node apply nothing of its log for a while; 0s ends it',
    description: 'Its log runs ahead of its event stores. A leader that stalls acknowledges nothing.',
    params: NodeParameter,
    body: Stall,
  };
  app.post<NodeRoute & { Body: Static<typeof Stall> }>(
    '/_sim/nodes/:node/apply-stall',
    { schema: stall },
    async (request, reply) => {
      await simulation.hamper(request.params.node, 'stallApply', parseLimitedDuration(request.body.for, 'for'));
      return answer(reply, request.params.node);
    },
  );

  registerArchive(app, simulation);
}

/** Each reader has a file open for as long as it likes. */
const MOST_ARCHIVES = 20;

function registerArchive(app: FastifyInstance, simulation: Simulation): void {
  const schema = {
    tags,
    summary: "A node's data folder as one tar stream",
    description: 'Without `security/`: the system token is for programs on the same machine alone.',
    params: NodeParameter,
  };
  let underWay = 0;
  app.get<{ Params: Static<typeof NodeParameter> }>(
    '/_sim/nodes/:node/archive.tar',
    { schema, exposeHeadRoute: false },
    ({ params }, reply) => {
      const { folders, name } = simulation.cluster.node(params.node);
      if (underWay >= MOST_ARCHIVES)
        throw new AxonError('busy', `${MOST_ARCHIVES} archives are being read: wait for one to end`);
      underWay++;
      const archive = archiveFolder(folders.data, ['security']);
      archive.once('close', () => underWay--);
      // Of other letters a header has none.
      const fileName = /^[\w.-]+$/.test(name)
        ? `="${name}.tar"`
        : `*=UTF-8''${encodeURIComponent(name).replaceAll("'", '%27')}.tar`;
      reply.header('content-disposition', `attachment; filename${fileName}`);
      return reply.type('application/x-tar').send(archive);
    },
  );
}

function registerFaults(app: FastifyInstance, simulation: Simulation): void {
  const list = (): object => ({ rules: simulation.faults.list() });
  app.get('/_sim/faults', { schema: { tags, summary: 'The fault plan, and how often each has fired' } }, list);

  const replace = { tags, summary: 'Replace the fault plan', body: FaultRules };
  app.put<{ Body: Static<typeof FaultRules> }>('/_sim/faults', { schema: replace }, ({ body }) => {
    simulation.planFaults(body.rules);
    return list();
  });

  app.delete('/_sim/faults', { schema: { tags, summary: 'Forget the fault plan' } }, () => {
    simulation.faults.clear();
    return list();
  });
}
