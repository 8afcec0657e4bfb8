import type { EventType, Fault } from '../../../server/index.ts';

/** As clients write the types: the server's constants, the manual's words, and what some releases take beside them. */
const spellings: Readonly<Record<EventType, readonly string[]>> = {
  EVENT: ['EVENT', 'Event', 'event'],
  SNAPSHOT: ['SNAPSHOT', 'Snapshot', 'snapshot'],
};

/** A fault for lists of one type of segments, however the client spells it and whichever endpoint it asks. */
export function strikeLists(type: EventType, fault: Pick<Fault, 'do' | 'times'>): Fault[] {
  return spellings[type].map((spelling) => ({
    match: { path: '/v1/backup/*', method: 'GET', query: { type: spelling } },
    ...fault,
  }));
}
