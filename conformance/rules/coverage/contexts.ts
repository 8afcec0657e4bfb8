import type { Evidence } from '../../journal/evidence.ts';
import { neglectOf, storeCareOf } from '../../journal/inference/store-care.ts';
import { judge, type Judgement, type Rule } from '../rule.ts';

/**
 * Each context has an event store of its own, and each listing is about one of them. What nobody asks for, or asks for
 * under a parameter that the server does not know, is missing without any sign of trouble.
 */
export const contexts: Rule = {
  id: 'coverage/contexts',
  level: 'must',
  requirement: 'Back up the events of every context.',
  source:
    'Reference guide, Backups, event store: the list is that of one context, `default` where none is named; docs/backup-endpoints.md, section 9, items 2 and 5',
  why: 'An unknown parameter is ignored and an unknown context is answered with 200 and an empty list: both look like a backup with nothing new.',
  remedy:
    'Ask for each name in AXONSERVER_CONTEXTS: as context to /v1/backup/filenames, as targetContext to /v1/backup/eventstore, with the name URL encoded. Where it was asked for, see whether its files went into a folder of their own: names that are told apart by a letter, or by its case, must not share one. A run that is asked to end leaves contexts out, and has to say so with its exit code.',
  timelines: {
    good: `02:00:05  GET /v1/backup/eventstore?type=EVENT&targetContext=default: its files are copied
02:00:06  GET /v1/backup/eventstore?type=EVENT&targetContext=orders: its files are copied`,
    bad: `02:00:05  GET /v1/backup/eventstore?type=EVENT&context=default: the files of default
02:00:06  GET /v1/backup/eventstore?type=EVENT&context=orders: the files of default once more
02:00:07  the run exits with 0, and no event of orders is in the backup`,
  },
  consequenceOf: ['fault/error-is-failure', 'access/*'],
  check,
};

function check(evidence: Evidence): Judgement {
  const cares = storeCareOf(evidence, 'EVENT');
  const findings = cares.flatMap((care) => {
    const neglect = neglectOf(care);
    const { run } = care.run;
    const expected = `the events of context ${care.context} in the backup after run ${run}`;
    return neglect === null ? [] : [{ run, expected, ...neglect }];
  });
  return judge(cares.length, 'times that a run had to back up the events of a context', findings);
}
