import { expect, test } from 'vitest';
import { describeTimeline } from '../../timeline/description.ts';
import { modelOf } from '../../timeline/model/timeline-model.ts';
import {
  dayMs,
  logEvents,
  minuteMs,
  sample,
  storeEvents,
  timelineJournal,
  timelineLoss,
  timelineRequest,
  timelineRun,
  timelineViolation,
} from '../support/timelines.ts';

test('a picture is told in words, lane by lane', () => {
  const journal = timelineJournal({
    events: [
      ...storeEvents(3, 15 * minuteMs),
      ...logEvents(3, 15 * minuteMs),
      { atMs: dayMs + 50 * minuteMs, kind: 'control-db-backup', node: 'node-1', file: '/data/controldb1.zip' },
    ],
    samples: [sample({ atMs: dayMs + 50 * minuteMs, lastIndex: 34, commitIndex: 34, appliedIndex: 33 })],
    runs: [timelineRun({ startMs: dayMs + 50 * minuteMs, endMs: dayMs + 51 * minuteMs, exitCode: 0 })],
    requests: [
      timelineRequest({ atMs: dayMs + 50 * minuteMs, about: 'control-db-backup' }),
      timelineRequest({ atMs: dayMs + 50.5 * minuteMs, about: 'segments', subject: 'default', type: 'EVENT' }),
      timelineRequest({ atMs: dayMs + 50.6 * minuteMs, status: 0 }),
    ],
    violation: timelineViolation({ atMs: dayMs + 51 * minuteMs, rule: 'log/all-groups', message: 'no log at all' }),
    losses: [
      timelineLoss({
        events: 2,
        firstToken: 31,
        lastToken: 32,
        fromMs: dayMs + 49 * minuteMs,
        toMs: dayMs + 50 * minuteMs,
      }),
    ],
  });
  expect(describeTimeline(modelOf(journal)).split(/(?<=\.) (?=[A-Z])/)).toMatchInlineSnapshot(`
    [
      "Node node-1 from 2024-01-01 00:00:00 to 2024-01-01 01:00:00, virtual time.",
      "Rule log/all-groups was broken in run 1 at 2024-01-01 00:51:00: no log at all.",
      "Lost after a restore: 2 events of default (EVENT), tokens 31 to 32, written from 2024-01-01 00:49:00 to 2024-01-01 00:50:00.",
      "The client: run 1 from 2024-01-01 00:50:00 to 2024-01-01 00:51:00, exit code 0.",
      "It made 3 requests, of which 1 failed.",
      "Control database: 1 backup, at 2024-01-01 00:50:00.",
      "Log of _admin: 1 segment, 0 cleaned.",
      "Log of default: 4 segments, 0 cleaned, at the end from index 1 to 34, applied up to 33.",
      "Events of default: 3 closed segments and the open one, listed 1 time.",
      "Snapshots of default: 0 closed segments and the open one, never listed.",
    ]
  `);
});
