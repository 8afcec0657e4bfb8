import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from '../../schema-type.ts';
import { AxonError } from '../../errors.ts';
import type { Simulation } from '../../simulation/simulation.ts';
import { textTypeFor } from '../answers/accepted-types.ts';
import { sendAxonError, sendJson, sendNegotiatedText } from '../answers/error-bodies.ts';

const tags = ['Backup Info Rest Controller'];
const PATH = '/v2/backup';
/** A context and a path. */
const MOST_BODY_BYTES = 64 * 1024;

const RequestBody = Type.Object({
  context: Type.String({ description: 'a context with a dynamic consistency boundary', examples: ['billing'] }),
  location: Type.String({
    description: 'absolute path of a folder on the server, which writes into a folder of the context in it',
    examples: ['/mnt/backups'],
  }),
});

/**
 * Backups of contexts with a dynamic consistency boundary (docs/newer-versions.md, section 3). Known are the paths, the two fields of
 * the request, that it is answered with an id, and `backupState` with `FINISHED`. All else is chosen: that the id is bare text, and a text of JSON for whoever
 * takes nothing else, what the list looks like, the other states, and every refusal, which is text that says why.
 */
export function registerDcbBackupRoutes(app: FastifyInstance, simulation: Simulation, nodeName: string): void {
  void app.register(async (scope) => {
    readAnyBody(scope);
    registerStart(scope, simulation, nodeName);
    registerStates(scope, simulation, nodeName);
  });
}

function registerStart(scope: FastifyInstance, simulation: Simulation, nodeName: string): void {
  const schema = {
    tags,
    summary: 'Have the server write a backup of a context with a dynamic consistency boundary',
    description: 'Answers at once, with the id of the backup as bare text; ask for its state until that is FINISHED.',
    body: RequestBody,
  };
  const options = { schema, attachValidation: true, bodyLimit: MOST_BODY_BYTES };
  scope.post<{ Body: unknown }>(PATH, options, (request, reply) => {
    const asked = readBody(request.body);
    if (asked === null) {
      return refuse(request, reply, simulation, 'the body must be JSON with the texts "context" and "location"');
    }
    return answer(request, reply, simulation, () => {
      const id = simulation.cluster.dcb.backups.start(nodeName, asked.context, asked.location);
      // Whoever asks for JSON gets some.
      const isJson = textTypeFor(request, simulation.behaviour)?.includes('json') === true;
      return sendNegotiatedText(request, reply, isJson ? JSON.stringify(id) : id, simulation.behaviour);
    });
  });
}

function registerStates(scope: FastifyInstance, simulation: Simulation, nodeName: string): void {
  const all = { tags, summary: 'The states of all backups that this node knows, by their ids' };
  scope.get(PATH, { schema: all }, (request, reply) => {
    const states = [...simulation.cluster.dcb.backups.statesOn(nodeName)];
    const byId = Object.fromEntries(states.map(([id, backupState]) => [id, { backupState }]));
    return sendJson(request, reply, JSON.stringify(byId), simulation.behaviour);
  });

  const one = {
    tags,
    summary: 'The state of a backup',
    description: '`backupState` is FINISHED once all is written; RUNNING and FAILED are names of the simulator.',
    params: Type.Object({ id: Type.String() }),
  };
  scope.get<{ Params: { readonly id: string } }>(`${PATH}/:id`, { schema: one }, (request, reply) =>
    answer(request, reply, simulation, () => {
      const backupState = simulation.cluster.dcb.backups.stateOf(nodeName, request.params.id);
      if (backupState === null) throw new AxonError('backup-not-found', 'this node knows no backup of that id');
      return sendJson(request, reply, JSON.stringify({ backupState }), simulation.behaviour);
    }),
  );
}

/** What it is said to be was dropped before: JSON, or nothing that can be taken for it. */
function readAnyBody(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, JSON.parse(String(body)));
    } catch {
      done(null, null);
    }
  });
}

function readBody(body: unknown): { readonly context: string; readonly location: string } | null {
  if (typeof body !== 'object' || body === null) return null;
  const { context, location } = body as Readonly<Record<string, unknown>>;
  return typeof context === 'string' && typeof location === 'string' ? { context, location } : null;
}

/** A refusal is told, in text: the releases that have these paths leave the message out of the framework's errors. */
function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  simulation: Simulation,
  respond: () => FastifyReply,
): FastifyReply {
  try {
    return respond();
  } catch (error) {
    if (!(error instanceof AxonError)) throw error;
    return sendAxonError(request, reply, error, simulation.behaviour);
  }
}

function refuse(request: FastifyRequest, reply: FastifyReply, { behaviour }: Simulation, why: string): FastifyReply {
  return sendNegotiatedText(request, reply.code(400), why, behaviour);
}
