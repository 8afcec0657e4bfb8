import type { ClusterEvent } from '../../cluster/terms/cluster-event.ts';
import type { JournalEntry } from '../../simulation/request-journal.ts';

/** What happens in the cluster, as it goes over the wire: times are ISO 8601 virtual times. */
export type Happening = OverTheWire<ClusterEvent>;

/** The messages of `GET /_sim/events` by their names. */
export interface StreamMessages {
  /** The first message; afterwards whenever time has moved or a change is in all files. */
  readonly clock: { readonly now: string };
  readonly cluster: Happening;
  /** An entry of the journal; its `seq` is the message's id. */
  readonly request: JournalEntry;
  /** The fault plan is another one, or one of its rules has fired: `GET /_sim/faults` tells all of it. */
  readonly faults: { readonly rules: number };
  /** The last message of a stream that the server ends, and why. */
  readonly end: { readonly reason: string };
}

/** Distributes over the union, so that each kind keeps its own fields. */
type OverTheWire<Event> = Event extends { readonly atMs: number }
  ? Omit<Event, 'atMs'> & { readonly virtualTime: string }
  : never;
