import { emptyList, halfPage, type Row } from './expectation.ts';
import { frameworkError } from './framework-errors.ts';
import { allClosed, allClosedAndOpen, onlyOpen } from './listings.ts';

/* The cursor over versions of segments, which 2023 brought; no version before it reads these parameters. */

const source = 'endpoints 1.2 (2023.0+ only), 1.4 (2023.x version cursor); segments 7, 7.1';

export const segmentVersions: readonly Row[] = [
  {
    name: 'the version that every segment has selects nothing more',
    call: 'GET /v1/backup/filenames?type=EVENT&lastSegmentBackedUp=12&lastVersionBackedUp=0',
    answers: emptyList,
    source,
  },
  {
    name: 'a version below that of every segment selects them all again',
    call: 'GET /v1/backup/filenames?type=EVENT&lastSegmentBackedUp=12&lastVersionBackedUp=-1',
    answers: { ...emptyList, '2023.2': allClosed['2023.2'] },
    source,
  },
  {
    name: 'a version below that of every segment selects them all again in /eventstore',
    call: 'GET /v1/backup/eventstore?type=EVENT&lastClosedSegmentBackedUp=12&lastClosedVersionBackedUp=-1',
    answers: { ...onlyOpen, '2023.2': allClosedAndOpen['2023.2'] },
    source,
  },
  {
    name: 'a version that is no number',
    call: 'GET /v1/backup/filenames?type=EVENT&lastVersionBackedUp=abc',
    answers: { ...allClosed, '2023.2': { ...frameworkError('2023.2', 500, '/v1/backup/filenames'), ...halfPage } },
    source: `${source}; 1.5 (said of the segment, read as said of each number)`,
  },
  {
    name: 'a version of more than 32 bits in /eventstore',
    call: 'GET /v1/backup/eventstore?type=EVENT&lastClosedVersionBackedUp=2147483648',
    answers: {
      ...allClosedAndOpen,
      '2023.2': { ...frameworkError('2023.2', 500, '/v1/backup/eventstore'), ...halfPage },
    },
    source: `${source}; 1.5 (said of the segment, read as said of each number)`,
  },
];
