import type { Moment } from '../scenarios/scenario.ts';

/* Requests that surprises and faults can meet, by what is asked for. */

/** What every server is asked for. */
export const pulled = ['post', 'log', 'events', 'snapshots', 'any'] as const;
/** Of a server that writes backups itself: that it begin one, and how far it is, which is asked again and again. */
export const pushed = ['push', 'state-of-push', 'state-of-push'] as const;
export type AskedFor = (typeof pulled)[number] | (typeof pushed)[number];

/** How requests of a kind are told from others. */
export function matchOf(asked: AskedFor): Pick<Moment, 'method' | 'path' | 'query'> {
  switch (asked) {
    case 'post':
      return { method: 'POST', path: '/v1/backup/createControlDbBackup' };
    case 'log':
      return { method: 'GET', path: '/v1/backup/log/filenames' };
    case 'events':
      return { method: 'GET', path: '/v1/backup/*', query: { type: 'EVENT' } };
    case 'snapshots':
      return { method: 'GET', path: '/v1/backup/*', query: { type: 'SNAPSHOT' } };
    case 'any':
      return { path: '/v1/backup/*' };
    case 'push':
      return { method: 'POST', path: '/v2/backup' };
    case 'state-of-push':
      return { method: 'GET', path: '/v2/backup/*' };
  }
}
