import type { Evidence, OrderedEvent } from '../../journal/evidence.ts';
import { isWithinSpan } from '../../journal/order-of-happening.ts';
import { judge, type Finding, type Judgement, type Rule } from '../rule.ts';

/** The server writes wherever it is told. In its own folders a backup lies among the live files, and goes with them. */
export const locationNotLive: Rule = {
  id: 'dcb/location-not-live',
  level: 'must',
  requirement: 'Never name a location in, or around, the folders that the server itself lives in.',
  source:
    'Reference guide of 2025.2 and later, Backups: the target is never the live location; docs/newer-versions.md, section 3',
  why: 'A backup beside the live files is lost with their disk, fills it up meanwhile, and may be taken for a context at the next start. The fake cluster refuses such a location; what a real server does is not public.',
  remedy:
    'Give the server a folder that is not its own: below BACKUP_DIR here, elsewhere a volume for backups that the server has mounted. Mind links that lead back.',
  timelines: {
    good: `02:00:05  POST /v2/backup {"context":"billing","location":"/mnt/backups/run-7"}  → an id`,
    bad: `02:00:05  POST /v2/backup {"context":"billing","location":"/axonserver/events/billing/backup"}  → refused`,
  },
  needsCluster: 'where the server lives, by whatever way a location leads there',
  check,
};

function check({ events, runs }: Evidence): Judgement {
  const asked = events.filter(
    (event): event is Asked => event.kind === 'dcb-backup-started' || event.kind === 'dcb-backup-refused',
  );
  const findings = asked
    .filter(({ isLive }) => isLive)
    .map((event): Finding => ({
      run: runs.find((run) => isWithinSpan(event, run))?.run ?? null,
      atMs: event.atMs,
      subject: `POST /v2/backup for ${event.context} on ${event.node}`,
      expected: 'a location that is none of the folders of the server, by no way',
      actual: `the location is ${event.location}`,
    }));
  return judge(asked.length, 'locations that a server was given', findings);
}

type Asked = OrderedEvent & { readonly kind: 'dcb-backup-started' | 'dcb-backup-refused' };
