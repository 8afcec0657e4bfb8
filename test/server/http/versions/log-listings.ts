import { everywhere, jsonTypes, list, type Answer, type Answers, type Row } from './expectation.ts';
import type { SourcedVersion } from '../../../../server/versions/behaviour-row.ts';
import { frameworkError } from './framework-errors.ts';

/* The log of `default` has closed segments and a current one; that of `_admin` a current one alone. */

function inAnyOrder(version: SourcedVersion, ...namesInAnyOrder: string[]): Answer {
  return { status: 200, contentType: jsonTypes[version], body: { namesInAnyOrder } };
}

const logOfDefault: Answers = {
  documented: list('documented', ['{closed logs, oldest first}', '{current log}']),
  '4.2': list('4.2', ['{closed logs, newest first, each with its index}']),
  '4.5': list('4.5', ['{closed logs, newest first, each with its index}']),
  '4.6': inAnyOrder('4.6', '{current log}', '{closed logs, newest first}'),
  '2023.2': inAnyOrder('2023.2', '{current log}', '{closed logs, newest first}'),
};

const source =
  'endpoints 1.4 (log list), 9 (profiles); contract 5 (documented); the order from 4.5.17 on is open; ' +
  'endpoints 3.1 and 1.3: the folder is `log`, so that the path has no /./';

export const logListings: readonly Row[] = [
  {
    name: 'the log of the group default',
    call: 'GET /v1/backup/log/filenames?context=default',
    answers: logOfDefault,
    source,
  },
  {
    name: 'the log of no group named is that of default',
    call: 'GET /v1/backup/log/filenames',
    answers: logOfDefault,
    source: `${source}; endpoints 1.2`,
  },
  {
    name: 'the parameters of the other lists mean nothing to the log',
    call: 'GET /v1/backup/log/filenames?type=foo&lastSegmentBackedUp=abc&targetContext=nowhere',
    answers: logOfDefault,
    source: `${source}; endpoints 1.2 (unknown parameters)`,
  },
  {
    name: 'a log that has never filled a segment, of the group _admin',
    call: 'GET /v1/backup/log/filenames?context=_admin',
    answers: {
      ...everywhere((version) => list(version, ['{current log of _admin}'])),
      '4.2': list('4.2', []),
      '4.5': list('4.5', []),
    },
    source: 'endpoints 1.4 (so a group that never filled a segment yields []), 6 (_admin has a log)',
  },
  {
    name: 'the log of a group that nobody knows',
    call: 'GET /v1/backup/log/filenames?context=nowhere',
    answers: {
      documented: frameworkError('documented', 500, '/v1/backup/log/filenames'),
      '4.2': frameworkError('4.2', 500, '/v1/backup/log/filenames', 'No message available'),
      '4.5': frameworkError('4.5', 500, '/v1/backup/log/filenames'),
      '4.6': frameworkError('4.6', 500, '/v1/backup/log/filenames'),
      '2023.2': 'open',
    },
    source: 'endpoints 1.5 (500 for 4.0 – 4.6, unknown for 2023), 1.6 (message); 9 calls it open after 4.4.2',
  },
  {
    name: 'a client that accepts plain text alone gets no log list',
    call: 'GET /v1/backup/log/filenames',
    headers: { Accept: 'text/plain' },
    answers: everywhere({ status: 406 }),
    source: 'endpoints 1.3 (body of the 406 not described)',
  },
  {
    name: 'HEAD on the log list',
    call: 'HEAD /v1/backup/log/filenames',
    answers: everywhere((version) => ({ status: 200, contentType: jsonTypes[version], body: { text: '' } })),
    source: 'endpoints 1.3',
  },
];
