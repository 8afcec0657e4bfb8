import { everywhere, halfPage, type Answer, type Answers, type Row } from './expectation.ts';
import { frameworkError, withoutEventStore } from './framework-errors.ts';
import { allClosed, allClosedAndOpen } from './listings.ts';

const FILENAMES = '/v1/backup/filenames';
const EVENT_STORE = '/v1/backup/eventstore';

/** 2023's own answer to a type that it does not know. */
const nothingAtAll: Answer = { status: 400, headers: { 'axoniq-errorcode': null }, body: { text: '' } };

/** Up to 4.6 a bad type is the name of a page that is not there; 4.2 still says what was wrong, as recorded. */
function noConstant(type: string): string {
  return `No enum constant io.axoniq.axonserver.localstorage.EventType.${type}`;
}

function badInFilenames(type: string): Answers {
  return {
    documented: frameworkError('documented', 400, FILENAMES, /\S/),
    '4.2': { ...frameworkError('4.2', 500, FILENAMES, noConstant(type)), ...halfPage },
    '4.5': { ...frameworkError('4.5', 500, FILENAMES), ...halfPage },
    '4.6': { ...frameworkError('4.6', 500, FILENAMES), ...halfPage },
    '2023.2': nothingAtAll,
  };
}

function badInEventStore(in2023: Answer): Answers {
  return {
    ...withoutEventStore,
    documented: frameworkError('documented', 400, EVENT_STORE, /\S/),
    '4.6': { ...frameworkError('4.6', 500, EVENT_STORE), ...halfPage },
    '2023.2': in2023,
  };
}

/** Where only a part of the controller takes the type in any letters. */
const failsInThePartThatDoesNot = { ...frameworkError('2023.2', 500, EVENT_STORE), ...halfPage };

const missing: Answers = {
  ...everywhere((version) => frameworkError(version, 400, FILENAMES)),
  documented: frameworkError('documented', 400, FILENAMES, /type/),
  '4.2': frameworkError('4.2', 400, FILENAMES, "Required String parameter 'type' is not present"),
};

const badType =
  'endpoints 1.5 (500 up to 4.6, confirmed by an issue; segments 7.5 has 400 and calls it unverified), 1.6; contract 5';

export const types: readonly Row[] = [
  {
    name: 'a type with a capital letter, as the manual once spelt it, in /filenames',
    call: `GET ${FILENAMES}?type=Event`,
    answers: { ...badInFilenames('Event'), documented: allClosed.documented, '2023.2': allClosed['2023.2'] },
    source: badType,
  },
  {
    name: 'a type with a capital letter in /eventstore',
    call: `GET ${EVENT_STORE}?type=Event`,
    answers: { ...badInEventStore(failsInThePartThatDoesNot), documented: allClosedAndOpen.documented },
    source: `${badType}; segments 7.5 has 400 for 2023, unverified`,
  },
  {
    name: 'a type in small letters in /filenames',
    call: `GET ${FILENAMES}?type=event`,
    answers: { ...badInFilenames('event'), '2023.2': allClosed['2023.2'] },
    source: badType,
  },
  {
    name: 'a type in small letters in /eventstore',
    call: `GET ${EVENT_STORE}?type=event`,
    answers: badInEventStore(failsInThePartThatDoesNot),
    source: `${badType}; segments 7.5 has 400 for 2023, unverified`,
  },
  {
    name: 'a type that there is not in /filenames',
    call: `GET ${FILENAMES}?type=foo`,
    answers: badInFilenames('foo'),
    source: `${badType}, 1.6 (3)`,
  },
  {
    name: 'a type that there is not in /eventstore',
    call: `GET ${EVENT_STORE}?type=foo`,
    answers: badInEventStore(nothingAtAll),
    source: `${badType}, 1.6 (3)`,
  },
  {
    name: 'an empty type is a bad one, not a missing one, in /filenames',
    call: `GET ${FILENAMES}?type=`,
    answers: { ...badInFilenames(''), '4.2': frameworkError('4.2', 500, FILENAMES) },
    source: `endpoints 1.2 (empty type), 9 (2023: 400 empty); ${badType}`,
  },
  {
    name: 'an empty type in /eventstore',
    call: `GET ${EVENT_STORE}?type=`,
    answers: badInEventStore(nothingAtAll),
    source: `endpoints 1.2 (empty type), 9 (2023: 400 empty); ${badType}`,
  },
  {
    name: 'no type in /filenames',
    call: `GET ${FILENAMES}`,
    answers: missing,
    source: 'endpoints 1.5, 1.6 (2); contract 5',
  },
  {
    name: 'no type in /eventstore',
    call: `GET ${EVENT_STORE}`,
    answers: {
      ...everywhere((version) => frameworkError(version, 400, EVENT_STORE)),
      ...withoutEventStore,
      documented: frameworkError('documented', 400, EVENT_STORE, /type/),
    },
    source: 'endpoints 1.5, 1.6 (2); contract 5',
  },
  {
    name: 'a type whose name is in other letters is no type',
    call: `GET ${FILENAMES}?Type=EVENT`,
    answers: missing,
    source: 'endpoints 1.2 (names are case-sensitive), 1.5',
  },
  {
    name: 'a bad type in a context that nobody knows is still a bad type',
    call: `GET ${FILENAMES}?type=foo&context=nowhere`,
    answers: badInFilenames('foo'),
    source: `${badType} (parameters are converted before anything is looked up)`,
  },
];
