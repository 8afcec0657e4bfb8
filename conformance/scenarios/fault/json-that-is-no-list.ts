import { aFewSegments, clearFaults, growing, logIsCleaned, run, type Scenario, type Step } from '../parts.ts';
import type { Fault } from '../../../server/index.ts';
import { strikeLists } from './strike-lists.ts';

/**
 * What a proxy, a half-configured gateway or a later release may put in the place of a list: nothing at all, or JSON that is no list.
 * The last one has the key that a client of `eventstore` looks for, and no names under it.
 */
export const shapesOfNoList: readonly string[] = ['', '{}', '"try again later"', '0', 'null', '{"filenames":{}}'];

type Strike = (fault: Pick<Fault, 'do' | 'times'>) => readonly Fault[];

export const strikePost: Strike = (fault) => [
  { match: { path: '/v1/backup/createControlDbBackup', method: 'POST' }, ...fault },
];
export const strikeLogs: Strike = (fault) => [{ match: { path: '/v1/backup/log/filenames', method: 'GET' }, ...fault }];
export const strikeEvents: Strike = (fault) => strikeLists('EVENT', fault);
export const strikeSnapshots: Strike = (fault) => strikeLists('SNAPSHOT', fault);

/** A good run, then those that meet what is no list, and a good one again when all is well. */
export function noListIn(meetings: readonly Step[]): Pick<Scenario, 'cluster' | 'steps'> {
  return {
    cluster: growing,
    steps: [...aFewSegments, run, ...aFewSegments, ...meetings, clearFaults, ...logIsCleaned, run],
  };
}

/** A run for each of the shapes, in the place of one kind of answer. */
export function runsThatMeet(strike: Strike, times?: number): Step[] {
  return shapesOfNoList.flatMap((body): Step[] => [
    { kind: 'plan-faults', rules: strike({ do: { body }, ...(times === undefined ? {} : { times }) }) },
    run,
  ]);
}
