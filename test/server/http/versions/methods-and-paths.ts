import type { SourcedVersion } from '../../../../server/versions/behaviour-row.ts';
import { everywhere, type Answer, type Row } from './expectation.ts';
import { frameworkError, frameworkErrors, withoutEventStore } from './framework-errors.ts';

/** GET is what the list endpoints know. */
function onlyGet(path: string): Record<SourcedVersion, Answer> {
  return everywhere((version) => ({ ...frameworkError(version, 405, path), allow: ['GET'] }));
}

const page: Answer = { status: 0, contentType: 'text/html;…', body: { textLike: /AxonDashboard: Error/ } };
const wrongMethod = 'endpoints 1.5 (405 with Allow; its value is not given beyond the handler’s methods), 1.6 (2)';

export const methodsAndPaths: readonly Row[] = [
  {
    name: 'POST on /filenames',
    call: 'POST /v1/backup/filenames?type=EVENT',
    answers: onlyGet('/v1/backup/filenames'),
    source: wrongMethod,
  },
  {
    name: 'DELETE on /filenames',
    call: 'DELETE /v1/backup/filenames?type=EVENT',
    answers: onlyGet('/v1/backup/filenames'),
    source: wrongMethod,
  },
  {
    name: 'POST on /eventstore, where there is such a path',
    call: 'POST /v1/backup/eventstore?type=EVENT',
    answers: { ...onlyGet('/v1/backup/eventstore'), ...withoutEventStore },
    source: `${wrongMethod}; recorded: 404 where there is none`,
  },
  {
    name: 'POST on the log list',
    call: 'POST /v1/backup/log/filenames',
    answers: onlyGet('/v1/backup/log/filenames'),
    source: wrongMethod,
  },
  {
    name: 'POST on a path that nobody knows',
    call: 'POST /v1/backup/nowhere',
    answers: frameworkErrors(404, '/v1/backup/nowhere'),
    source: 'recorded, against endpoints 1.5 (405 rather than 404, inferred)',
  },
  {
    name: 'a path that nobody knows',
    call: 'GET /v1/backup/nowhere',
    answers: frameworkErrors(404, '/v1/backup/nowhere'),
    source: 'endpoints 1.5, 1.6 (2)',
  },
  {
    name: 'a slash behind the path',
    call: 'GET /v1/backup/filenames/?type=EVENT',
    answers: frameworkErrors(404, '/v1/backup/filenames/'),
    source: 'endpoints 1.5 (4.2+: 404)',
  },
  {
    name: 'a slash behind /eventstore',
    call: 'GET /v1/backup/eventstore/?type=EVENT',
    answers: frameworkErrors(404, '/v1/backup/eventstore/'),
    source: 'endpoints 1.5 (4.2+: 404)',
  },
  {
    name: 'a path in other letters',
    call: 'GET /V1/backup/filenames?type=EVENT',
    answers: frameworkErrors(404, '/V1/backup/filenames'),
    source: 'endpoints 1.5 (path case)',
  },
  {
    name: 'a failure for a browser is a page',
    call: 'GET /v1/backup/filenames',
    headers: { Accept: 'text/html' },
    answers: everywhere({ ...page, status: 400 }),
    source: 'endpoints 1.6 (2)',
  },
  {
    name: 'a path that nobody knows is a page for a browser',
    call: 'GET /v1/backup/nowhere',
    headers: { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
    answers: everywhere({ ...page, status: 404 }),
    source: 'endpoints 1.6 (2)',
  },
  {
    name: 'a bad type is a page for a browser, and in 2023 nothing at all',
    call: 'GET /v1/backup/filenames?type=foo',
    headers: { Accept: 'text/html' },
    answers: {
      ...everywhere({ ...page, status: 500 }),
      documented: { ...page, status: 400 },
      '2023.2': { status: 400, body: { text: '' } },
    },
    source: 'endpoints 1.6 (2 and 3), 1.5 (the 406 of 1.3 is said of lists, not of failures)',
  },
  {
    name: 'a cursor that is no number is a page for a browser',
    call: 'GET /v1/backup/filenames?type=EVENT&lastSegmentBackedUp=abc',
    headers: { Accept: 'text/html' },
    answers: { ...everywhere({ ...page, status: 500 }), documented: { ...page, status: 400 } },
    source: 'endpoints 1.6 (2), 1.5 (the 406 of 1.3 is said of lists, not of failures)',
  },
  {
    name: 'an empty type in /eventstore is a page for a browser, and in 2023 nothing at all',
    call: 'GET /v1/backup/eventstore?type=',
    headers: { Accept: 'text/html' },
    answers: {
      documented: { ...page, status: 400 },
      '4.2': { ...page, status: withoutEventStore['4.2'].status },
      '4.5': { ...page, status: withoutEventStore['4.5'].status },
      '4.6': { ...page, status: 500 },
      '2023.2': { status: 400, body: { text: '' } },
    },
    source: 'endpoints 1.6 (2 and 3), 1.5',
  },
  {
    name: 'a failure for who accepts JSON is JSON',
    call: 'GET /v1/backup/filenames',
    headers: { Accept: 'application/json' },
    answers: frameworkErrors(400, '/v1/backup/filenames'),
    source: 'endpoints 1.6 (2)',
  },
];
