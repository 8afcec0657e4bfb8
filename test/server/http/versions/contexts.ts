import { eventStore, everywhere, files, list, type Answer, type Answers, type Row } from './expectation.ts';
import { withoutEventStore } from './framework-errors.ts';

/* The context `orders` has the closed segment 0 and the open one 2. */

function missingWorker(context: string, contentType: string): Answers {
  const answer: Answer = {
    status: 503,
    contentType,
    headers: { 'axoniq-errorcode': 'AXONIQ-6000' },
    body: { text: `[AXONIQ-6000] Missing worker for context: ${context}` },
  };
  return { ...everywhere(answer), ...withoutEventStore };
}

export const contexts: readonly Row[] = [
  {
    name: '/filenames of another context than the default one',
    call: 'GET /v1/backup/filenames?type=EVENT&context=orders',
    answers: {
      documented: list('documented', files('{orders}', '0.bloom 0.events 0.index')),
      '4.2': list('4.2', files('{dot-orders}', '0.events 0.index 0.bloom')),
      '4.5': list('4.5', files('{dot-orders}', '0.events 0.index 0.bloom')),
      '4.6': list('4.6', files('{canonical-orders}', '0.events 0.index 0.bloom')),
      '2023.2': list('2023.2', files('{dot-orders}', '0.bloom 0.events 0.index')),
    },
    source: 'endpoints 1.2, 1.4; segments 7.1',
  },
  {
    name: '/eventstore of another context than the default one, by the name of its own parameter',
    call: 'GET /v1/backup/eventstore?type=EVENT&targetContext=orders',
    answers: {
      ...withoutEventStore,
      documented: eventStore('documented', 0, files('{orders}', '0.bloom 0.events 0.index 2.events')),
      '4.6': eventStore('4.6', 0, files('{canonical-orders}', '2.events 0.events 0.index 0.bloom')),
      '2023.2': eventStore(
        '2023.2',
        0,
        files('{canonical-orders}', '2.events'),
        files('{dot-orders}', '0.bloom 0.events 0.index'),
      ),
    },
    source: 'endpoints 1.2, 1.4; segments 7.1',
  },
  {
    name: 'a type of which nothing is closed yet has an empty list',
    call: 'GET /v1/backup/filenames?type=SNAPSHOT&context=orders',
    answers: everywhere((version) => list(version, [])),
    source: 'endpoints 1.3 (empty → [])',
  },
  {
    name: 'while nothing is closed the last closed segment is -1 and the open file stands alone',
    call: 'GET /v1/backup/eventstore?type=SNAPSHOT&targetContext=orders',
    answers: {
      ...withoutEventStore,
      documented: eventStore('documented', -1, files('{orders}', '0.snapshots')),
      '4.6': eventStore('4.6', -1, files('{canonical-orders}', '0.snapshots')),
      '2023.2': eventStore('2023.2', -1, files('{canonical-orders}', '0.snapshots')),
    },
    source: 'endpoints 1.4; segments 7.3',
  },
  {
    name: 'a context that nobody knows has no worker in /eventstore',
    call: 'GET /v1/backup/eventstore?type=EVENT&targetContext=nowhere',
    answers: missingWorker('nowhere', 'text/plain;…'),
    source: 'endpoints 1.5, 1.6 (1); segments 7.5; contract 5',
  },
  {
    name: 'that failure is unquoted text all the same for who accepts JSON, and is called JSON',
    call: 'GET /v1/backup/eventstore?type=EVENT&targetContext=nowhere',
    headers: { Accept: 'application/json' },
    answers: missingWorker('nowhere', 'application/json'),
    source: 'endpoints 1.6 (1: from 2023.1 or 2023.2 the body may be another, the default is the same text)',
  },
  {
    name: '_admin has no worker in /eventstore',
    call: 'GET /v1/backup/eventstore?type=EVENT&targetContext=_admin',
    answers: missingWorker('_admin', 'text/plain;…'),
    source: 'endpoints 1.5, 6 (not stored on this node)',
  },
];
