import type { Evidence, RequestRecord, RunRecord } from '../evidence.ts';
import { isControlDbBackup, isControlDbPath } from '../run-requests.ts';

/** A request for a part of the backup that was answered with an error, or not at all. */
export interface ErrorAnswer {
  readonly request: RequestRecord;
  /** Whether the run was given that part all the same. */
  readonly wasMadeGood: boolean;
}

/**
 * The errors that a run met where it asked for what it has to back up. What it asked for beyond that (discovery, health,
 * a context that nobody named) is its own affair, and HEAD brings nothing to take for a list.
 *
 * An error is made good by a later success for the same part, from whatever endpoint or node; and it never did harm where
 * the very same endpoint had given that part before. It did where another endpoint had: a list of closed segments does
 * not stand in for the list with the open one.
 */
export function errorAnswersOf(evidence: Evidence, run: RunRecord): ErrorAnswer[] {
  return run.requests.flatMap((request) => {
    const part = partAskedFor(request);
    if (part === null || !isPartOfBackup(part, evidence) || !isError(request)) return [];
    const keyOfPart = keyOf(part);
    const wasMadeGood = run.requests.some((other) => {
      const otherPart = partAskedFor(other);
      if (otherPart === null || keyOf(otherPart) !== keyOfPart || !isSuccess(other)) return false;
      return other.ordinal > request.ordinal || part.about === 'control-db-backup' || other.path === request.path;
    });
    return [{ request, wasMadeGood }];
  });
}

/** Errors of a run that nothing has made good: what was asked for is not there. */
export function lastingErrorsOf(evidence: Evidence, run: RunRecord): readonly RequestRecord[] {
  return errorAnswersOf(evidence, run).flatMap(({ request, wasMadeGood }) => (wasMadeGood ? [] : [request]));
}

/** Whether an answer refuses the caller: no credentials (401, or 302 to the login page), or not the right ones. */
export function isRefusal({ status }: RequestRecord): boolean {
  return status === 401 || status === 403 || status === 302;
}

type Part =
  | { readonly about: 'control-db-backup' }
  | { readonly about: 'segments'; readonly context: string; readonly type: string }
  | { readonly about: 'log'; readonly group: string };

/** The part of a backup that a request is about, by what was sent: an error does not say. */
function partAskedFor({ method, path, query }: RequestRecord): Part | null {
  if (method === 'HEAD' || method === 'OPTIONS') return null;
  if (isControlDbPath(path)) return { about: 'control-db-backup' };
  const type = textOf(query['type'], '').toUpperCase();
  if (path === '/v1/backup/filenames') return { about: 'segments', context: textOf(query['context'], 'default'), type };
  if (path === '/v1/backup/eventstore') {
    return { about: 'segments', context: textOf(query['targetContext'], 'default'), type };
  }
  if (path === '/v1/backup/log/filenames') return { about: 'log', group: textOf(query['context'], 'default') };
  return null;
}

function isPartOfBackup(part: Part, { contexts, groups }: Evidence): boolean {
  switch (part.about) {
    case 'control-db-backup':
      return true;
    case 'segments':
      return contexts.includes(part.context);
    case 'log':
      return groups.includes(part.group);
  }
}

function keyOf(part: Part): string {
  return JSON.stringify(part);
}

function isError(request: RequestRecord): boolean {
  return (
    request.answer.kind === 'failure' || (request.answer.kind === 'control-db-backup' && !isControlDbBackup(request))
  );
}

function isSuccess(request: RequestRecord): boolean {
  const { kind } = request.answer;
  return kind === 'segments' || kind === 'log' || isControlDbBackup(request);
}

function textOf(value: unknown, standard: string): string {
  return typeof value === 'string' ? value : standard;
}
