import type { Fault } from '../../../server/index.ts';
import type { Step } from '../scenario.ts';
import { strikeLists } from './strike-lists.ts';

/** What a proxy, a half-configured gateway or a later release may put in the place of a list: JSON, and no list. */
const shapes: readonly string[] = ['{}', '"try again later"', '0', 'null'];

type Strike = (fault: Pick<Fault, 'do' | 'times'>) => readonly Fault[];

export const strikePost: Strike = (fault) => [
  { match: { path: '/v1/backup/createControlDbBackup', method: 'POST' }, ...fault },
];
export const strikeLogs: Strike = (fault) => [{ match: { path: '/v1/backup/log/filenames', method: 'GET' }, ...fault }];
export const strikeEvents: Strike = (fault) => strikeLists('EVENT', fault);
export const strikeSnapshots: Strike = (fault) => strikeLists('SNAPSHOT', fault);

/** A run for each of the shapes, in the place of one kind of answer. */
export function runsThatMeet(strike: Strike, times?: number): Step[] {
  return shapes.flatMap((body): Step[] => [
    { kind: 'plan-faults', rules: strike({ do: { body }, ...(times === undefined ? {} : { times }) }) },
    { kind: 'run' },
  ]);
}
