import type { RequestRecord } from './evidence.ts';

/* How findings name what they point at. */

/** Parameters that say what a request is about. No other is shown: a token may stand among them. */
const shownParameters: ReadonlySet<string> = new Set([
  'context',
  'targetContext',
  'type',
  'lastSegmentBackedUp',
  'lastClosedSegmentBackedUp',
]);

/** `GET /v1/backup/log/filenames?context=default (request 4)`. */
export function nameRequest({ method, path, query, ordinal }: RequestRecord): string {
  const shown = Object.entries(query).filter(([name]) => shownParameters.has(name));
  const suffix = shown.length === 0 ? '' : `?${shown.map(([name, value]) => `${name}=${String(value)}`).join('&')}`;
  return `${method} ${path}${suffix} (request ${ordinal})`;
}

/** What a request was answered: `status 503`, `nothing, the connection broke off`. */
export function describeAnswer({ status, answer, fault }: RequestRecord): string {
  if (status === 0) return 'nothing: the connection broke off';
  const isSpoilt = status < 300 && (answer.kind === 'failure' || fault !== null);
  return isSpoilt
    ? `status ${status} with a body that is no answer${fault === null ? '' : ` (${fault})`}`
    : `status ${status}`;
}

/** ISO 8601, virtual. */
export function formatTime(atMs: number): string {
  return new Date(atMs).toISOString();
}

/** `31m 05s`, of virtual time. */
export function formatSpan(spanMs: number): string {
  const seconds = Math.round(spanMs / 1000);
  return `${Math.floor(seconds / 60)}m ${String(seconds % 60).padStart(2, '0')}s`;
}

/** `1`, `1 and 2`, `1, 2 and 3`. */
export function formatList(items: ReadonlyArray<string | number>): string {
  const last = items.at(-1) ?? '';
  return items.length < 2 ? String(last) : `${items.slice(0, -1).join(', ')} and ${last}`;
}
