import type { Evidence } from '../../journal/evidence.ts';
import { neglectOf, storeCareOf } from '../../journal/inference/store-care.ts';
import { judge, type Judgement, type Rule } from '../rule.ts';

/**
 * Snapshots are a store of their own beside the events, with segments and numbers of their own, and they are listed by
 * a request of their own.
 */
export const snapshots: Rule = {
  id: 'coverage/snapshots',
  level: 'must',
  requirement: 'Back up the snapshots of every context, too.',
  source:
    'Reference guide, Backups, event store: the list is made for Event and for Snapshot; docs/event-segment-format.md, section 4',
  why: 'The log has the snapshots since its last cleaning alone; those before are in no other place. Applications that count on them read every aggregate from its first event on.',
  remedy:
    'Make each listing twice, with type=EVENT and with type=SNAPSHOT. A client that is not meant to back up snapshots declares no-snapshots.',
  timelines: {
    good: `02:00:05  GET /v1/backup/eventstore?type=EVENT: its files are copied
02:00:06  GET /v1/backup/eventstore?type=SNAPSHOT: its files are copied, too`,
    bad: `02:00:05  GET /v1/backup/eventstore?type=EVENT: its files are copied
02:00:06  the run exits with 0
02:00:07  20 snapshots of the context are in no backup`,
  },
  consequenceOf: ['coverage/contexts', 'fault/error-is-failure', 'access/*'],
  waivedBy: ['no-snapshots'],
  check,
};

function check(evidence: Evidence): Judgement {
  const cares = storeCareOf(evidence, 'SNAPSHOT');
  const findings = cares.flatMap((care) => {
    const neglect = neglectOf(care);
    const { run } = care.run;
    const expected = `the snapshots of context ${care.context} in the backup after run ${run}`;
    return neglect === null ? [] : [{ run, expected, ...neglect }];
  });
  return judge(cares.length, 'times that a run had to back up the snapshots of a context', findings);
}
