import { emptyList, eventStore, files, halfPage, list, type Answers, type Row } from './expectation.ts';
import { frameworkError, withoutEventStore } from './framework-errors.ts';
import { allClosed, allClosedAndOpen, onlyOpen } from './listings.ts';

const FILENAMES = '/v1/backup/filenames';
const EVENT_STORE = '/v1/backup/eventstore';

const ascendingAbove0 = '6.bloom 6.events 6.index 12.bloom 12.events 12.index';
const dataThenIndexesAbove0 = '12.events 6.events 12.index 12.bloom 6.index 6.bloom';

const closedAbove0: Answers = {
  documented: list('documented', files('{events}', ascendingAbove0)),
  '4.2': list('4.2', files('{dot-events}', '12.events 12.index 12.bloom 6.events 6.index 6.bloom')),
  '4.5': list('4.5', files('{dot-events}', dataThenIndexesAbove0)),
  '4.6': list('4.6', files('{canonical}', dataThenIndexesAbove0)),
  '2023.2': list('2023.2', files('{dot-events}', ascendingAbove0)),
};

const closedAbove6: Answers = {
  documented: list('documented', files('{events}', '12.bloom 12.events 12.index')),
  '4.2': list('4.2', files('{dot-events}', '12.events 12.index 12.bloom')),
  '4.5': list('4.5', files('{dot-events}', '12.events 12.index 12.bloom')),
  '4.6': list('4.6', files('{canonical}', '12.events 12.index 12.bloom')),
  '2023.2': list('2023.2', files('{dot-events}', '12.bloom 12.events 12.index')),
};

const noNumber: Answers = {
  documented: frameworkError('documented', 400, FILENAMES, /\S/),
  '4.2': {
    ...frameworkError('4.2', 500, FILENAMES, /^Failed to convert value of type .* For input string: "/),
    ...halfPage,
  },
  '4.5': { ...frameworkError('4.5', 500, FILENAMES), ...halfPage },
  '4.6': { ...frameworkError('4.6', 500, FILENAMES), ...halfPage },
  '2023.2': { ...frameworkError('2023.2', 500, FILENAMES), ...halfPage },
};

const noNumberInEventStore: Answers = {
  ...withoutEventStore,
  documented: frameworkError('documented', 400, EVENT_STORE, /\S/),
  '4.6': { ...frameworkError('4.6', 500, EVENT_STORE), ...halfPage },
  '2023.2': { ...frameworkError('2023.2', 500, EVENT_STORE), ...halfPage },
};

const cursor = 'endpoints 1.2, 1.4 (cursor); segments 7.1';
const badNumber = 'endpoints 1.5 (non-numeric or overflowing cursor), 1.6; contract 5';

export const numbers: readonly Row[] = [
  {
    name: 'cursor -1 leaves nothing out',
    call: `GET ${FILENAMES}?type=EVENT&lastSegmentBackedUp=-1`,
    answers: allClosed,
    source: cursor,
  },
  {
    name: 'cursor 0 leaves segment 0 out',
    call: `GET ${FILENAMES}?type=EVENT&lastSegmentBackedUp=0`,
    answers: closedAbove0,
    source: cursor,
  },
  {
    name: 'a cursor between two segments leaves out those below it',
    call: `GET ${FILENAMES}?type=EVENT&lastSegmentBackedUp=11`,
    answers: closedAbove6,
    source: cursor,
  },
  {
    name: 'the last closed segment as cursor leaves nothing',
    call: `GET ${FILENAMES}?type=EVENT&lastSegmentBackedUp=12`,
    answers: emptyList,
    source: cursor,
  },
  {
    name: 'an empty cursor is the default one',
    call: `GET ${FILENAMES}?type=EVENT&lastSegmentBackedUp=`,
    answers: allClosed,
    source: 'endpoints 1.2 (empty optional number)',
  },
  {
    name: 'the largest number of 64 bits is a cursor',
    call: `GET ${FILENAMES}?type=EVENT&lastSegmentBackedUp=9223372036854775807`,
    answers: emptyList,
    source: 'endpoints 1.2 (int64)',
  },
  {
    name: 'a cursor that is beyond what a double holds exactly',
    call: `GET ${FILENAMES}?type=EVENT&lastSegmentBackedUp=9000000000000000001`,
    answers: emptyList,
    source: 'endpoints 1.2 (int64)',
  },
  {
    name: 'a cursor that is no number',
    call: `GET ${FILENAMES}?type=EVENT&lastSegmentBackedUp=abc`,
    answers: noNumber,
    source: badNumber,
  },
  {
    name: 'a cursor of 64 bits and one more',
    call: `GET ${FILENAMES}?type=EVENT&lastSegmentBackedUp=9223372036854775808`,
    answers: noNumber,
    source: badNumber,
  },
  {
    name: 'a cursor with an exponent',
    call: `GET ${FILENAMES}?type=EVENT&lastSegmentBackedUp=9e18`,
    answers: noNumber,
    source: badNumber,
  },
  {
    name: 'cursor -1 in /eventstore leaves nothing out',
    call: `GET ${EVENT_STORE}?type=EVENT&lastClosedSegmentBackedUp=-1`,
    answers: allClosedAndOpen,
    source: cursor,
  },
  {
    name: 'cursor 0 in /eventstore leaves segment 0 out',
    call: `GET ${EVENT_STORE}?type=EVENT&lastClosedSegmentBackedUp=0`,
    answers: {
      ...withoutEventStore,
      documented: eventStore('documented', 12, files('{events}', `${ascendingAbove0} 18.events`)),
      '4.6': eventStore('4.6', 12, files('{canonical}', `18.events ${dataThenIndexesAbove0}`)),
      '2023.2': eventStore('2023.2', 12, files('{canonical}', '18.events'), files('{dot-events}', ascendingAbove0)),
    },
    source: `${cursor}, 7.3`,
  },
  {
    name: 'the last closed segment as cursor in /eventstore leaves the open one',
    call: `GET ${EVENT_STORE}?type=EVENT&lastClosedSegmentBackedUp=12`,
    answers: onlyOpen,
    source: `${cursor}, 7.2, 7.3`,
  },
  {
    name: 'a cursor at the open segment does not leave that out',
    call: `GET ${EVENT_STORE}?type=EVENT&lastClosedSegmentBackedUp=18`,
    answers: onlyOpen,
    source: `${cursor}, 7.2`,
  },
  {
    name: 'the largest number of 64 bits is a cursor in /eventstore',
    call: `GET ${EVENT_STORE}?type=EVENT&lastClosedSegmentBackedUp=9223372036854775807`,
    answers: onlyOpen,
    source: `${cursor}, 7.2`,
  },
  {
    name: 'an empty cursor in /eventstore is the default one',
    call: `GET ${EVENT_STORE}?type=EVENT&lastClosedSegmentBackedUp=`,
    answers: allClosedAndOpen,
    source: 'endpoints 1.2 (empty optional number)',
  },
  {
    name: 'a cursor that is no number in /eventstore',
    call: `GET ${EVENT_STORE}?type=EVENT&lastClosedSegmentBackedUp=abc`,
    answers: noNumberInEventStore,
    source: badNumber,
  },
  {
    name: 'a cursor of 64 bits and one more in /eventstore',
    call: `GET ${EVENT_STORE}?type=EVENT&lastClosedSegmentBackedUp=9223372036854775808`,
    answers: noNumberInEventStore,
    source: badNumber,
  },
];
