import type { TokenOptions } from '../../../../server/index.ts';
import { everywhere, jsonTypes, type Answer, type Answers, type Row } from './expectation.ts';
import { frameworkError, withoutEventStore } from './framework-errors.ts';
import { allClosed, allClosedAndOpen } from './listings.ts';

/* These rows are for a cluster with access control, in which the context `orders` lies in the group `retail`. */

export const tokens: readonly TokenOptions[] = [
  { token: 'of-the-system', roles: [{ context: '_admin', role: 'ADMIN' }] },
  { token: 'of-a-user', roles: [{ context: 'default', role: 'USE_CONTEXT' }] },
  { token: 'of-the-keeper', roles: [{ context: 'orders', role: 'CONTEXT_ADMIN' }] },
  { token: 'of-nobody', roles: [] },
];

const FILENAMES = '/v1/backup/filenames';
const LOG = '/v1/backup/log/filenames';
const POST = '/v1/backup/createControlDbBackup';
const ME = '/v1/public/me';

type Headers = Readonly<Record<string, string>>;

function by(token: string, others: Headers = {}): Headers {
  return { 'AxonIQ-Access-Token': token, ...others };
}

const passes = everywhere({ status: 200 });
const invalidToken = everywhere({
  status: 403,
  headers: { 'axoniq-errorcode': null },
  body: { text: 'Invalid token\r\n' },
});

function unauthorized(path: string): Answers {
  return everywhere((version) => {
    const answer = frameworkError(version, 401, path);
    return { ...answer, headers: { ...answer.headers, 'www-authenticate': 'Basic realm="Realm"' } };
  });
}

function forbidden(path: string): Record<keyof Answers, Answer> {
  return everywhere((version) => frameworkError(version, 403, path));
}

const toLogin = everywhere({ status: 302, headers: { location: /^(?:http:\/\/[^/]+)?\/login$/ } });
const json: Answers = everywhere((version) => ({ status: 200, contentType: jsonTypes[version] }));

const failures = 'endpoints 7 (failures)';
const mapping = 'endpoints 7 (check, operations and their roles)';
const trap = 'endpoints 7 (trap: the group as security context); groups of other names exist from 4.4 on';

export const access: readonly Row[] = [
  {
    name: 'nobody asks for a list',
    call: `GET ${FILENAMES}?type=EVENT`,
    answers: unauthorized(FILENAMES),
    source: failures,
  },
  {
    name: 'nobody asks for a list as JSON',
    call: `GET ${FILENAMES}?type=EVENT`,
    headers: { Accept: 'application/json' },
    answers: unauthorized(FILENAMES),
    source: failures,
  },
  {
    name: 'nobody asks for the log',
    call: `GET ${LOG}`,
    headers: { Accept: '*/*' },
    answers: unauthorized(LOG),
    source: failures,
  },
  {
    name: 'nobody asks for the event store, whether there is that path or not',
    call: 'GET /v1/backup/eventstore?type=EVENT',
    answers: unauthorized('/v1/backup/eventstore'),
    source: `${failures}, /v1/** is protected`,
  },
  { name: 'nobody asks for a backup', call: `POST ${POST}`, answers: unauthorized(POST), source: failures },
  { name: 'nobody asks who the node is', call: `GET ${ME}`, answers: unauthorized(ME), source: failures },
  {
    name: 'a browser without credentials is sent to the login page',
    call: `GET ${FILENAMES}?type=EVENT`,
    headers: { Accept: 'text/html' },
    answers: toLogin,
    source: failures,
  },
  {
    name: 'who accepts plain text and has no credentials is sent to the login page too',
    call: `POST ${POST}`,
    headers: { Accept: 'text/plain' },
    answers: toLogin,
    source: failures,
  },
  {
    name: 'plain text among other types leads to the login page as well',
    call: `GET ${LOG}`,
    headers: { Accept: 'application/json, text/plain, */*' },
    answers: toLogin,
    source: `${failures}: Accept containing text/plain`,
  },
  {
    name: 'a user and a password that nobody knows',
    call: `GET ${FILENAMES}?type=EVENT`,
    headers: { Authorization: `Basic ${Buffer.from('somebody:secret').toString('base64')}` },
    answers: everywhere({ status: 401 }),
    source: `${failures} (Basic, inferred)`,
  },
  {
    name: 'a token that nobody knows asks for a list',
    call: `GET ${FILENAMES}?type=EVENT`,
    headers: by('wrong'),
    answers: invalidToken,
    source: failures,
  },
  {
    name: 'a token that nobody knows is refused as text also to who accepts JSON',
    call: `POST ${POST}`,
    headers: by('wrong', { Accept: 'application/json' }),
    answers: invalidToken,
    source: failures,
  },
  {
    name: 'a token in the header is known',
    call: `GET ${ME}`,
    headers: by('of-nobody'),
    answers: json,
    source: 'endpoints 7 (token; /v1/public/me is for any authenticated caller)',
  },
  {
    name: 'a token in the query is known',
    call: `GET ${ME}?AxonIQ-Access-Token=of-nobody`,
    answers: json,
    source: 'endpoints 7 (token)',
  },
  {
    name: 'a token in a form is known',
    call: `POST ${POST}`,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'AxonIQ-Access-Token=of-the-system',
    answers: passes,
    source: 'endpoints 7 (token: query or form parameter)',
  },
  {
    name: 'a wrong token in the header wins over a good one in the query',
    call: `GET ${ME}?AxonIQ-Access-Token=of-nobody`,
    headers: by('wrong'),
    answers: invalidToken,
    source: 'endpoints 7 (header wins)',
  },
  {
    name: 'a good token in the header wins over a wrong one in the query',
    call: `GET ${ME}?AxonIQ-Access-Token=wrong`,
    headers: by('of-nobody'),
    answers: json,
    source: 'endpoints 7 (header wins)',
  },
  {
    name: 'the token of the system may ask for a backup',
    call: `POST ${POST}`,
    headers: by('of-the-system'),
    answers: passes,
    source: `${mapping}, system token`,
  },
  {
    name: 'a user may not ask for a backup',
    call: `POST ${POST}`,
    headers: by('of-a-user'),
    answers: forbidden(POST),
    source: `${mapping}, ${failures}`,
  },
  {
    name: 'the token of the system is no administrator in a context that a header names',
    call: `POST ${POST}`,
    headers: by('of-the-system', { 'AxonIQ-Context': 'default' }),
    answers: forbidden(POST),
    source: 'endpoints 7 (security context: header first)',
  },
  {
    name: 'a user lists the context where it has its role',
    call: `GET ${FILENAMES}?type=EVENT&context=default`,
    headers: by('of-a-user'),
    answers: allClosed,
    source: mapping,
  },
  {
    name: 'a user does not list another context',
    call: `GET ${FILENAMES}?type=EVENT&context=orders`,
    headers: by('of-a-user'),
    answers: forbidden(FILENAMES),
    source: mapping,
  },
  {
    name: 'the keeper of a context lists it',
    call: `GET ${FILENAMES}?type=EVENT&context=orders`,
    headers: by('of-the-keeper'),
    answers: json,
    source: mapping,
  },
  {
    name: 'a role in _admin is none in another context',
    call: `GET ${FILENAMES}?type=EVENT&context=default`,
    headers: by('of-the-system'),
    answers: forbidden(FILENAMES),
    source: 'endpoints 7 (role and context are compared literally)',
  },
  {
    name: 'where no context is named the role is looked for in _admin, though the list is of default',
    call: `GET ${FILENAMES}?type=EVENT`,
    headers: by('of-the-system'),
    answers: allClosed,
    source: 'endpoints 7 (security context: else _admin), 1.2',
  },
  {
    name: 'where no context is named a role in default does not count',
    call: `GET ${FILENAMES}?type=EVENT`,
    headers: by('of-a-user'),
    answers: forbidden(FILENAMES),
    source: 'endpoints 7 (security context: else _admin)',
  },
  {
    name: 'the context of the header is where the role is looked for, that of the parameter is listed',
    call: `GET ${FILENAMES}?type=EVENT&context=default`,
    headers: by('of-the-system', { 'AxonIQ-Context': '_admin' }),
    answers: allClosed,
    source: 'endpoints 7 (security context: header first)',
  },
  {
    name: 'AxonIQ-Context may be a parameter, which wins over context',
    call: `GET ${FILENAMES}?type=EVENT&context=default&AxonIQ-Context=_admin`,
    headers: by('of-the-system'),
    answers: allClosed,
    source: 'endpoints 7 (security context)',
  },
  {
    name: 'no role counts in a group that is called like no context, not even that of the system',
    call: `GET ${LOG}?context=retail`,
    headers: by('of-the-system'),
    answers: { ...forbidden(LOG), '4.2': 'open' },
    source: trap,
  },
  {
    name: 'not even the keeper of a context in the group gets its log',
    call: `GET ${LOG}?context=retail`,
    headers: by('of-the-keeper'),
    answers: { ...forbidden(LOG), '4.2': 'open' },
    source: trap,
  },
  {
    name: 'the header AxonIQ-Context leads out of that trap',
    call: `GET ${LOG}?context=retail`,
    headers: by('of-the-system', { 'AxonIQ-Context': '_admin' }),
    answers: { ...json, '4.2': 'open' },
    source: trap,
  },
  {
    name: 'a user gets the log of the group that is called like its context',
    call: `GET ${LOG}?context=default`,
    headers: by('of-a-user'),
    answers: json,
    source: mapping,
  },
  {
    name: 'whoever is known may ask for the event store, which is mapped to no function',
    call: 'GET /v1/backup/eventstore?type=EVENT&context=orders',
    headers: by('of-nobody'),
    answers: allClosedAndOpen,
    source: 'endpoints 7 (unmapped URI; no mapping of /eventstore in the public migrations)',
  },
  {
    name: 'the context of a known caller does not matter for the event store',
    call: 'GET /v1/backup/eventstore?type=EVENT&targetContext=nowhere',
    headers: by('of-nobody'),
    answers: { ...everywhere({ status: 503, headers: { 'axoniq-errorcode': 'AXONIQ-6000' } }), ...withoutEventStore },
    source: 'endpoints 7 (unmapped URI), 1.5',
  },
  {
    name: 'replication groups are for whoever is known, since they are mapped under another spelling',
    call: 'GET /v1/public/replicationgroups',
    headers: by('of-nobody'),
    answers: { ...json, '4.2': frameworkError('4.2', 404, '/v1/public/replicationgroups') },
    source: 'endpoints 7 (health and discovery; 4.4+)',
  },
  {
    name: 'the health of the node is for everybody',
    call: 'GET /actuator/health',
    answers: passes,
    source: 'endpoints 7 (open)',
  },
];
