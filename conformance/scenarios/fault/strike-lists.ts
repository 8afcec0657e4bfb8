import type { EventType, Fault } from '../../../server/index.ts';

/** A fault for lists of one type of segments, however the client spells that and whichever endpoint it asks. */
export function strikeLists(type: EventType, fault: Pick<Fault, 'do' | 'times'>): Fault[] {
  return [{ match: { path: '/v1/backup/*', method: 'GET', query: { type } }, ...fault }];
}
