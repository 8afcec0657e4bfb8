/** What an event store holds: two stores for each context, told apart by this in requests, answers and file names. */
export type EventType = 'EVENT' | 'SNAPSHOT';
