import { growsBetweenRuns } from '../scenarios/growth/grows-between-runs.ts';
import { openSegmentFills } from '../scenarios/growth/open-segment-fills.ts';
import { compactedBetweenRuns } from '../scenarios/log/compacted-between-runs.ts';
import { largeStore } from '../scenarios/order/large-store.ts';
import { nodeBehind } from '../scenarios/order/node-behind.ts';
import { configurationChanges } from '../scenarios/order/configuration-changes.ts';
import { hazards } from '../scenarios/hazards.ts';
import type { Demonstration } from './demonstration.ts';

const correct = 'reference';

/** All of them, the worst first. */
export const demonstrations: readonly Demonstration[] = [
  {
    id: hazards.pastNextCleaning.id,
    title: 'the log is cleaned while the events are copied',
    story:
      'The control database says how far the log is applied, and a restored node goes on from there. The server keeps the log for an hour after the POST; copying the events of a large store takes longer. Who copies the log last finds it cut behind the place where the node wants to go on.',
    scenario: largeStore,
    naive: 'long-event-copy-before-log',
    correct,
    rule: 'order/log-within-30-minutes',
  },
  {
    id: hazards.longCopy.id,
    title: 'events are copied before the control database',
    story:
      'Copying takes hours, and the cluster goes on writing. A control database that is made afterwards counts all of that as applied, so that the restored node never asks the log for it again; the copied events end long before.',
    scenario: largeStore,
    naive: 'events-before-post',
    correct,
    rule: 'order/control-db-first',
  },
  {
    id: hazards.openSegmentCloses.id,
    title: 'the open segment is taken for the cursor',
    story:
      'The cursor says what is safe, and everything up to it is never listed again. The highest number in a listing is that of the open segment, of which the backup has a copy from the middle of its life. It closes, and no later run gets it.',
    scenario: growsBetweenRuns,
    naive: 'cursor-from-open-segment',
    correct,
    rule: 'cursor/from-closed-segment',
  },
  {
    id: hazards.logCleanedBetweenRuns.id,
    title: 'the log is merged with the last copy',
    story:
      'Between two backups the server has deleted the beginning of the log. A copy that is laid over the old one keeps those files, and a restored node finds a log with a hole in it.',
    scenario: compactedBetweenRuns,
    naive: 'log-merged',
    correct,
    rule: 'log/replaced',
  },
  {
    id: hazards.adminChanges.id,
    title: 'the live control database is copied',
    story:
      'The file lies there in plain sight, and copying it does not fail. It is being written, though, and what is copied is half of one state and half of another: no server opens it.',
    scenario: configurationChanges,
    naive: 'live-file-copied',
    correct,
    rule: 'control-db/not-live-file',
  },
  {
    id: hazards.nodeBehind.id,
    title: 'the control database of one node, the log and the events of another',
    story:
      'A load balancer sends each request to another node, and one of them is behind. The control database counts as applied what that node has not got yet, and nothing in the backup has the rest.',
    scenario: nodeBehind,
    naive: 'files-from-another-node',
    correct,
    rule: 'order/same-node',
  },
  {
    id: hazards.nothingNew.id,
    title: 'the open segment is left out',
    story:
      'The manual calls its copy optional. All that was written since the last segment closed is in the open one alone, and the control database counts it as applied: a node that is restored without it never gets it from the log again.',
    scenario: openSegmentFills,
    naive: 'open-segment-left-out',
    correct,
    rule: 'open-segment/included',
  },
];
