import type { FastifyInstance } from 'fastify';
import { Type, type Static } from '../../schema-type.ts';
import { parseLimitedDuration } from '../../simulation/longest-duration.ts';
import type { Simulation } from '../../simulation/simulation.ts';
import { recordedTimeline } from './recorded-timeline.ts';

const NodeParameter = Type.Object({ node: Type.String() });

const TimelineQuery = Type.Object({
  window: Type.String({ default: '3h', description: 'how much of the past: a duration' }),
  width: Type.String({ pattern: '^[0-9]{3,4}$', default: '1280', description: 'pixels, 480 at least' }),
});

/** `GET /_sim/nodes/:node/timeline.svg`: the recent past of a node, and what it plans, as a picture. */
export function registerTimeline(app: FastifyInstance, simulation: Simulation): void {
  const schema = {
    tags: ['Control API'],
    summary: "A node's recent past as a picture: segments, logs, cleaning, requests",
    params: NodeParameter,
    querystring: TimelineQuery,
  };
  app.get<{ Params: Static<typeof NodeParameter>; Querystring: Static<typeof TimelineQuery> }>(
    '/_sim/nodes/:node/timeline.svg',
    { schema },
    async ({ params, query }, reply) => {
      const windowMs = parseLimitedDuration(query.window, 'window');
      const { name } = simulation.cluster.node(params.node);
      // What draws is loaded for the first picture: a cluster that nobody looks at starts without it.
      const { drawTimeline } = await import('../../../timeline/index.ts');
      const svg = drawTimeline(recordedTimeline(simulation, name, windowMs), { widthPx: Number(query.width) });
      reply.header('cache-control', 'no-store');
      // As a picture of its own it is opened like a page; nothing in it is to run or to be fetched.
      reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
      return reply.type('image/svg+xml').send(svg);
    },
  );
}
