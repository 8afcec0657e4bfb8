import type { Fault } from '../../server/index.ts';

type FaultAction = keyof Fault['do'];

export interface ListedFault {
  readonly action: FaultAction;
  readonly meaning: string;
  /** A rule for `PUT /_sim/faults`. */
  readonly example: Fault;
}

const faults: Readonly<Record<FaultAction, Omit<ListedFault, 'action'>>> = {
  status: {
    meaning: 'an error status instead of the answer',
    example: { match: { method: 'POST', path: '/v1/backup/createControlDbBackup' }, do: { status: 503 }, times: 1 },
  },
  delay: {
    meaning: 'the answer comes late',
    example: { match: { path: '/v1/backup/*' }, do: { delay: '5s' }, times: 1 },
  },
  reset: {
    meaning: 'the connection ends without an answer',
    example: { match: { path: '/v1/backup/log/filenames', nth: 2 }, do: { reset: true }, times: 1 },
  },
  truncateAt: {
    meaning: 'the connection ends after so many bytes of the body',
    example: { match: { path: '/v1/backup/filenames', query: { type: 'EVENT' } }, do: { truncateAt: 100 }, times: 1 },
  },
  cut: {
    meaning: 'the connection ends when half of the body, or its last byte, is missing',
    example: { match: { path: '/v1/backup/log/filenames' }, do: { cut: 'last-byte' }, times: 1 },
  },
  body: {
    meaning: 'another body instead of the real one',
    example: { match: { path: '/v1/backup/filenames', node: 'node-1' }, do: { body: '[]' }, times: 0 },
  },
};

/** What the control API can do to a request, each with an example. */
export const listedFaults: readonly ListedFault[] = Object.entries(faults).map(([action, fault]) => ({
  action: action as FaultAction,
  ...fault,
}));
