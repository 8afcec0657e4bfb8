import { advance, append, appendSnapshots, everyBackup, hazards, needs, run, type Scenario } from '../parts.ts';

export const closedAndNotCounted: Scenario = {
  id: 'listing/closed-and-not-counted',
  title: 'a segment is listed as closed above the last closed one of the same answer',
  story:
    'The server reads lastClosedSegment before it makes the list, and a segment closes in between: it is listed with its index, and its number is above lastClosedSegment. 4.6 was seen to do that. It must be copied like everything that is listed; the next list, with lastClosedSegment as the cursor, has it once more.',
  needs: [needs.openSegmentsListed],
  cluster: { rate: 0, nodes: 1, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 32 * 1024 },
  oddities: ['closed-and-not-counted'],
  steps: [
    append(50),
    appendSnapshots(10),
    advance('10s'),
    {
      kind: 'run',
      surprises: [
        {
          at: { method: 'GET', path: '/v1/backup/eventstore', query: { type: 'EVENT' }, when: 'arrives' },
          happens: [append(25), { kind: 'roll' }, append(5), advance('10s')],
        },
      ],
    },
    append(30),
    advance('10s'),
    run,
  ],
  hazards: [hazards.closedAndNotCounted],
  rules: [...everyBackup, 'cursor/never-skips', 'cursor/from-closed-segment'],
};
