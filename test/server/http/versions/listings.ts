import { emptyList, eventStore, everywhere, files, jsonTypes, list, type Answers, type Row } from './expectation.ts';
import { withoutEventStore } from './framework-errors.ts';

/* The store has the closed segments 0, 6 and 12 and the open one 18; of snapshots 0 and 2 are closed, 4 is open. */

const ascending = '0.bloom 0.events 0.index 6.bloom 6.events 6.index 12.bloom 12.events 12.index';
const dataThenIndexes = '12.events 6.events 0.events 12.index 12.bloom 6.index 6.bloom 0.index 0.bloom';

export const allClosed: Answers = {
  documented: list('documented', files('{events}', ascending)),
  '4.2': list(
    '4.2',
    files('{dot-events}', '12.events 12.index 12.bloom 6.events 6.index 6.bloom 0.events 0.index 0.bloom'),
  ),
  '4.5': list('4.5', files('{dot-events}', dataThenIndexes)),
  '4.6': list('4.6', files('{canonical}', dataThenIndexes)),
  '2023.2': list('2023.2', files('{dot-events}', ascending)),
};

export const allClosedAndOpen: Answers = {
  ...withoutEventStore,
  documented: eventStore('documented', 12, files('{events}', ascending), files('{events}', '18.events')),
  '4.6': eventStore('4.6', 12, files('{canonical}', '18.events'), files('{canonical}', dataThenIndexes)),
  '2023.2': eventStore('2023.2', 12, files('{canonical}', '18.events'), files('{dot-events}', ascending)),
};

/** What /eventstore answers where the cursor leaves out every closed segment. */
export const onlyOpen: Answers = {
  ...withoutEventStore,
  documented: eventStore('documented', 12, files('{events}', '18.events')),
  '4.6': eventStore('4.6', 12, files('{canonical}', '18.events')),
  '2023.2': eventStore('2023.2', 12, files('{canonical}', '18.events')),
};

const snapshotsAscending = '0.sbloom 0.sindex 0.snapshots 2.sbloom 2.sindex 2.snapshots';
const snapshotsThenIndexes = '2.snapshots 0.snapshots 2.sindex 2.sbloom 0.sindex 0.sbloom';
const order = 'endpoints 1.4 (order and path form), 1.3 (content type); segments 7.1; contract 5 (documented)';

export const listings: readonly Row[] = [
  {
    name: 'the closed event segments of the default context',
    call: 'GET /v1/backup/filenames?type=EVENT',
    answers: allClosed,
    source: order,
  },
  {
    name: 'the same where the context is named',
    call: 'GET /v1/backup/filenames?type=EVENT&context=default',
    answers: allClosed,
    source: order,
  },
  {
    name: 'the closed snapshot segments have suffixes of their own',
    call: 'GET /v1/backup/filenames?type=SNAPSHOT',
    answers: {
      documented: list('documented', files('{events}', snapshotsAscending)),
      '4.2': list('4.2', files('{dot-events}', '2.snapshots 2.sindex 2.sbloom 0.snapshots 0.sindex 0.sbloom')),
      '4.5': list('4.5', files('{dot-events}', snapshotsThenIndexes)),
      '4.6': list('4.6', files('{canonical}', snapshotsThenIndexes)),
      '2023.2': list('2023.2', files('{dot-events}', snapshotsAscending)),
    },
    source: `${order}; endpoints 1.4 (file names)`,
  },
  {
    name: 'all event segments with the open one, in front from 4.6 on',
    call: 'GET /v1/backup/eventstore?type=EVENT',
    answers: allClosedAndOpen,
    source: `${order}; endpoints 1.1 (not in Enterprise 4.5.16); 1.3 (two members in order)`,
  },
  {
    name: 'all snapshot segments with the open one',
    call: 'GET /v1/backup/eventstore?type=SNAPSHOT',
    answers: {
      ...withoutEventStore,
      documented: eventStore('documented', 2, files('{events}', `${snapshotsAscending} 4.snapshots`)),
      '4.6': eventStore('4.6', 2, files('{canonical}', `4.snapshots ${snapshotsThenIndexes}`)),
      '2023.2': eventStore('2023.2', 2, files('{canonical}', '4.snapshots'), files('{dot-events}', snapshotsAscending)),
    },
    source: `${order}; segments 7.1 (snapshots: sbloom, sindex, snapshots)`,
  },
  {
    name: 'parameters that nobody knows are ignored by /filenames',
    call: 'GET /v1/backup/filenames?type=EVENT&colour=blue&targetContext=orders&lastClosedSegmentBackedUp=12',
    answers: allClosed,
    source: 'endpoints 1.2',
  },
  {
    name: 'the parameters of /filenames are ignored by /eventstore: default context, from segment 0',
    call: 'GET /v1/backup/eventstore?type=EVENT&context=orders&lastSegmentBackedUp=12',
    answers: allClosedAndOpen,
    source: 'endpoints 1.2, 9 (trap 5)',
  },
  {
    name: 'a cursor whose name is in other letters is ignored',
    call: 'GET /v1/backup/filenames?type=EVENT&lastsegmentbackedup=12',
    answers: allClosed,
    source: 'endpoints 1.2 (names are case-sensitive)',
  },
  {
    name: 'a client that accepts JSON gets the list',
    call: 'GET /v1/backup/filenames?type=EVENT',
    headers: { Accept: 'application/json' },
    answers: allClosed,
    source: 'endpoints 1.3',
  },
  {
    name: 'a client that accepts anything gets the list',
    call: 'GET /v1/backup/eventstore?type=EVENT',
    headers: { Accept: '*/*' },
    answers: allClosedAndOpen,
    source: 'endpoints 1.3',
  },
  {
    name: 'a client that accepts plain text alone gets no list of closed segments',
    call: 'GET /v1/backup/filenames?type=EVENT',
    headers: { Accept: 'text/plain' },
    answers: everywhere({ status: 406 }),
    source: 'endpoints 1.3 (body of the 406 not described)',
  },
  {
    name: 'a client that accepts plain text alone gets no list of the event store',
    call: 'GET /v1/backup/eventstore?type=EVENT',
    headers: { Accept: 'text/plain' },
    answers: { ...everywhere({ status: 406 }), '4.2': { status: 406 }, '4.5': { status: 404 } },
    source: 'endpoints 1.3, 1.1; recorded: 4.2 has 406 for every failure that it cannot tell of as it is asked to',
  },
  {
    name: 'HEAD is answered as GET, without the body',
    call: 'HEAD /v1/backup/filenames?type=EVENT',
    answers: everywhere((version) => ({ status: 200, contentType: jsonTypes[version], body: { text: '' } })),
    source: 'endpoints 1.3',
  },
  {
    name: 'HEAD on /eventstore',
    call: 'HEAD /v1/backup/eventstore?type=EVENT',
    answers: {
      ...everywhere((version) => ({ status: 200, contentType: jsonTypes[version], body: { text: '' } })),
      '4.2': { status: 404, body: { text: '' } },
      '4.5': { status: 404, body: { text: '' } },
    },
    source: 'endpoints 1.3, 1.1',
  },
  {
    name: 'a context that nobody knows has nothing to list in /filenames',
    call: 'GET /v1/backup/filenames?type=EVENT&context=nowhere',
    answers: emptyList,
    source: 'endpoints 1.5, 9 (trap 2); segments 7.5',
  },
  {
    name: '_admin has no event store and nothing to list in /filenames',
    call: 'GET /v1/backup/filenames?type=EVENT&context=_admin',
    answers: emptyList,
    source: 'endpoints 6',
  },
];
