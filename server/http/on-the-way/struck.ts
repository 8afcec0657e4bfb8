import type { FastifyRequest } from 'fastify';
import { bytesLetThrough, describeFault, type FaultAction } from '../../simulation/faults.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The planned fault that strikes it, or null. */
    struck: Struck | null;
  }
}

/** A planned fault that met a request, and what it came to. */
export interface Struck {
  readonly plan: FaultAction;
  /**
   * What the caller got otherwise than it would have got: a cut behind the end of a body, another body that is the same, or
   * a delay of nothing is none.
   */
  readonly effects: Set<keyof FaultAction>;
}

/** Bytes of a body that the fault lets through; null where that is all of it. Notes a cut. */
export function noteCut({ plan, effects }: Struck, body: Buffer): number | null {
  const letThrough = bytesLetThrough(plan, body.length);
  if (letThrough !== null) effects.add(plan.truncateAt === undefined ? 'cut' : 'truncateAt');
  return letThrough;
}

/** In a few words, what a planned fault has changed for the caller; null where it has changed nothing, or there is none. */
export function describeEffects({ struck }: FastifyRequest): string | null {
  if (struck === null || struck.effects.size === 0) return null;
  const changed = Object.entries(struck.plan).filter(([name]) => struck.effects.has(name as keyof FaultAction));
  return describeFault(Object.fromEntries(changed));
}
