import type { Action, Step } from './scenario.ts';

/*
 * Steps as scenarios say them, for those that most of them have. Each is plain data, as a scenario file has it; what only a
 * few scenarios do, they spell out.
 */

type Append = Extract<Action, { kind: 'append' }>;

/** A run of the client with node-1, as it is called when nothing is the matter. */
export const run: Step = { kind: 'run' };

/** Virtual time goes by: `90s`, `31m`, `2h`. */
export function advance(by: string): Action {
  return { kind: 'advance', by };
}

/** Transactions of events, in the context `default` unless another is given, of one event of the usual size each. */
export function append(transactions: number, more: Pick<Append, 'context' | 'payloadBytes'> = {}): Action {
  const { context, payloadBytes } = more;
  return {
    kind: 'append',
    ...(context === undefined ? {} : { context }),
    transactions,
    ...(payloadBytes === undefined ? {} : { payloadBytes }),
  };
}

/** The same of snapshots. */
export function appendSnapshots(transactions: number, more: Pick<Append, 'context' | 'payloadBytes'> = {}): Action {
  return { ...append(transactions, more), type: 'SNAPSHOT' } as Action;
}

/** What was planned to go wrong goes wrong no more. */
export const clearFaults: Action = { kind: 'clear-faults' };
