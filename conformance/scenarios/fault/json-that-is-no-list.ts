import type { Fault } from '../../../server/index.ts';
import { aFewSegments } from '../a-few-segments.ts';
import { logIsCleaned } from '../log-is-cleaned.ts';
import type { Scenario, Step } from '../scenario.ts';
import { strikeLists } from './strike-lists.ts';

/**
 * What a proxy, a half-configured gateway or a later release may put in the place of a list: JSON, and no list. The last one
 * has the key that a client of `eventstore` looks for, and no names under it.
 */
export const shapesOfNoList: readonly string[] = ['{}', '"try again later"', '0', 'null', '{"filenames":{}}'];

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
    cluster: { rate: 0.2, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
    steps: [
      ...aFewSegments,
      { kind: 'run' },
      ...aFewSegments,
      ...meetings,
      { kind: 'clear-faults' },
      ...logIsCleaned,
      { kind: 'run' },
    ],
  };
}

/** A run for each of the shapes, in the place of one kind of answer. */
export function runsThatMeet(strike: Strike, times?: number): Step[] {
  return shapesOfNoList.flatMap((body): Step[] => [
    { kind: 'plan-faults', rules: strike({ do: { body }, ...(times === undefined ? {} : { times }) }) },
    { kind: 'run' },
  ]);
}
