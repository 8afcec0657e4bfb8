import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Simulation } from '../../simulation/simulation.ts';
import { isPublicCall } from '../asked/request-path.ts';
import { isoTime } from '../live/state.ts';
import { describeEffects } from './struck.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Bytes of the body after which a planned fault ends the connection, or null. */
    cutAfterBytes: number | null;
    /** Names in the answer; 0 where it is no listing. */
    listedFiles: number;
  }
}

/** Notes each request to the public API with what became of it, once its answer has left or its connection has ended. */
export function addJournal(app: FastifyInstance, simulation: Simulation, nodeName: string): void {
  app.decorateRequest('cutAfterBytes', null);
  app.decorateRequest('listedFiles', 0);
  app.addHook('onRequest', (request, reply, done) => {
    const { life } = simulation;
    if (isPublicCall(request)) {
      reply.raw.once('close', () => {
        // What was asked before a reset is no part of what comes after it.
        if (!life.aborted) note(simulation, nodeName, request, reply);
      });
    }
    done();
  });
}

function note(simulation: Simulation, node: string, request: FastifyRequest, reply: FastifyReply): void {
  const entry = {
    virtualTime: isoTime(request.arrivedAtMs),
    node,
    method: request.method,
    ...request.shown,
    status: reply.raw.headersSent ? reply.raw.statusCode : 0,
    bytes: sentBytes(request, reply),
    fault: describeEffects(request),
  };
  simulation.journal.note(entry);
  simulation.recorder.noteRequest({ ...entry, listedFiles: request.listedFiles });
}

/** An answer leaves in one piece, so of one that its reader did not wait for nothing counts. */
function sentBytes(request: FastifyRequest, reply: FastifyReply): number {
  if (request.method === 'HEAD') return 0;
  if (request.cutAfterBytes !== null) return request.cutAfterBytes;
  return reply.raw.writableFinished ? Number(reply.getHeader('content-length') ?? 0) : 0;
}
