import { everywhere, type Answer, type Answers, type Row } from './expectation.ts';
import { frameworkError, frameworkErrors } from './framework-errors.ts';

const POST = '/v1/backup/createControlDbBackup';

/**
 * The name of the zip as bare text. Whether the path has a `/./` depends on how the folder is configured, so that both are
 * right; the manual knows no such thing.
 */
function zip(contentType: string): Answers {
  const answer: Answer = {
    status: 200,
    contentType,
    headers: { 'axoniq-errorcode': null },
    body: { textLike: /^\{node\}(?:\/\.)?\/(?:[^/.]+\/)?controldb\d{13}\.zip$/ },
  };
  return {
    ...everywhere(answer),
    documented: { ...answer, body: { textLike: /^\{node\}\/(?:[^/.]+\/)?controldb\d{13}\.zip$/ } },
  };
}

const negotiated = 'endpoints 1.3 (content type), 2.1 (path), 9 (trap 1)';

export const controlDb: readonly Row[] = [
  {
    name: 'a backup of the control database for who says nothing of what it accepts',
    call: `POST ${POST}`,
    answers: zip('text/plain;charset=UTF-8'),
    source: negotiated,
  },
  {
    name: 'a backup of the control database for who accepts anything',
    call: `POST ${POST}`,
    headers: { Accept: '*/*' },
    answers: zip('text/plain;charset=UTF-8'),
    source: negotiated,
  },
  {
    name: 'a backup of the control database for who accepts JSON is unquoted text that is called JSON',
    call: `POST ${POST}`,
    headers: { Accept: 'application/json' },
    answers: zip('application/json;…'),
    source: `${negotiated}; no word of a charset in 4.2`,
  },
  {
    name: 'a backup of the control database for a browser',
    call: `POST ${POST}`,
    headers: { Accept: 'text/html' },
    answers: zip('text/html;…'),
    source: negotiated,
  },
  {
    name: 'a body is not read',
    call: `POST ${POST}`,
    headers: { 'Content-Type': 'application/json' },
    body: '{"context":',
    answers: zip('text/plain;charset=UTF-8'),
    source: 'endpoints 1.2 (header and body are not read, no parameters)',
  },
  {
    name: 'parameters are ignored',
    call: `POST ${POST}?context=nowhere&type=foo`,
    answers: zip('text/plain;charset=UTF-8'),
    source: 'endpoints 1.2',
  },
  {
    name: 'the path of the standard edition',
    call: 'POST /createControlDbBackup',
    answers: {
      documented: zip('text/plain;charset=UTF-8').documented,
      '4.2': frameworkError('4.2', 404, '/createControlDbBackup'),
      '4.5': frameworkError('4.5', 404, '/createControlDbBackup'),
      '4.6': 'open',
      '2023.2': 'open',
    },
    source: 'endpoints 1.1 (not in Enterprise up to 4.5.16, later unknown; the manual of 2024 has it), 1.5; contract 3',
  },
  {
    name: 'GET on the path of the backup of the control database',
    call: `GET ${POST}`,
    answers: everywhere((version) => ({ ...frameworkError(version, 405, POST), allow: ['POST'] })),
    source: 'endpoints 1.5 (405 with Allow)',
  },
  {
    name: 'HEAD on the path of the backup of the control database',
    call: `HEAD ${POST}`,
    answers: everywhere({ status: 405, allow: ['POST'], body: { text: '' } }),
    source: 'endpoints 1.5, 1.3 (HEAD goes with GET, which there is not)',
  },
  {
    name: 'PUT on the path of the backup of the control database',
    call: `PUT ${POST}`,
    answers: everywhere((version) => ({ ...frameworkError(version, 405, POST), allow: ['POST'] })),
    source: 'endpoints 1.5 (405 with Allow)',
  },
  {
    name: 'the path of the backup of the control database in other letters, asked with GET',
    call: 'GET /v1/backup/createcontroldbbackup',
    answers: frameworkErrors(404, '/v1/backup/createcontroldbbackup'),
    source: 'endpoints 1.5 (path case)',
  },
];
